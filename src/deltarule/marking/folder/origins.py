"""Whose a file is, by the name that a learning platform gave it.

Sources
-------
Moodle : `mod/assign/classes/downloader.php`: folders `Ann Lee_101_assignsubmission_file_`, 101 being the number of the participant
    in this assignment; or flat files `Ann Lee_101_assignsubmission_file_answer.toml`. Online text lies in `_onlinetext_`.
Canvas : `lib/content_zipper.rb`: `leeann_12345_67890_answer.toml`, the name that sorts without spaces, `_LATE` where it came late,
    the number of the user, that of the file, and its name; `answer-1.toml` where there was an `answer.toml` before.
Blackboard : "Download assignments", Blackboard Help: `Homework 1_alee_attempt_2026-01-02-10-00-00_answer.toml`, with the username
    and the time of the attempt; beside it a receipt without a file's name.
Gradescope : "Exporting submissions", Gradescope Help: folders `submission_123456`; `submission_metadata.yml` says whose each is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deltarule.file_names import normalised

MOODLE_FOLDER = re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_[a-z]+_?")
MOODLE_FILE = re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_[a-z]+_(?P<file>.+)")
CANVAS = re.compile(r"(?P<name>[^\W_]\w*?)(?:_LATE)?_(?P<id>\d+)_(?P<number>\d+)_(?P<file>.+)", re.IGNORECASE)
CANVAS_TEXT = re.compile(r"(?P<name>[^\W_]\w*?)(?:_LATE)?_(?P<id>\d+)_(?P<file>(?:text|link)\.html)", re.IGNORECASE)
BLACKBOARD = re.compile(r"(?P<before>.+)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|\.txt)")
GRADESCOPE = re.compile(r"submission_(?P<id>\d+)")


@dataclass(frozen=True)
class Owner:
    """Whom a file is of, as far as its name says.

    Attributes
    ----------
    names : what may be the name, the likeliest first.
    ids : kinds of ids (see `deltarule.class_list.Student`), and what may be one of these kinds.
    platform : "Moodle" and so on; empty for a file or folder that a person named.
    passing : whether the id is one of this assignment alone, so that the name must agree.
    """

    names: tuple[str, ...]
    ids: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()
    platform: str = ""
    passing: bool = False

    @property
    def label(self) -> str:
        """What to call it in a table."""
        own = next((values[0] for _, values in self.ids if values), "")
        name = self.names[0] if self.names else ""
        return f"{name} ({own})" if name and own and self.platform else name or own


@dataclass(frozen=True)
class Origin:
    """What the path of a file says.

    Attributes
    ----------
    owners : whose it is: several for work that was handed in together.
    file : its own path, without what the platform wrote before it; empty for a receipt.
    attempt : what orders the attempts of one student, such as a time; "" where there is one.
    number : what orders the files of one attempt; 0 where nothing does.
    """

    owners: tuple[Owner, ...]
    file: tuple[str, ...]
    attempt: str = ""
    number: int = 0


def origin_of(parts: Sequence[str], submitters: Mapping[str, tuple[Owner, ...]]) -> Origin | None:
    """What a platform's path says of a file; None for a path that no platform wrote.

    Parameters
    ----------
    parts : the path below the download, piece by piece.
    submitters : of a download of Gradescope: the owners of each folder.

    Examples
    --------
    >>> origin = origin_of(["Ann Lee_101_assignsubmission_file_", "answer.toml"], {})
    >>> origin.owners[0].names, origin.owners[0].ids, origin.file
    (('Ann Lee',), ((('participant',), ('101',)),), ('answer.toml',))
    """
    for place, part in enumerate(parts):
        last, below = place == len(parts) - 1, tuple(parts[place + 1 :])
        if not last and (found := MOODLE_FOLDER.fullmatch(part)):
            return Origin((_moodle(found),), below)
        if not last and GRADESCOPE.fullmatch(part):
            owners = submitters.get(part, (Owner((part,), platform="Gradescope"),))
            return Origin(owners, below, part.removeprefix("submission_").zfill(20))
        if last and (found := MOODLE_FILE.fullmatch(part)):
            return Origin((_moodle(found),), (found["file"],))
        if last and (found := BLACKBOARD.fullmatch(part)):
            return Origin((_blackboard(found),), (found["file"],) if found["file"] else (), found["time"])
        if last and (found := CANVAS.fullmatch(part) or CANVAS_TEXT.fullmatch(part)):
            owner = Owner((found["name"],), ((("canvas",), (found["id"],)),), "Canvas")
            return Origin((owner,), (found["file"],), "", int(found.groupdict().get("number") or 0))
    return None


def _moodle(found: re.Match[str]) -> Owner:
    return Owner((normalised(found["name"]),), ((("participant",), (found["id"],)),), "Moodle", passing=True)


def _blackboard(found: re.Match[str]) -> Owner:
    """The username is the last word before the time; it may have underscores itself."""
    words = found["before"].split("_")
    tails = tuple("_".join(words[-count:]) for count in range(1, len(words) + 1))
    return Owner((), ((("username", "number", "email"), tails),), "Blackboard")


def named_owner(label: str) -> Owner:
    """The owner of a file or folder that a person named: a name, an id or an address, up to any of its points.

    Parameters
    ----------
    label : the name of the file or folder.

    Examples
    --------
    >>> named_owner("Ann Lee.second try.toml").names
    ('Ann Lee.second try', 'Ann Lee')
    """
    words = label.split(".")
    tails = tuple(".".join(words[:count]) for count in range(max(len(words) - 1, 1), 0, -1))
    return Owner(tails, ((("number", "username", "email", "mailbox"), tails),))


def submitters_of(text: str) -> dict[str, tuple[Owner, ...]]:
    r"""The owners of each folder of a download of Gradescope.

    Parameters
    ----------
    text : of its `submission_metadata.yml`. Only the submitters are read: names, numbers and addresses of one line each.

    Examples
    --------
    >>> found = submitters_of("submission_7:\n  :submitters:\n  - :name: Ann Lee\n    :sid: '17'\n  :score: 1.0\n")
    >>> found["submission_7"][0].names, found["submission_7"][0].ids
    (('Ann Lee',), ((('number', 'username'), ('17',)),))
    """
    people: dict[str, list[dict[str, str]]] = {}
    folder, inside = "", False
    for line in text.splitlines():
        indent, words = len(line) - len(line.lstrip()), line.strip()
        if indent == 0 and words.endswith(":") and not words.startswith("-"):
            folder, inside = _scalar(words[:-1]), False
        elif words == ":submitters:":
            inside, depth = True, indent
        elif inside and folder:
            if not words.startswith("-") and indent <= depth:
                inside = False
                continue
            if words.startswith("-"):
                people.setdefault(folder, []).append({})
                words = words[1:].strip()
            key, _, value = words.partition(": ")
            if key in (":name", ":sid", ":email") and people.get(folder):
                people[folder][-1][key] = _scalar(value)
    return {folder: tuple(_submitter(each) for each in several) for folder, several in people.items()}


def _scalar(value: str) -> str:
    """A word of YAML, without its quotation marks."""
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] == "'":
        return value[1:-1].replace("''", "'")
    if len(value) > 1 and value[0] == value[-1] == '"':
        return re.sub(
            r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})", lambda code: chr(int(code[1] or code[2], 16)), value[1:-1]
        )
    return "" if value in ("~", "null") else value


def _submitter(found: Mapping[str, str]) -> Owner:
    ids = ((("number", "username"), found.get(":sid", "")), (("email",), found.get(":email", "")))
    name = found.get(":name", "")
    return Owner((name,) if name else (), tuple((kinds, (value,)) for kinds, value in ids if value), "Gradescope")
