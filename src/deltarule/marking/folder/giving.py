"""Each answer is given to its student, and of several of one student the latest is taken."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from deltarule.class_list import ClassList, Student
from deltarule.marking.folder.choosing import latest
from deltarule.marking.folder.downloads import HandedIn
from deltarule.marking.folder.whose import Roll


class Given(NamedTuple):
    """An answer that is marked.

    Attributes
    ----------
    handed_in : the answer.
    students : whose it is; none without a class list, or where that cannot be told.
    note : what to say of it.
    """

    handed_in: HandedIn
    students: tuple[Student, ...] = ()
    note: str = ""


def one_each(found: Iterable[HandedIn]) -> list[Given]:
    """What is marked without a class list: of those whom a platform names the latest of each, and all others.

    Parameters
    ----------
    found : all that was handed in. Folders that a person named, and that hold no answer, are passed over.
    """
    groups: dict[Hashable, list[HandedIn]] = {}
    for each in found:
        if each.by_platform or not each.error:
            groups.setdefault(each.owners if each.by_platform else (each.path, each.shown), []).append(each)
    taken = (_latest(group) for group in groups.values())
    return sorted((Given(each, (), _said(each, note)) for each, note in taken), key=_shown)


def to_students(found: Sequence[HandedIn], class_list: ClassList) -> list[Given]:
    """What is marked with a class list: the latest of each student, and what is nobody's.

    Parameters
    ----------
    found : all that was handed in.
    class_list : the students.
    """
    roll = Roll(class_list, [owner for each in found for owner in each.owners])
    groups: dict[int, tuple[Student, list[HandedIn]]] = {}
    nobodys: list[Given] = []
    others: dict[int, str] = {}  # what to say of those who handed something in with a student, and are in no list
    for each in found:
        several = [roll.student(owner) for owner in each.owners]
        students = {id(student): student for student, _ in several if student is not None}
        for key, student in students.items():
            groups.setdefault(key, (student, []))[1].append(each)
        reasons = "; ".join(why for _, why in several if why)
        if students:
            others[id(each)] = reasons
        elif each.by_platform or not each.error:
            nobodys.append(Given(each, (), _said(each, reasons)))
    given: dict[int, Given] = {}
    for student, group in groups.values():
        each, note = _latest(group)
        before = given.get(id(each))
        own = (student,) if before is None else (*before.students, student)
        given[id(each)] = Given(each, own, _said(each, "; ".join(filter(None, [note, others.get(id(each), "")]))))
    return [*sorted(given.values(), key=_shown), *sorted(nobodys, key=_shown)]


def _shown(given: Given) -> str:
    return given.handed_in.shown


def _order(each: HandedIn) -> tuple[str, float]:
    return each.attempt, each.time


def _path(each: HandedIn) -> str:
    return f"{each.shown} ({each.attempt.lstrip('0')})" if each.attempt else each.shown


def _said(each: HandedIn, note: str) -> str:
    return "; ".join(filter(None, [each.note if not each.error else "", note]))


def _latest(group: list[HandedIn]) -> tuple[HandedIn, str]:
    """The latest of one student, and what to say of it. One without an answer counts only where there is no other."""
    able = [each for each in group if not each.error] or group
    chosen = latest(able, _order, "answer", _path)
    found, note = chosen
    if found is None:
        return replace(able[0], error=note), ""
    if not note and len(group) > len(able):
        note = "the latest that holds an answer"
    return found, note
