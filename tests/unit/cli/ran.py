"""What a command leaves behind, for the tests of the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Ran:
    """What a command left behind: its exit code, its data, its talk."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]
