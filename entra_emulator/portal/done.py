"""What a change in the portal wrote, kept so that *Undo* is offered only while it is unchanged."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from entra_emulator.directory import Tenants
from entra_emulator.portal.actor import ChangesAs
from entra_emulator.portal.pieces import ChangedPiece, pieces_between

# Older changes have no Undo any more: each keeps a fork of the directory.
KEPT = 20


@dataclass(frozen=True)
class DoneChange:
    """A change that was made: its sentence, who made it, the change that takes it back, and what it wrote."""

    key: str
    tenant_id: str
    words: str
    actor: ChangesAs
    # The word of the change in the address, and its form; None if nothing takes it back.
    inverse: tuple[str, Mapping[str, str]] | None
    written: list[ChangedPiece] = field(repr=False)
    after: Tenants = field(repr=False)

    def find_later_change(self, now: Tenants) -> ChangedPiece | None:
        """Return the first thing that this change wrote and that is different now."""
        later = pieces_between(self.after, now, self.tenant_id)
        return next((piece for piece in later if any(_overlap(piece, one) for one in self.written)), None)


def _overlap(one: ChangedPiece, other: ChangedPiece) -> bool:
    """Return True for the same object or link, unless the two are different parts of it."""
    parts = ((one.path, one.element), (other.path, other.element))
    return one.id == other.id and (parts[0] == parts[1] or ("", "") in parts)
