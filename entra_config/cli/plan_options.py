"""What people chose of a plan, as the engine takes it, and as a command line says it again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from entra_config.errors import UsageError

if TYPE_CHECKING:
    from entra_config.graph.client import Graph
    from entra_config.manifest.edits import Edits
    from entra_config.manifest.model import Manifest
    from entra_config.plan.file import MadeWith, Saved
    from entra_config.plan.model import Plan


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """What of a plan is wanted, and what it may do: `allow` lifts limits, `expired` is only what is over by
    its `until`.
    """

    allow: frozenset[str] = frozenset()
    targets: tuple[str, ...] = ()
    purge_deleted: bool = False
    strict: bool = False
    expired: bool = False

    @property
    def made_with(self) -> MadeWith:
        """Return what a plan file keeps of them: `allow` is chosen by whoever applies."""
        from entra_config.plan.file import MadeWith

        return MadeWith(self.targets, self.purge_deleted, self.strict, self.expired)

    def of_file(self, saved: Saved) -> PlanOptions:
        """Return the options of a saved plan with the limits that are lifted here; UsageError if others were
        given.
        """
        kept = saved.made_with
        options = PlanOptions(self.allow, kept.targets, kept.purge_deleted, kept.strict, kept.expired)
        given = replace(self, allow=frozenset()).words()
        if given and self.made_with != kept:
            made = " ".join(replace(options, allow=frozenset()).words()) or "no such options"
            raise UsageError(
                f"{saved.path}: was made with {made}, and {' '.join(given)} is given: leave it out"
            )
        return options

    def words(self) -> tuple[str, ...]:
        """Return them as `plan` and `apply` take them."""
        flags = (
            ("--purge-deleted", self.purge_deleted),
            ("--strict", self.strict),
            ("--expired", self.expired),
        )
        return (
            *(each for word in sorted(self.allow) for each in ("--allow", word)),
            *(each for target in self.targets for each in ("--target", target)),
            *(flag for flag, given in flags if given),
        )

    async def plan(
        self,
        manifest: Manifest,
        graph: Graph,
        now: datetime,
        *,
        edits: Edits | None = None,
        made: frozenset[str] = frozenset(),
        approved: frozenset[str] | None = None,
    ) -> Plan:
        """Read and compare; `approved` are the addresses that an approved plan was to change."""
        from entra_config import reconcile
        from entra_config.graph.clock import check_clock

        plan = await reconcile.plan(
            manifest,
            graph,
            now=now,
            allow=self.allow,
            purge_deleted=self.purge_deleted,
            targets=self.targets,
            approved=approved,
            edits=edits,
            made=made,
            strict=self.strict,
            endings_alone=self.expired,
        )
        if plan.untils:
            check_clock(graph)
        return plan
