"""Who deleted what would be restored."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from entra_config import reconcile
from entra_config.actual.deletions import SILENT, deleted_by
from entra_config.graph.client import ResponseReceived
from entra_config.kinds.directory import Subject
from entra_config.manifest import loader
from entra_config.plan.model import Plan, Restore
from entra_config.report import text
from entra_emulator.embedded import Embedded
from entra_emulator.fault_plan import FaultPlan
from entra_emulator.faults import Faults
from tests.world import NOW, apply, plan, signed_in

MANIFESTS = Path(__file__).parents[3] / "manifests"


class Ear:
    """Hears which paths were asked."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    def responded(self, event: ResponseReceived) -> None:
        """Note the path of an answered request."""
        self.paths.append(str(event.request.path))

    def noted(self, text: str) -> None:
        """Take no note of how something is read."""

    def waiting(self, reason: str, seconds: float) -> None:
        """Take no note of waits."""


def test_a_log_that_lags_is_no_culprit() -> None:
    """One request asks for all deleted applications; while the log is silent, the plan says that nobody
    knows.
    """

    async def story() -> None:
        faults = Faults(FaultPlan(audit_delay=3600))
        embedded = Embedded.create(seed="deletions", faults=faults)
        manifest = loader.load(MANIFESTS, "dev")
        await apply(embedded, await plan(embedded, manifest))
        await apply(embedded, await plan(embedded, manifest, destroy=True))

        silent = await plan(embedded, manifest)
        faults.set(FaultPlan())
        requested = await plan(embedded, manifest)

        def notes(of: Plan) -> list[str]:
            return [
                note
                for change in of.changes
                if isinstance(change, Restore)
                for note in change.notes
                if "deleted it" in note
            ]

        assert notes(silent) == ["who deleted it is not known: the audit log does not say"] * 5
        assert notes(requested) == []
        assert text.render(requested).count("deleted by application 'Emulator deployer'") == 5
        assert silent.read.requests == requested.read.requests

    asyncio.run(story())


def test_the_log_is_not_asked_where_nothing_is_deleted() -> None:
    """A plan of what stands needs no permission for the audit log."""

    async def story() -> None:
        embedded = Embedded.create(seed="deletions")
        manifest = loader.load(MANIFESTS, "dev")
        await apply(embedded, await plan(embedded, manifest))
        ear = Ear()
        async with await signed_in(embedded) as graph:
            with graph.observed_by(ear):
                await reconcile.plan(manifest, graph, now=NOW)
        assert ear.paths
        assert not any("directoryAudits" in path for path in ear.paths)

    asyncio.run(story())


def test_what_went_at_a_time_that_nobody_told_is_asked_about_by_nobody() -> None:
    """No request is sent; nor for what is not deleted, or is another's."""

    class Silent:
        async def send(self, _: object) -> list[object]:
            raise AssertionError

    subjects = [
        Subject("a", {"id": "1"}, deleted=True),
        Subject("b", {"id": "2", "deletedDateTime": "some day"}, deleted=True),
        Subject("c", {"id": "3", "deletedDateTime": "2026-01-01T00:00:00Z"}),
        Subject("d", None, deleted=True),
    ]
    reader: Any = Silent()
    assert asyncio.run(deleted_by(reader, subjects)) == {"a": SILENT, "b": SILENT}
