"""Choose the keys of imported applications from their display names, as a person would."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import takewhile

Words = Sequence[str]

SHORT, LONG = 40, 60
MANY = 3  # names that must all share a word before it says nothing about each of them
# Windows gives these names to devices, whatever extension follows (learn.microsoft.com/windows/win32/fileio/
# naming-a-file): each key names a file.
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
_ENVIRONMENTS = (
    {"prod", "production", "prd"},
    {"dev", "development"},
    {"test", "testing", "tst"},
    {"stage", "staging", "stg"},
)


def shorten(names: Iterable[str], environment: str) -> list[str]:
    """Return a key for each display name, all different, in the same order.

    A key has neither the environment at an end of the name nor the words at an end that all names share.
    Names that are not different without these words keep them.
    """
    every = [_words(name) for name in names]
    shared = _count_shared(every), _count_shared([words[::-1] for words in every])
    short = [_without(words, shared, environment) for words in every]
    counted = Counter(_join(words, SHORT) for words in short)
    wishes = [
        _join(brief, SHORT) if counted[_join(brief, SHORT)] == 1 else _join(words, LONG)
        for brief, words in zip(short, every, strict=True)
    ]
    return _number(wishes, ())


def spell_out(names: Iterable[str], taken: Collection[str] = ()) -> list[str]:
    """Return a key with all words of each name; it is different from the others and from those taken."""
    return _number([_join(_words(name), LONG) for name in names], taken)


def _words(name: str) -> Words:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.findall(r"[0-9a-z]+", plain.lower())


def _count_shared(every: Sequence[Words]) -> int:
    """Return how many words all names begin with; a name needs a word of its own after them."""
    if len({*map(tuple, every)}) < MANY:
        return 0
    most = min(len(words) for words in every) - 1
    number = sum(1 for _ in takewhile(lambda found: len({*found}) == 1, zip(*every, strict=False)))
    return max(0, min(most, number))


def _without(words: Words, shared: tuple[int, int], environment: str) -> Words:
    """Return the words that tell an application from others; all if no key could begin with the rest."""
    first, last = shared
    left = words[first : len(words) - last]
    names = next((each for each in _ENVIRONMENTS if environment.lower() in each), {environment.lower()})
    while len(left) > 1 and {left[0], left[-1]} & names:
        left = left[1:] if left[0] in names else left[:-1]
    return left if left and left[0][0].isalpha() else words


def _join(words: Words, longest: int) -> str:
    """Return a key that ends with a complete word, unless its first word is too long."""
    key = "-".join(words)
    if len(key) > longest:
        key = key[: longest + 1].rpartition("-")[0] or key[:longest]
    return key if key[:1].isalpha() and key not in _RESERVED else f"app-{key}".strip("-")


def _number(wishes: Iterable[str], taken: Collection[str]) -> list[str]:
    made: list[str] = []
    used = {*taken}
    for wish in wishes:
        key, number = wish, 2
        while key in used:
            key, number = f"{wish}-{number}", number + 1
        used.add(key)
        made.append(key)
    return made
