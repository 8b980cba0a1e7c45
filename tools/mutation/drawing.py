"""A seed in; the mistakes that are made in the sources of this checkout, out."""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from mutations import Mutation, of
from reaching import Place

ROOT = Path(__file__).parents[2]
AREAS = ("entra_config", "entra_emulator", "api")
LEFT_OUT = ("api/tests", "api/generated", "api/docs")


@dataclass(frozen=True)
class Mistake:
    """One mutation of one file."""

    path: str
    area: str
    mutation: Mutation

    @property
    def name(self) -> str:
        """Return what `equivalent.txt` calls it."""
        return f"{self.path} {self.mutation.key}"

    @property
    def place(self) -> Place:
        """Return its file and line."""
        return self.path, self.mutation.line

    @property
    def where(self) -> str:
        """Return its place and what it is."""
        return f"{self.path}:{self.mutation.line} {self.mutation.key}"


def sample(seed: str, count: int, only: str, function: str) -> list[Mistake]:
    """Draw mistakes, the same ones for a seed and a commit; all that fit where a path or a function is
    named.
    """
    drawn: list[Mistake] = []
    for area in AREAS:
        found = [mistake for path in _files(area) for mistake in _mistakes(path, area)]
        if only or function:
            drawn += [
                each for each in found if each.path.startswith(only) and function in each.mutation.function
            ]
        else:
            random.Random(f"{seed} {area}").shuffle(found)
            drawn += list(islice(filter(_compiles, found), count // len(AREAS)))
    return drawn


def _compiles(mistake: Mistake) -> bool:
    try:
        ast.parse(mistake.mutation.text)
    except SyntaxError:  # `x.y (not z)`: no mistake that anybody could commit
        return False
    return True


def _mistakes(path: str, area: str) -> Iterator[Mistake]:
    yield from (Mistake(path, area, mutation) for mutation in of((ROOT / path).read_text(encoding="utf-8")))


def _files(area: str) -> Iterator[str]:
    for path in sorted((ROOT / area).rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        inner = [each for each in AREAS if each != area and each.startswith(f"{area}/")]
        if not name.startswith((*LEFT_OUT, *(f"{each}/" for each in inner))):
            yield name
