"""Return the cases that a random test tries in this run.

CI and `make test` always try those of `seeds.toml`, so the same code gives the same result. `make soak`
draws new ones (TESTS_SOAK is what it draws with). `make proof` tries a part of all (TESTS_SHARE=1/1 is all).
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

SHARE = os.environ.get("TESTS_SHARE", "")
SOAK = os.environ.get("TESTS_SOAK", "")

FILE: dict[str, Any] = tomllib.loads((Path(__file__).with_name("seeds.toml")).read_text(encoding="utf-8"))


def of(oracle: str) -> list[int]:
    """Return an oracle's seeds: the fixed ones and those that failed once, or as many new ones in a soak."""
    row = FILE["oracles"][oracle]
    if SOAK:
        first = _chance(oracle).getrandbits(31)
        return list(range(first, first + row["number"]))
    return list(dict.fromkeys([*range(row["first"], row["first"] + row["number"]), *_failed(oracle)]))


def chunks(oracle: str, size: int) -> list[list[int]]:
    """Return an oracle's seeds in lists of at most `size`."""
    seeds = of(oracle)
    return [seeds[start : start + size] for start in range(0, len(seeds), size)]


def sample(what: str, pool: Sequence[int], number: int) -> list[int]:
    """Return so many of a pool, in order, and those of it that failed once."""
    if SHARE:
        part, _, parts = SHARE.partition("/")
        return list(pool[int(part) - 1 :: int(parts)])
    return sorted({*_chance(what).sample(pool, number), *(() if SOAK else _failed(what))})


def every(what: str, step: int) -> tuple[int, int]:
    """Return where to begin, from 1 on, and by how much to go on: every `step`-th place, or each."""
    return (1, 1) if SHARE else (_chance(what).randint(1, step), step)


def _failed(what: str) -> list[int]:
    return [row["seed"] for row in FILE["failed"].get(what, ())]


def _chance(what: str) -> Random:
    return Random(f"{SOAK or FILE['draw']} {what}")
