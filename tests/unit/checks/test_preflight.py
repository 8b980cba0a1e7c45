"""What a tenant's administrators chose to refuse is told before apply, and by Graph with the same advice."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from json import loads as decode
from pathlib import Path

import pytest

from entra_config.checks import table
from entra_config.errors import RefusedError
from entra_config.plan.model import Refusal
from entra_config.report import github, html, json, markdown, text
from entra_emulator import choices
from tests.unit.checks.preflight_cases import API, CASES, Case, World, conflicts
from tests.world import apply, plan

PAGE = Path(__file__).parents[3] / "docs" / "preflight.md"


@pytest.fixture(params=CASES, ids=str)
def case(request: pytest.FixtureRequest) -> Case:
    """Give each policy in turn."""
    return CASES[request.param]


def test_each_policy_is_told_before_apply(case: Case, tmp_path: Path) -> None:
    """The plan warns at the line that meets the policy, with the advice that Graph's refusal comes with,
    and in each format.
    """
    world = World(tmp_path, case.manifest, case.chosen)
    made = world.plan(case.person)
    (warning,) = conflicts(made)
    assert case.said in warning.message
    assert warning.message.endswith(case.advice)
    assert warning.position is not None
    assert warning.position.line == case.line
    assert not made.blocked
    for shown in (
        text.render(made),
        markdown.render(made),
        json.render(made),
        html.render(made),
        github.plan(made, names=False),
    ):
        assert case.said.split("`")[0].strip() in shown
    world.embedded.directory.choose(
        {"*": {"identifierUriPolicy": "off", "defaultAppManagementPolicy": {}, "usersMayRegister": True}}
    )
    world.embedded.directory.choose({"*": {"objectQuota": None, "entraPlan": "P1"}})
    assert conflicts(world.plan(case.person)) == []


def test_without_the_preflight_graph_refuses_with_the_same_advice(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody foresees it, the refusal ends the apply, and says what the plan would have said."""
    monkeypatch.setattr(table, "CHANGES", ())
    world = World(tmp_path, case.manifest, case.chosen)
    made = world.plan(case.person)
    assert conflicts(made) == []
    errors = list(world.refusals(made, case.person, case.by_hand))
    assert any(error.advice.endswith(case.advice) for error in errors), [
        (each.code, each.advice) for each in errors
    ]


def test_strict_refuses(case: Case, tmp_path: Path) -> None:
    """With `--strict` the same is a refusal: nothing is sent, and the exit code is that of limits."""
    world = World(tmp_path, case.manifest, case.chosen)
    made = world.plan(case.person, strict=True)
    assert conflicts(made) == []
    (refused,) = made.refusals
    assert isinstance(refused, Refusal)
    assert case.said in refused.message
    with pytest.raises(RefusedError) as raised:
        asyncio.run(apply(world.embedded, made))
    assert raised.value.exit_code == 3


def test_the_page_shows_what_is_said(tmp_path: Path) -> None:
    """The message in docs/preflight.md is the plan's, and its choice is one that the emulator takes."""
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    case = CASES["identifier URI that is not the default one"]
    (warning,) = conflicts(World(tmp_path, case.manifest, case.chosen).plan())
    assert warning.message in page
    name, _, value = page.partition("--choice \\ '")[2].partition("'")[0].partition("=")
    assert choices.read({name: decode(value)})
    assert all(f"{option}" in page for option in ("plan --strict", "apply --strict", "Policy.Read.All"))


@pytest.mark.parametrize(
    ("domains", "said"), [(["shop.example"], "never verified"), ([], "no verified domain")]
)
def test_a_domain_that_waits_to_be_verified_is_told_as_such(
    domains: list[str], said: str, tmp_path: Path
) -> None:
    """A URI of a domain that is there and not verified is refused otherwise than one of a domain that
    nobody knows.
    """
    manifest = f"{API}    identifierUris:\n      - https://api.shop.example/orders\n"
    world = World(tmp_path, manifest, {"unverifiedDomains": domains})
    (refused,) = world.plan().refusals
    assert said in refused.message


def test_what_could_not_be_read_is_unknown(tmp_path: Path) -> None:
    """Without the permission the plan says once what is not known, and which permission would tell; strict
    refuses nothing.
    """
    world = World(
        tmp_path, CASES["audience of other tenants"].manifest, CASES["audience of other tenants"].chosen
    )
    blind = replace(
        world.embedded.app_caller(), roles=world.embedded.app_caller().roles - {"Policy.Read.All"}
    )
    made = asyncio.run(plan(world.embedded, world.manifest, caller=blind, strict=True))
    (notice,) = made.warnings
    assert notice.message.startswith("unknown before apply, of what contoso.onmicrosoft.com refuses: ")
    assert notice.message.endswith("(Policy.Read.All would tell)")
    assert made.refusals == ()
    outcome = asyncio.run(apply(world.embedded, made, caller=blind))
    assert not outcome.complete
    world.embedded.directory.choose({"*": {"defaultAppManagementPolicy": {}}})
    asyncio.run(apply(world.embedded, asyncio.run(plan(world.embedded, world.manifest)), caller=None))
    assert asyncio.run(plan(world.embedded, world.manifest, caller=blind)).warnings == ()
