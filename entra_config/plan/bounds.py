"""How much one apply may take away, and how much a plan does: what a reviewer sees beside who loses what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Bound:
    """How many people or applications lose something, and how many may; `lost` is None where nobody could
    count.

    By itself it is of all of a plan; with an application's key and a role's value, of that role's people.
    """

    noun: Literal["people", "applications"]
    lost: int | None
    most: int
    application: str = ""
    role: str = ""
