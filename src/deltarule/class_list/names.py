"""Spellings under which a person's name is the same: order of words, capitals, accents, hyphens and spaces do not matter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# Letters that Unicode does not take for a letter with an accent, as people write them without it. Source: ICU's "Latin-ASCII".
_PLAIN = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ŋ": "n"}
)
# As Germans and Scandinavians spell these where a keyboard lacks them.
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name without capitals; a hyphen, comma or point separates, an apostrophe does not.

    Examples
    --------
    >>> words_of("García-López, María"), words_of("O'Neill")
    (('garcía', 'lópez', 'maría'), ('oneill',))
    """
    text = re.sub("['\u2019\u02bc\u0060\u00b4]", "", unicodedata.normalize("NFKC", name).casefold())
    return tuple(re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text)))


def spellings(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """The spellings of a name, the strict ones (with accents) and the loose ones (without, or spelled out).

    Two names are the same if they have a spelling in common. A spelling is the words in the order of the alphabet, so that their
    order does not matter; and, for platforms that leave out the spaces, the words in one, from each word on.

    Parameters
    ----------
    name : of a person.

    Examples
    --------
    >>> strict, _ = spellings("Ann Lee")
    >>> sorted(strict)
    ['ann lee', 'annlee', 'leeann']
    >>> loose = spellings("Jörg Müller")[1]
    >>> bool(loose & spellings("MUELLER, Joerg")[1]), bool(loose & spellings("jorgmuller")[1])
    (True, True)
    """
    words = words_of(name)
    loose = (_without_accents(words), _without_accents(word.translate(_SPELLED_OUT) for word in words))
    return _forms(words), frozenset().union(*map(_forms, loose))


def bare(name: str) -> str:
    """The words of a `name` without accents, in their order.

    Examples
    --------
    >>> bare("Łukasz  ŻAK")
    'lukasz zak'
    """
    return " ".join(_without_accents(words_of(name)))


def _without_accents(words: Iterable[str]) -> tuple[str, ...]:
    apart = (unicodedata.normalize("NFD", word.translate(_PLAIN)) for word in words)
    return tuple("".join(letter for letter in word if not unicodedata.combining(letter)) for word in apart)


def _forms(words: tuple[str, ...]) -> frozenset[str]:
    if not words:
        return frozenset()
    rotated = ("".join(words[at:] + words[:at]) for at in range(len(words)))
    return frozenset([" ".join(sorted(words)), *rotated])
