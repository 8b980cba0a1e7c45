"""The whole of an apply around its parts: what is shown, asked, noted, and told once it is done."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from entra_config.checks import lasting
from entra_config.cli import apply as applying
from entra_config.cli import labels, wiring
from entra_config.cli import plan as planning
from entra_config.cli.apply import Approved, Pinning
from entra_config.cli.carrying import Carrying
from entra_config.cli.options import Common
from entra_config.cli.output import Output
from entra_config.pinning.made import Pins
from entra_config.plan.options import Options
from entra_config.report.lines import line
from tests.unit.report.plans import worked_example

NOW = datetime(2026, 11, 25, tzinfo=UTC)
PLAN = replace(worked_example(), tenant=replace(worked_example().tenant, name="contoso"))
COMMON = Common(output=Output(no_color=True))


class Rest:
    """What is left of an approved plan."""

    digest = "d-rest"

    def __init__(self, *, empty: bool) -> None:
        self.empty = empty


class World:
    """An apply whose parts only take note."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, rest: Rest | None, code: int) -> None:
        self.did: list[Any] = []
        self.made: list[Any] = []
        self.how, self.asked, self.again = Carrying(), dict[str, str](), None
        manifest = SimpleNamespace(tenant_id="t")

        @asynccontextmanager
        async def graph(_: Common, tenant_id: str) -> AsyncIterator[Any]:
            assert tenant_id == "t"
            yield SimpleNamespace(identity=SimpleNamespace(app_id="maker"))

        @contextmanager
        def reported(*_: object) -> Iterator[None]:
            self.did.append("reads")
            yield

        async def compare(_: Any, __: Any, options: Options, moment: Any) -> Any:
            self.made.append((moment, options))
            return PLAN

        async def carry_out(
            plan: Any, _: Any, how: Carrying, __: Output, *, question: str, phrase: str, again: Any
        ) -> int:
            assert plan is PLAN
            self.how, self.asked, self.again = how, {question: phrase}, again
            self.did.append("carries out")
            return code

        async def report(*_: object) -> None:
            self.did.append("consents")

        def note(what: str) -> Callable[..., None]:
            return lambda *_, **more: self.did.append((what, more))

        monkeypatch.setattr(wiring, "manifest", lambda _: manifest)
        monkeypatch.setattr(wiring, "graph", graph)
        monkeypatch.setattr(wiring, "reported", reported)
        monkeypatch.setattr(lasting, "with_notices", lambda plan, *, elsewhen: None if elsewhen else plan)
        monkeypatch.setattr(Approved, "at", lambda *_: NOW)
        monkeypatch.setattr(Approved, "saved", lambda _: None)
        monkeypatch.setattr(Approved, "check", lambda *_: rest)
        monkeypatch.setattr(applying, "_rest_lines", lambda _: iter([line("the rest")]))
        monkeypatch.setattr(planning, "compare", compare)
        monkeypatch.setattr(planning, "show", note("shows"))
        monkeypatch.setattr(planning, "show_approved", note("shows in short"))
        monkeypatch.setattr(applying, "carry_out", carry_out)

        async def send(*_: Any, **__: Any) -> None:
            self.did.append("sends labels")

        monkeypatch.setattr(labels, "send", send)
        monkeypatch.setattr(applying, "_report_consents", report)
        monkeypatch.setattr(
            Pins, "begin", lambda notes: self.did.append((notes.maker, notes.lock, notes.file))
        )

    def run(self, how: Carrying, approved: Approved, pinning: Pinning) -> int:
        """Apply."""
        options = Options(targets=("a.b",), purge_deleted=True, strict=True)
        return asyncio.run(applying._apply(COMMON, how, approved, pinning, options))


LOCKED = Pinning(lock=True, file=Path("p"))


def test_what_follows_is_planned_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without targets, and what was made already is known."""
    world = World(monkeypatch, None, 0)
    world.run(Carrying(), Approved(), LOCKED)
    assert world.again is not None
    assert asyncio.run(world.again()) is PLAN
    assert world.made[1] == (NOW, Options(strict=True))
    assert world.did[-1] == "reads"


@pytest.mark.parametrize(
    ("empty", "chosen", "left"), [(True, False, False), (False, False, True), (True, True, True)]
)
def test_of_nothing_no_journal_is_left(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, empty: bool, chosen: bool, left: bool
) -> None:
    """Unless somebody asked for it."""
    path = tmp_path / "saved.json.journal"
    path.touch()
    how = Carrying(journal=path if chosen else None)
    World(monkeypatch, Rest(empty=empty), 0).run(how, Approved(tmp_path / "saved.json"), LOCKED)
    assert path.exists() is left
    path.unlink(missing_ok=True)
    World(monkeypatch, Rest(empty=empty), 0).run(how, Approved(tmp_path / "saved.json"), LOCKED)
