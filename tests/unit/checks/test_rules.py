"""Each rule by its example: a plan of the applied manifest reports nothing of it, and one made after what
then happens does.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from entra_config.checks import table
from entra_config.checks.rule import Finding, Rule
from entra_config.plan.model import Plan
from entra_emulator.callers import Caller
from entra_emulator.fault_plan import FaultRule
from tests.cases.stories import World, merged, tell
from tests.unit.lint import certificates
from tests.world import NOW, apply, plan

RULES: tuple[Rule[Any], ...] = tuple(
    rule for _, stage in table.STAGES.values() for _, rules in stage for rule in rules
)
TENANT = "11111111-1111-1111-1111-111111111111"
BASE = {"project": "p", "environments": {"dev": {"tenantId": TENANT}}}
REPORT = Rule.report
OBJECTS = {"alice": "/users/alice@contoso.com", "mallory": "/users/mallory@contoso.com"}
OBJECTS |= {"Audit": "/groups?$filter=displayName eq 'Audit'"}


async def name_objects(world: World) -> None:
    """Let later steps name users, groups, and the applications of the manifest by their keys."""
    async with world.embedded.client() as client:
        for name, path in OBJECTS.items():
            body = (await client.get(path)).json()
            world.responses[name] = body["value"][0] if "value" in body else body
        world.responses["long"] = {"text": "x" * 9_000}
        for key in world.manifest.get("applications", {}):
            app = (await client.get(f"/applications(uniqueName='p.dev.{key}')")).json()
            principal = (await client.get(f"/servicePrincipals(appId='{app['appId']}')")).json()
            world.responses[key] = {**app, "principal": principal["id"]}


async def happen(rule: Rule[Any], folder: Path) -> tuple[list[str], Plan, list[str]]:
    """Return the rules that report before what happens in a rule's example, and the plan after it with the
    rules that report then.
    """
    example = yaml.safe_load(rule.example)
    world = World(folder / "manifests", merged(BASE, example["manifest"]))
    reported: list[str] = []

    world.embedded.directory.choose({"*": example.get("choices", {})})
    certificates.write(world.folder, rule.example, NOW)

    async def planned(caller: Caller, *, destroy: bool = False) -> tuple[Plan, list[str]]:
        reported.clear()
        return await plan(world.embedded, world.load(), caller=caller, destroy=destroy), [*reported]

    def report(self: Rule[Any], finding: Finding) -> Any:
        reported.append(self.id)
        return REPORT(self, finding)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "report", report)
        await tell(world, {"hand": example.get("before", [])})
        world.manifest = world.filled(world.manifest)
        if "lock" in example:
            await tell(world, {"lock": []})
        deployer = world.embedded.app_caller()
        made, _ = await planned(deployer)
        assert (await apply(world.embedded, made)).complete
        _, before = await planned(deployer)
        await name_objects(world)
        await tell(world, {"hand": example.get("hand", []), "by": "grace@contoso.com"})
        await tell(world, {"edit": example.get("edit", {})})
        if path := example.get("unreadable"):
            refused = FaultRule(
                "respond", path=path, times=None, status=403, code="Authorization_RequestDenied"
            )
            world.embedded.faults.plan.rules.append(refused)
        less = replace(deployer, roles=deployer.roles - set(example.get("without", ())))
        return before, *await planned(world.caller(example.get("by")) or less, destroy="destroy" in example)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_example_shows_the_rule(rule: Rule[Any], tmp_path: Path) -> None:
    """What happens in the example, and nothing before it, makes the rule report, with its outcome."""
    before, after, reported = asyncio.run(happen(rule, tmp_path))

    assert (rule.id in before, rule.id in reported) == (False, True)
    refused = [each.blocks for each in after.refusals if each.word == rule.word]
    assert {
        "notice": bool(after.warnings),
        "withhold": bool(after.withheld),
        "skip": False in refused,
        "refuse": True in refused,
    }[rule.outcome]


def test_what_is_withheld_comes_before_what_is_skipped() -> None:
    """Of a grant the first outcome counts; each id is there once."""
    outcomes = [rule.outcome for _, rules in table.GRANTS for rule in rules]

    assert outcomes == sorted(outcomes, reverse=True)
    assert set(outcomes) == {"withhold", "skip"}
    assert len({rule.id for rule in RULES}) == len(RULES)
