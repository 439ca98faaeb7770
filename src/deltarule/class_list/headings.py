"""Headings of class lists, as learning platforms and spreadsheets write them in some languages.

Sources: the exports of Moodle ("First name", "Last name" or "Surname", "ID number", "Email address"; the grading worksheet of
`mod/assign/feedback/offline`: "Identifier", "Full name", "Status", "Grade", "Maximum Grade", "Last modified (grade)", "Feedback
comments"), of Canvas (`lib/gradebook_exporter.rb`: "Student" or "LastName" and "FirstName", "ID", "SIS User ID", "SIS Login ID",
"Section") and of Blackboard ("Last Name", "First Name", "Username", "Student ID"). Options give headings of other languages.
"""

from __future__ import annotations

import unicodedata

# All headings without capitals, and without what is no letter and no digit: "Apellido(s)" is "apellidos".
FULL = (
    *(
        "name",
        "student",
        "studentname",
        "fullname",
        "names",
        "students",
        "displayname",
        "vollständigername",
        "nomcomplet",
    ),
    *("nombrecompleto", "nomecompleto", "naam", "volledigenaam"),
)
FIRST = (
    *("firstname", "firstnames", "givenname", "givennames", "forename", "forenames", "vorname", "vornamen", "rufname"),
    *("prénom", "prénoms", "prenom", "voornaam", "imię", "förnamn", "fornavn", "etunimi"),
)
LAST = (
    *(
        "lastname",
        "lastnames",
        "surname",
        "surnames",
        "familyname",
        "nachname",
        "familienname",
        "zuname",
        "nomdefamille",
    ),
    *(
        "apellido",
        "apellidos",
        "primerapellido",
        "cognome",
        "apelido",
        "sobrenome",
        "achternaam",
        "nazwisko",
        "efternamn",
    ),
    *("efternavn", "etternavn", "sukunimi"),
)
# Words that mean a first name beside a surname, or a surname beside a first name, and a whole name elsewhere.
EITHER = ("name", "nom", "nombre", "nome", "naam")
USERNAME = (
    *(
        "username",
        "user",
        "login",
        "loginid",
        "loginname",
        "sisloginid",
        "netid",
        "account",
        "benutzername",
        "anmeldename",
    ),
    *("nomdutilisateur", "nombredeusuario", "nomeutente", "gebruikersnaam"),
)
NUMBER = (
    *("id", "idnumber", "studentid", "studentnumber", "studentno", "sid", "sisuserid", "sisid", "orgdefinedid"),
    *("matriculationnumber", "registrationnumber", "matrikelnummer", "matrikelnr", "matrnr", "numérodidentification"),
    *("númerodeid", "matricola", "studentnummer", "idnummer", "integrationid"),
)
# Of a grading worksheet of Moodle.
GRADE, MAXIMUM, FEEDBACK = ("grade",), ("maximumgrade", "maxgrade"), ("feedbackcomments",)


def plain(heading: str) -> str:
    """A heading without capitals, and without what is no letter and no digit.

    Examples
    --------
    >>> plain(" Apellido(s)"), plain("E-Mail")
    ('apellidos', 'email')
    """
    return "".join(letter for letter in unicodedata.normalize("NFC", heading.casefold()) if letter.isalnum())
