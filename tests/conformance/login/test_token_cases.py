"""The table of token cases: who asks for what in which tenant, and which claims or refusal come out."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from entra_emulator import seed
from tests.conformance.login.login_outcomes import Outcome
from tests.conformance.login.login_world import World

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "token_cases.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_token_case(case: dict[str, Any]) -> None:
    """Each row of the table holds."""
    world = World()
    for step in case.get("given", ()):
        _prepare(world, step)
    outcome = _run(world, case)
    assert outcome.kind == case.get("kind", "token"), (outcome.body, outcome.text[-2000:])
    for name in ("code", "error", "status"):
        if name in case:
            assert getattr(outcome, name) == case[name]
    for part, found in (
        ("claims", outcome.claims),
        ("id_claims", outcome.id_claims),
        ("answer", outcome.body),
    ):
        wanted = _filled(world, case.get(part, {}))
        assert {name: _comparable(found.get(name)) for name in wanted} == {
            k: _comparable(v) for k, v in wanted.items()
        }
    assert not set(case.get("absent", ())) & set(outcome.claims)
    assert not set(case.get("id_absent", ())) & set(outcome.id_claims)
    assert not set(case.get("no_answer", ())) & set(outcome.body)
    assert set(case.get("has_answer", ())) <= set(outcome.body)


def test_the_table_is_long_enough_and_its_ids_are_unique() -> None:
    """The table has at least 80 rows, each with a name of its own."""
    assert len({case["id"] for case in CASES}) == len(CASES) >= 80


def _run(world: World, case: dict[str, Any]) -> Outcome:
    scope = _filled(world, case["scope"])
    if case.get("do") == "app_only":
        return world.app_only(case["client"], scope)
    outcome = world.sign_in(
        case["client"], case["user"], scope, accept=case.get("accept", True), **case.get("parameters", {})
    )
    for step in case.get("then", ()):
        _prepare(world, step)
    if case.get("do") == "refresh":
        return world.refresh(case["client"], outcome, case["again"])
    if case.get("do") == "obo":
        return world.on_behalf_of("middle", outcome.body["access_token"], case["again"])
    return outcome


def _prepare(world: World, step: dict[str, Any]) -> None:
    ((name, value),) = step.items()
    match name:
        case "grant":
            world.grant(*value)
        case "preauthorize":
            world.preauthorize(*value)
        case "assign":
            world.assign(*value)
        case "set":
            world.set(value[0], **value[1])
        case "principal":
            world.set_principal(value[0], **value[1])
        case "user":
            world.set_user(value[0], **value[1])
        case "group":
            world.set_group(value[0], **value[1])
        case "v1":
            world.set(value, api={"requestedAccessTokenVersion": 1})
        case "optional":
            world.set(value[0], optionalClaims={value[1]: value[2:]})
        case "require":
            access = [{"id": seed.fixed_id(value[1], scope), "type": "Scope"} for scope in value[2:]]
            world.set(
                value[0],
                requiredResourceAccess=[{"resourceAppId": world.app_ids[value[1]], "resourceAccess": access}],
            )
        case "groups":
            for number in range(value[1]):
                group = seed.add_group(world.tenant, f"Group {number}")
                world.tenant.members.add(group["id"], world.user(value[0])["id"])
        case "unassign":
            rows = world.tenant.app_role_assignments
            for row in rows.find("resourceId", world.principal(value[0])["id"]):
                rows.remove(row["id"])
        case "no_principal":
            world.tenant.service_principals.remove(world.principal(value)["id"])
        case _:
            raise ValueError(f"no such step: {name}")


def _filled(world: World, value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _filled(world, item) for name, item in value.items()}
    if isinstance(value, list):
        return [_filled(world, item) for item in value]
    if isinstance(value, str):
        return re.sub(r"\{(.+?)\}", lambda found: _id(world, found[1]), value)
    return value


def _id(world: World, name: str) -> str:
    kind, _, rest = name.partition(" ")
    if name == "tenant":
        return world.tenant.tenant_id
    if kind == "user":
        return str(world.user(rest)["id"])
    if kind == "sp":
        return str(world.principal(rest)["id"])
    if kind == "group":
        return seed.fixed_id(world.tenant.tenant_id, "group", rest)
    return world.app_ids[name]


def _comparable(value: Any) -> Any:
    # The order in a list of roles or groups has no meaning.
    return sorted(value) if isinstance(value, list) else value
