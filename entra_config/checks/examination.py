"""What `doctor` says of one thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Examination:
    """What one examination said."""

    state: Literal["good", "note", "bad"]
    what: str
    text: str
