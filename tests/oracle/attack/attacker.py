"""What can be read at this moment in; one act of somebody who may register and own applications, and no
more, out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.oracle.attack import moves_of_claims, moves_of_credentials, moves_of_deletion
from tests.oracle.attack.means import Means

if TYPE_CHECKING:
    from entra_emulator.graph.call import Call, CollectionResponse

ACTS: dict[str, Callable[[Means], bool]] = {
    each.__name__: each
    for each in (
        moves_of_claims.plant,
        moves_of_claims.sleeper,
        moves_of_claims.entrust,
        moves_of_claims.squat,
        moves_of_claims.occupy,
        moves_of_claims.hoard,
        moves_of_claims.mimic,
        moves_of_credentials.arm,
        moves_of_credentials.vanish,
        moves_of_credentials.disarm,
        moves_of_deletion.delete,
        moves_of_deletion.desert,
        moves_of_deletion.revive,
        moves_of_deletion.purge,
        moves_of_claims.mark,
        moves_of_claims.retag,
        moves_of_credentials.hold,
        moves_of_credentials.admit,
        moves_of_claims.namesake,
        moves_of_claims.impersonate,
        moves_of_claims.pose,
        moves_of_credentials.vouch,
    )
}


@dataclass(slots=True)
class Attacker(Means):
    """Acts with a chance before and after each request of ours, until his patience is at its end (`left`)."""

    chance: float
    moves: tuple[str, ...]
    counted: Counter[str] = field(default_factory=Counter)
    left: int = 30

    def before(self, call: Call) -> None:
        """Act before a request; more often before one that makes an object."""
        makes = call.method == "POST" and len(call.segments) == 1
        if self.random.random() < (max(self.chance, 0.4) if makes and self.chance else self.chance):
            self.act()

    def after(self, call: Call, response: CollectionResponse) -> None:
        """Act after a request was answered, before the answer arrives."""
        if self.random.random() < self.chance / 2:
            self.act()

    def act(self, move: str | None = None) -> bool:
        """Make one move, or one that is drawn; tell whether anything came of it."""
        if self.left <= 0:
            return False
        name = move or self.random.choice(self.moves)
        done = ACTS[name](self)
        if done:
            self.counted[name] += 1
            self.left -= 1
        return done


MOVES = (
    "plant",
    "plant",
    "plant",
    "squat",
    "squat",
    "mimic",
    "arm",
    "vanish",
    "disarm",
    "delete",
    "desert",
    "desert",
    "desert",
    "desert",
    "revive",
    "hold",
    "hold",
    "admit",
    "namesake",
    "pose",
    "impersonate",
    "vouch",
    "hoard",
    "entrust",
    "sleeper",
    "sleeper",
    "purge",
    "mark",
    "retag",
    "retag",
)
# What claims nothing and takes names only.
HARMLESS = ("occupy", "occupy", "occupy", "hoard", "namesake", "pose", "impersonate")
