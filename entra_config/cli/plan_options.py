"""What people chose of a plan, as the engine takes it, and as a command line says it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from entra_config.graph.client import Graph
    from entra_config.manifest.edits import Edits
    from entra_config.manifest.model import Manifest
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
    ) -> Plan:
        """Read and compare."""
        from entra_config import reconcile
        from entra_config.graph.clock import check_clock

        plan = await reconcile.plan(
            manifest,
            graph,
            now=now,
            allow=self.allow,
            purge_deleted=self.purge_deleted,
            targets=self.targets,
            edits=edits,
            made=made,
            strict=self.strict,
            endings_alone=self.expired,
        )
        if plan.untils:
            check_clock(graph)
        return plan
