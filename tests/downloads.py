"""Downloads and lists as learning platforms write them: written here from their descriptions, by no code that reads them.

People are (given name, surname, number); what else tells them apart is made of the number.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile

WHEN = (2026, 3, 2, 10, 0, 0)


def zipped(path, files, when=WHEN):
    """A zip file of texts or bytes by their paths."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(zipfile.ZipInfo(name, when), content, zipfile.ZIP_DEFLATED)
    return path


def full(person):
    return f"{person[0]} {person[1]}"


def moodle(person, file="answer.toml"):
    """A folder for each participant; the numbers of participants are those of one assignment."""
    return f"{full(person).replace('_', ' ')}_{9000 + person[2]}_assignsubmission_file_/{file}"


def moodle_flat(person, file="answer.toml"):
    return moodle(person, file).replace("/", "")


def canvas(person, file="answer.toml", late=False, number=0):
    """The name that sorts, of word characters alone; the number of the user; that of the file."""
    name = re.sub(r"\W", "", f"{person[1]}{person[0]}".lower())
    return f"{name}{'_LATE' if late else ''}_{5000 + person[2]}_{number or 70000 + person[2]}_{file}"


def blackboard(person, file="answer.toml", when="2026-03-02-10-00-00"):
    return f"Homework 1_user{person[2]}_attempt_{when}_{file}"


def gradescope(people, file="answer.toml"):
    """The folders, and the file that says whose each is."""
    return f"assignment_77_export/submission_{people[0][2] + 40}/{file}"


def gradescope_metadata(groups):
    lines = []
    for people in groups:
        lines += [f"submission_{people[0][2] + 40}:", "  :submitters:"]
        for person in people:
            name = full(person).replace("'", "''")
            lines += [f"  - :name: '{name}'", f"    :sid: '{person[2]}'", f"    :email: s{person[2]}@uni.edu"]
        lines += [
            "  :created_at: 2026-03-02 10:00:00 +0000",
            "  :score: 0.0",
            "  :history:",
            "  - :id: 3",
            "    :score: 1.0",
        ]
    return "\n".join(lines) + "\n"


def table(rows, delimiter=",", encoding="utf-8"):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(encoding)


WORKSHEET = [
    "Identifier",
    "Full name",
    "Email address",
    "Status",
    "Grade",
    "Maximum Grade",
    "Last modified (grade)",
    "Feedback comments",
]
# The same in other languages, with the word for a participant before.
WORKSHEETS = {
    "German": "Teilnehmer/in|ID|Vollständiger Name|E-Mail|Status|Bewertung|Bestwertung|Geändert|Kommentar",
    "French": "Participant|Identifiant|Nom complet|Courriel|Statut|Note|Note maximale|Dernière modification (note)|Feedback",
    "Spanish": "Participante|Identificador|Nombre completo|Correo|Estado|Calificación|Calificación máxima|Modificada|Comentarios",
    "Greek": "Συμμετέχων|Αναγνωριστικό|Ονοματεπώνυμο|Email|Κατάσταση|Βαθμός|Μέγιστος|Τροποποίηση|Σχόλια",
}


def moodle_worksheet(
    people, maximum="100.00", heads=WORKSHEET, word="Participant", grade="", status="Submitted for grading"
):
    rows = [[f"{word} {9000 + p[2]}", full(p), f"s{p[2]}@uni.edu", status, grade, maximum, "-", ""] for p in people]
    return table([heads, *rows], encoding="utf-8-sig")


def moodle_participants(people):
    head = ["First name", "Last name", "ID number", "Email address", "Groups"]
    return table([head, *([p[0], p[1], str(p[2]), f"s{p[2]}@uni.edu", "A"] for p in people)])


def canvas_gradebook(people, assignments=("Homework 1 (321)",), points="20.00"):
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *assignments, "Final Score"]
    rows = [
        ["    Points Possible", "", "", "", "", *[points] * len(assignments), "(read only)"],
        *(
            [f"{p[1]}, {p[0]}", 5000 + p[2], p[2], f"user{p[2]}", "Monday", *["7.00"] * len(assignments), "7"]
            for p in people
        ),
    ]
    return table([head, ["", "", "", "", "", *["Manual Posting"] * len(assignments), ""], *rows])


def blackboard_list(people):
    head = ["Last Name", "First Name", "Username", "Student ID", "Last Access", "Availability"]
    return table([head, *([p[1], p[0], f"user{p[2]}", p[2], "2026-03-01", "Yes"] for p in people)], "\t", "utf-16")
