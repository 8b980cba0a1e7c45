"""Sentences in which people are values: a text with everybody's name, and the same text without the names
of people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

SHOWN = 8  # characters of an object id: enough to tell two people apart


@dataclass(frozen=True, slots=True)
class Person:
    """A user, by the name that the tenant gives; `id` is empty where nobody has that name."""

    name: str
    id: str = ""

    def __str__(self) -> str:
        return self.name

    @property
    def unnamed(self) -> str:
        """Return what stands for a person where names are kept out."""
        return pseudonym(self.id)


class Phrase(str):
    """A string that knows which of its parts are people: reports that others may read leave their names
    out, and nothing else.
    """

    __slots__ = ("_unnamed",)
    # None where it names nobody: a large plan has ten thousands of them.
    _unnamed: str | None

    @classmethod
    def of(cls, *parts: str | Person) -> Self:
        """Make a phrase of texts, phrases and people."""
        return cls.worded("".join(map(str, parts)), "".join(map(without_names, parts)))

    @classmethod
    def worded(cls, text: str, unnamed: str) -> Self:
        """Make a phrase of a text, and of what it is without the names of people."""
        phrase = cls(text)
        phrase._unnamed = None if unnamed == text else unnamed
        return phrase

    @classmethod
    def filled(cls, template: str, values: Mapping[str, Any]) -> Self:
        """Make a phrase of a template and its values, of which some are phrases and people."""
        unnamed = {name: without_names(value) for name, value in values.items()}
        return cls.worded(template.format_map(values), template.format_map(unnamed))

    @property
    def unnamed(self) -> str:
        """Return the text without the names of people."""
        return str(self) if self._unnamed is None else self._unnamed

    @classmethod
    def joined(cls, separator: str, parts: Iterable[str | Person]) -> Self:
        """Make a phrase of parts with a text between them."""
        between: list[str | Person] = []
        for part in parts:
            between += [separator, part] if between else [part]
        return cls.of(*between)


def pseudonym(id_: str) -> str:
    """Return what a user is called where names are kept out: two users never the same."""
    return f"a user ({id_[:SHOWN]}…)" if id_ else "a user"


def quote_name(name: object) -> str:
    """Return a name in quotes, as it is: what cannot be seen of it is spelled out where it is printed, and
    there alone.
    """
    return f"'{name}'"


def without_names(part: str | Person) -> str:
    """Return a text without the names of the people in it; a plain string has none."""
    return part.unnamed if isinstance(part, Phrase | Person) else part
