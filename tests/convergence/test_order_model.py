"""Random exchanges, their steps in any order that they allow, against a model of Graph's rules: no
refusal, no wrong token.
"""

from __future__ import annotations

import asyncio
import copy
from pathlib import Path
from random import Random
from typing import Any

import pytest

from entra_config.graph.request import Request
from entra_config.plan.model import Plan
from entra_config.plan.steps import Step
from entra_config.resource import Ref, resolve
from tests import seeds
from tests.convergence.before_and_after import scope
from tests.convergence.exchanges import EXCHANGES, valued
from tests.convergence.rules import EnabledError, Model, Token
from tests.convergence.tenant import Tenant, load

IDS = [f"7c3ab2b0-0000-4000-8000-0000000000{number:02}" for number in range(10)]
ORDERS = 6


def exchange(random: Random) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return two manifests; in the second, what has another value under its id than in the first says that
    this breaks.
    """
    before, after = manifest(random), manifest(random)
    for key, application in after["applications"].items():
        for path in ("appRoles", "scopes"):
            was = before["applications"].get(key, {}).get(path, {}).values()
            live = {entry["id"]: entry["value"] for entry in was if "id" in entry}
            for entry in application.get(path, {}).values():
                if live.get(entry.get("id"), entry["value"]) != entry["value"]:
                    entry["breaking"] = True
    return before, after


def manifest(random: Random) -> dict[str, Any]:
    """Return a manifest of three APIs and two clients, whose few ids, values and URIs are bound to change
    hands.
    """
    paths = random.sample("abcdef", 4)
    applications: dict[str, Any] = {}
    holders: dict[str, Any] = {}
    for key in ("one", "two", "three"):
        applications[key] = {
            "type": "api",
            "displayName": key,
            "identifierUris": [f"https://contoso.com/{path}" for path in paths if random.random() < 0.35],
        }
        paths = [
            path for path in paths if f"https://contoso.com/{path}" not in applications[key]["identifierUris"]
        ]
    if random.random() < 0.3:
        del applications["three"]
    for key in [key for key in applications if key != "three"]:
        found = _roles(random)
        scopes = _scopes(random)
        applications[key] |= {"appRoles": found, "scopes": scopes}
        applications[key]["authorizedClients"] = {"spa": labels} if (labels := _some(random, scopes)) else {}
        holders[key] = {label: _holders(random) for label, role in found.items() if _open(role, "User")}
    applications["nightly"] = {"type": "daemon", "displayName": "nightly", "apiPermissions": {}}
    applications["spa"] = {"type": "spa", "displayName": "spa", "apiPermissions": {}}
    for key in holders:
        open_ = [label for label, role in applications[key]["appRoles"].items() if _open(role, "Application")]
        wanted = {"application": _some(random, open_), "adminConsent": True}
        applications["nightly"]["apiPermissions"][key] = wanted
        applications["spa"]["apiPermissions"][key] = {
            "delegated": _some(random, applications[key]["scopes"]),
            "adminConsent": True,
        }
    gone = {} if "three" in applications else {"removed": {"applications": {"three": {"destroy": True}}}}
    return {"applications": applications, "appRoleAssignments": holders, **gone}


def _roles(random: Random) -> dict[str, Any]:
    values, ids = random.sample("vwxyz", 5), random.sample(IDS[:5], 5)
    found = {}
    for label in random.sample("ABCDE", random.randint(2, 4)):
        members = random.choice([("User",), ("Application",), ("User", "Application")])
        value, fixed = values.pop(), ids.pop() if random.random() < 0.7 else ""
        role = valued(value, fixed, *members, isEnabled=random.random() < 0.85)
        # Only an id tells which live role a label is whose value changes.
        found[label if fixed else f"by-{value}"] = role | {"description": random.choice(["one", "two"])}
    return found


def _scopes(random: Random) -> dict[str, Any]:
    values, ids = random.sample("stu", 3), random.sample(IDS[5:8], 3)
    found = {}
    for label in random.sample("KLM", random.randint(1, 2)):
        value, fixed = values.pop(), ids.pop() if random.random() < 0.7 else ""
        found[label if fixed else f"by-{value}"] = {
            **scope(label),
            "value": value,
            **({"id": fixed} if fixed else {}),
        }
    return found


def _open(role: dict[str, Any], member: str) -> bool:
    return bool(role["isEnabled"] and member in role["allowedMemberTypes"])


def _holders(random: Random) -> dict[str, Any]:
    return {"groups": _some(random, ["Audit", "On call"]), "users": _some(random, ["alice@contoso.com"])}


def _some(random: Random, found: Any) -> list[str]:
    return [each for each in found if random.random() < 0.5]


async def planned(before: Any, after: Any, folder: Path) -> tuple[Plan, Model]:
    """Apply one manifest, plan the other, and return the plan with the tenant that it starts from."""
    tenant = Tenant()
    outcome = await tenant.converge(load(folder / "before", before))
    assert outcome.complete, outcome.failed
    async with await tenant.connect() as graph:
        plan = await tenant.plan(graph, load(folder / "after", after))
    assert not plan.blocked, plan.refusals
    return plan, Model(tenant.tables)


class Replay:
    """One way through the steps: each once all that it comes after is done, none after one that failed."""

    def __init__(self, plan: Plan, start: Model, random: Random | None = None, failing: str = "") -> None:
        self.model, self.plan, self.failing = copy.deepcopy(start), plan, failing
        self.random = random
        self.known: dict[Ref, str] = {}
        self.seen: list[set[Token]] = [self.model.tokens()]

    def run(self) -> Model:
        """Carry all steps out that can be."""
        before: dict[str, set[str]] = {}
        last: dict[str, str] = {}
        for step in self.plan.steps:
            before[step.id] = set(step.needs) | ({last[step.chain]} if step.chain in last else set())
            if step.chain:
                last[step.chain] = step.id
        left, good, bad = {step.id: step for step in self.plan.steps}, set[str](), set[str]()
        while left:
            ready = [id_ for id_ in left if before[id_] <= good | bad]
            id_ = self.random.choice(ready) if self.random else ready[0]
            step = left.pop(id_)
            if step.needs & bad or id_ == self.failing:
                bad.add(id_)
                continue
            self._carry_out(step)
            good.add(id_)
        return self.model

    def _carry_out(self, step: Step) -> None:
        try:
            body = self._send(step.request, step)
        except EnabledError:
            assert step.fallback, step.id
            for request in step.fallback:
                body = self._send(request, step)
        self.known |= {ref: body[name] for ref, name in step.produces.items() if isinstance(ref, Ref)}

    def _send(self, request: Request, step: Step) -> dict[str, str]:
        path, body = resolve(request.path, self.known), resolve(request.body, self.known)
        made = self.model.send(request.method, path, body, step.id.replace("/", "-"))
        self.seen.append(self.model.tokens())
        return made


def check(plan: Plan, start: Model, seed: int) -> None:
    """Replay in the plan's order, then in others, then with one step failing."""
    random = Random(seed)
    end = Replay(plan, start).run()
    allowed = start.tokens() | end.tokens()
    for number in range(ORDERS):
        failing = random.choice(plan.steps).id if number % 2 and plan.steps else ""
        replay = Replay(plan, start, random, failing)
        last = replay.run()
        for tokens in replay.seen:
            assert tokens <= allowed, (failing, tokens - allowed)
        if not failing:
            assert (last.tokens(), last.uris()) == (end.tokens(), end.uris())


@pytest.mark.parametrize("name", EXCHANGES)
def test_an_exchange_is_never_refused_and_never_gives_what_neither_side_gives(
    name: str, tmp_path: Path
) -> None:
    """In any order that the steps allow, and when any one of them fails."""
    plan, start = asyncio.run(planned(*EXCHANGES[name], tmp_path))
    check(plan, start, 1)


@pytest.mark.parametrize("seed", range(30))
def test_random_exchanges_are_never_refused_and_never_give_what_neither_side_gives(
    seed: int, tmp_path: Path
) -> None:
    """The same for whatever changes hands at random."""
    random = Random(seed)
    plan, start = asyncio.run(planned(*exchange(random), tmp_path))
    check(plan, start, seed)


@pytest.mark.faults
@pytest.mark.parametrize("seed", seeds.sample("exchanges", range(30, 430), 120))
def test_more_exchanges(seed: int, tmp_path: Path) -> None:
    """The same, a hundred and twenty times, and four hundred in `make proof`."""
    random = Random(seed)
    plan, start = asyncio.run(planned(*exchange(random), tmp_path))
    check(plan, start, seed)
