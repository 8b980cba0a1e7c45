"""What somebody who may register and own applications has to act with: what can be read, and his requests."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.oracle.attack.hands import Hands
    from tests.oracle.attack.knowledge import Knowledge


@dataclass(slots=True)
class Means:
    """What the attacker knows, his hands, and what he draws from."""

    known: Knowledge
    hands: Hands
    random: Random
