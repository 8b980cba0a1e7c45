"""Seeds that a suite could try in; this commit's own share of them, or the part that TESTS_SHARE names, out.

Each commit tries others, and again the same ones; `make proof` tries all (TESTS_SHARE=1/1).
"""

from __future__ import annotations

import os
from random import Random

from tests.oracle.commit import commit

PART = os.environ.get("TESTS_SHARE", "")


def drawn(what: str, seeds: range, number: int) -> list[int]:
    """Return so many of the seeds, drawn by the commit."""
    if PART:
        part, _, parts = PART.partition("/")
        return list(seeds[int(part) - 1 :: int(parts)])
    return sorted(Random(f"{commit()} {what}").sample(seeds, number))


def every(what: str, step: int) -> tuple[int, int]:
    """Return where to begin, from 1 on, and by how much to go on: each place, or every `step`-th of this
    commit's own.
    """
    return (1, 1) if PART else (Random(f"{commit()} {what}").randint(1, step), step)
