"""Which student of a class list handed something in: by an id first, then by the name; what may be of two is of none."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable

from deltarule.class_list import ClassList, Student
from deltarule.class_list.names import bare, spellings, words_of
from deltarule.marking.folder.origins import Owner

# How alike a name is at least that is named as the nearest: as "Ann Leigh" and "Ann Lee" are, and "Ann Lee" and "Bo Lee" are not.
LIKENESS = 0.75


class Roll:
    """The students of a class list, by what tells them from each other.

    Parameters
    ----------
    class_list : the list.
    owners : all that handed something in. Where none of their ids of a kind is in the list, these are other ids, and tell nothing.
    """

    def __init__(self, class_list: ClassList, owners: Iterable[Owner] = ()) -> None:
        self.students = class_list.students
        self.by_id: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.strict: dict[str, list[int]] = defaultdict(list)
        self.loose: dict[str, list[int]] = defaultdict(list)
        for place, (student, label) in enumerate(zip(self.students, class_list.labels, strict=True)):
            for kind, values in student.ids.items():
                for value in values:
                    self.by_id[kind, value.casefold()].append(place)
                    if kind == "email":
                        self.by_id["mailbox", value.casefold().partition("@")[0]].append(place)
            strict, loose = spellings(student.name)
            strict |= spellings(label)[0]  # as the file of one of several of a name is called: Ann-Lee-17.toml
            for spelling in strict:
                self.strict[spelling].append(place)
            for spelling in loose:
                self.loose[spelling].append(place)
        self.telling = {
            kind
            for owner in owners
            for kinds, values in owner.ids
            for kind in kinds
            if owner.passing or any((kind, value.casefold()) in self.by_id for value in values)
        }

    def student(self, owner: Owner) -> tuple[Student | None, str]:
        """The student, and why there is none; one of the two.

        Parameters
        ----------
        owner : what is known of who handed it in.
        """
        by_id, by_name = self._by_ids(owner), self._by_names(owner)
        if len(by_id) > 1 and len(by_id & by_name) == 1:
            by_id &= by_name
        if len(by_id) > 1 or (not by_id and len(by_name) > 1):
            return None, f"{owner.label} may be {self._listed(by_id or by_name)}"
        if by_id:
            (place,) = by_id
            if place in by_name or (not by_name and not self._must_agree(owner, place)):
                return self.students[place], ""
            return None, f"the id of {owner.label} is that of {self.students[place].name}, and the name is not"
        if len(by_name) == 1:
            (place,) = by_name
            if self._has_other_id(owner, place):
                return None, f"the name of {owner.label} is that of {self.students[place].label}, and the id is not"
            return self.students[place], ""
        return None, f"nobody in the class list is {owner.label}{self._nearest(owner)}"

    def has(self, label: str) -> bool:
        """Whether a label is a student's name or id.

        Parameters
        ----------
        label : such as the name of a folder.
        """
        return bool(self.strict.keys() & spellings(label)[0]) or any(
            value == label.casefold() for _, value in self.by_id
        )

    def _by_ids(self, owner: Owner) -> set[int]:
        found = set[int]()
        for kinds, values in owner.ids:
            # Of several values the first that is anybody's counts: the shortest username, the longest name of a file.
            for value in values:
                several = {place for kind in kinds for place in self.by_id.get((kind, value.casefold()), ())}
                if several:
                    found |= several
                    break
        return found

    def _by_names(self, owner: Owner) -> set[int]:
        for name in owner.names:
            strict, loose = spellings(name)
            for known, forms in ((self.strict, strict), (self.loose, loose)):
                found = {place for form in forms for place in known.get(form, ())}
                if found:
                    return found
        return set()

    def _must_agree(self, owner: Owner, place: int) -> bool:
        """Whether an id counts only beside a name that agrees: a participant's number means another one in the next assignment."""
        if not owner.passing:
            return False
        # Where work is marked blindly, the name is "Participant", and the list has "Participant 101".
        numbers = {value for _, values in owner.ids for value in values}
        return not any({*words_of(name)} | numbers == {*words_of(self.students[place].name)} for name in owner.names)

    def _has_other_id(self, owner: Owner, place: int) -> bool:
        """Whether the student of this name has an id of the kind that the owner has, and it is another."""
        if not owner.platform:
            return False
        own = {kind: values for kind, values in self.students[place].ids.items() if kind in self.telling}
        return any(kind in own and {*own[kind]}.isdisjoint(values) for kinds, values in owner.ids for kind in kinds)

    def _listed(self, places: Iterable[int]) -> str:
        return " or ".join(self.students[place].label for place in sorted(places))

    def _nearest(self, owner: Owner) -> str:
        """The student with the nearest name, whom a person may recognise: with words more or fewer, or others that are alike."""
        known = {bare(student.name): student.name for student in self.students}
        for name in map(bare, owner.names):
            words = {*name.split()}
            close = [
                each for each in known if len(words) > 1 and (words <= {*each.split()} or {*each.split()} <= words)
            ]
            close = close or difflib.get_close_matches(name, known, n=1, cutoff=LIKENESS)
            if close:
                return f"; the nearest name is {known[close[0]]}"
        return ""
