"""What people chose of a plan, as the engine takes it, and as a command line says it again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from entra_config.manifest.edits import Edits


@dataclass(frozen=True, slots=True)
class Options:
    """What of a plan is wanted, and what it may do.

    `allow` lifts limits; `strict`: what the tenant will refuse is refused; `expired`: what is over by its
    `until` is taken away, and nothing else is done; `destroy`: all of the manifest goes. `approved` are the
    addresses that an approved plan was to change: only these are left. `made` are ids of objects that this
    very run made. `edits` are what a change does to guards and pins: the plan tells them.

    `revert` is set for a plan that puts findings of drift right: the targets are their addresses, without
    what belongs to these, nothing that `disable` stopped is enabled, and what is over is left. It names the
    commit whose manifest the plan is made from; empty for the files as they are. `saved`: the targets are
    those of a saved plan, so one that no longer exists is not a mistake.

    `trusting`: nothing will be granted by the comparison; `overlooking`: what is over and there still is left
    as it is.
    """

    allow: frozenset[str] = frozenset()
    targets: tuple[str, ...] = ()
    purge_deleted: bool = False
    strict: bool = False
    expired: bool = False
    destroy: bool = False
    approved: frozenset[str] | None = None
    made: frozenset[str] = frozenset()
    edits: Edits | None = None
    revert: str | None = None
    saved: bool = False
    trusting: bool = False
    overlooking: bool = False

    @property
    def target_option(self) -> str:
        """Return the option that names a target."""
        return "--target" if self.revert is None else "--revert"

    def words(self) -> tuple[str, ...]:
        """Return them as `plan` and `apply` take them; of a revert as `drift` does."""
        flags = (
            ("--purge-deleted", self.purge_deleted),
            ("--strict", self.strict),
            ("--expired", self.expired),
        )
        return (
            *(each for word in sorted(self.allow) for each in ("--allow", word)),
            *(each for target in self.targets for each in (self.target_option, target)),
            *(flag for flag, given in flags if given),
        )


NO_OPTIONS = Options()
