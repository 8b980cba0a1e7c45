"""Between plan and apply somebody interferes: refused with the field named; undisturbed, exactly the shown
requests are sent.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from entra_config.apply import saved as saving
from entra_config.apply.events import Outcome
from entra_config.errors import StalePlanError
from entra_config.graph.client import ResponseReceived
from entra_config.graph.request import Request
from entra_config.manifest.model import Manifest
from entra_config.plan import file
from entra_config.plan.model import Plan
from entra_config.resource import Ref, resolve
from tests.convergence.before_and_after import AFTER, BEFORE
from tests.convergence.interferences import KINDS
from tests.convergence.tenant import Tenant, load

GUARDED = [kind for kind, (_, _, field) in KINDS.items() if field]


class Meeting:
    """A tenant that holds BEFORE, and a plan of AFTER."""

    def __init__(self, folder: Path) -> None:
        self.goal: Manifest = load(folder / "b", AFTER)
        self.tenant = Tenant()
        assert asyncio.run(self.tenant.converge(load(folder / "a", BEFORE))).complete

    async def plan(self) -> Plan:
        """Plan."""
        async with await self.tenant.connect() as graph:
            return await self.tenant.plan(graph, self.goal)

    async def apply(self, plan: Plan, ear: Any = None) -> Outcome:
        """Carry a plan out, stale as it may be."""
        async with await self.tenant.connect() as graph:
            if ear is None:
                return await self.tenant.carry_out(graph, plan)
            with graph.observed_by(ear):
                return await self.tenant.carry_out(graph, plan, wait=False)

    async def meddle(self, request: Request) -> None:
        """Do what somebody else does."""
        async with await self.tenant.connect() as graph:
            (response,) = await graph.send([request])
            assert response.ok, response


@pytest.fixture
def meeting(tmp_path: Path) -> Meeting:
    """Prepare."""
    return Meeting(tmp_path)


@pytest.mark.parametrize("kind", KINDS)
def test_a_saved_plan_is_refused_when_somebody_interfered(
    kind: str, meeting: Meeting, tmp_path: Path
) -> None:
    """What moved between plan and apply is named, by object and field."""
    meddling, words, _ = KINDS[kind]
    saved = tmp_path / "plan.json"
    saving.write(saved, asyncio.run(meeting.plan()))
    asyncio.run(meeting.meddle(meddling(meeting.tenant)))
    with pytest.raises(StalePlanError) as caught:
        file.compare(saving.read(saved), asyncio.run(meeting.plan()))
    assert words in str(caught.value)


@pytest.mark.parametrize("kind", GUARDED)
def test_a_write_is_refused_when_what_it_replaces_moved(kind: str, meeting: Meeting) -> None:
    """The same between the plan's reading and the write, inside one apply: the guard names the field, the
    other's value stays.
    """
    meddling, _, field = KINDS[kind]
    plan = asyncio.run(meeting.plan())
    asyncio.run(meeting.meddle(meddling(meeting.tenant)))
    outcome = asyncio.run(meeting.apply(plan))
    assert any(error.code == "Moved" and field in str(error) for _, error in outcome.failed)
    assert meeting.tenant.doubles() == []


def test_undisturbed_apply_sends_what_the_plan_showed_request_by_request(meeting: Meeting) -> None:
    """Every write is one that the plan lists, each once: method, path and body."""
    plan = asyncio.run(meeting.plan())
    sent: list[str] = []

    class Ear:
        def responded(self, event: ResponseReceived) -> None:
            if event.request.method != "GET" and event.response.ok:
                sent.append(written(event.request, {}))

        def noted(self, text: str) -> None: ...

        def waiting(self, reason: str, seconds: float) -> None:
            pass

    outcome = asyncio.run(meeting.apply(plan, Ear()))
    assert outcome.complete

    # Graph refuses to edit what is enabled, so the way around is taken, which the plan lists too; no name is
    # taken here.
    refused = [step for step in plan.steps if step.fallback and step.request.method == "PATCH"]
    shown = [written(step.request, outcome.known) for step in plan.steps if step not in refused]
    detours = [written(request, outcome.known) for step in refused for request in step.fallback]
    assert detours
    assert any('"appRoles"' in line for line in shown)
    assert sorted(sent) == sorted(shown + detours)


def written(request: Request, known: Mapping[Ref, str]) -> str:
    """Spell a request out with the ids that came to be known."""
    body = resolve(request.body, known)
    return f"{request.method} {resolve(request.path, known)} {json.dumps(body, sort_keys=True)}"
