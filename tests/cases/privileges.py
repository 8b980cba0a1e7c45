"""A case's folder in; each of its applies tried with exactly the permissions that are listed for it, and
with one less, out.
"""

from __future__ import annotations

import asyncio
import copy
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from entra_config.checks import privileges
from entra_config.errors import EntraConfigError
from entra_config.manifest.model import Manifest
from entra_config.plan.model import Plan, Restore, Step, Update
from entra_emulator.clock import ManualClock
from entra_emulator.directory import Tenants
from entra_emulator.embedded import Embedded
from entra_emulator.faults import Faults
from tests.cases.stories import World, case_of, tell
from tests.world import apply, carry_on, plan

CASES = sorted(Path(__file__).parent.glob("*/case.yaml"))
APPLYING = ("apply", "carry out")
# Each comes in a case.
STEPS = {
    "POST /applications",
    "PATCH /applications/*",
    "DELETE /applications/*",
    "POST /applications/*/owners/$ref",
    "DELETE /applications/*/owners/*/$ref",
    "POST /applications/*/federatedIdentityCredentials",
    "PATCH /applications/*/federatedIdentityCredentials/*",
    "DELETE /applications/*/federatedIdentityCredentials/*",
    "POST /servicePrincipals",
    "PATCH /servicePrincipals/*",
    "POST /servicePrincipals/*/owners/$ref",
    "DELETE /servicePrincipals/*/owners/*/$ref",
    "POST /servicePrincipals/*/appRoleAssignedTo",
    "DELETE /servicePrincipals/*/appRoleAssignedTo/*",
    "POST /oauth2PermissionGrants",
    "PATCH /oauth2PermissionGrants/*",
    "DELETE /oauth2PermissionGrants/*",
    "POST /directory/deletedItems/*/restore",
    "DELETE /directory/deletedItems/*",
    "adoption",
    "restore",
}
WORD = re.compile(r"/[$a-z][A-Za-z0-9]{2,30}")


@dataclass
class Tried:
    """What a case came to: the kinds of its steps, how many applies were tried how often, and what was not
    so.
    """

    kinds: set[str] = field(default_factory=set)
    applies: int = 0
    runs: int = 0
    problems: list[str] = field(default_factory=list)


def matrix(path: Path) -> Tried:
    """Tell a case's story; before each of its applies, try that apply on copies of the tenant."""
    case = case_of(path)
    with TemporaryDirectory() as folder:
        return asyncio.run(_reported(World(Path(folder) / "manifests", case["manifest"]), case["story"]))


async def _reported(world: World, story: list[dict[str, Any]]) -> Tried:
    found = Tried()
    before: tuple[Embedded, dict[str, Any]] | None = None
    for step in story:
        if "plan" in step and "error" not in step:
            before = (copied(world.embedded), step)
        how = step if "apply" in step else before[1] if before and "carry out" in step else None
        # What a person does through a tool, and what must fail, is no matter of an application's permissions.
        if any(verb in step for verb in APPLYING) and how is not None and not {"by", "fails"} & {*step, *how}:
            await _try(world, copied(world.embedded), how, found)
        await tell(world, step)
    return found


async def _try(world: World, tenant: Embedded, how: dict[str, Any], found: Tried) -> None:
    manifest = world.load(how.get("environment"))
    options = {name: how[name] for name in ("destroy", "purge_deleted") if name in how}
    options |= {
        "allow": frozenset(how.get("allow", ())),
        "targets": tuple(world.filled(how.get("targets", ()))),
    }
    made = await plan(copied(tenant), manifest, **options)
    if made.blocked or not made.steps:
        return
    found.applies += 1
    found.kinds |= {*kinds(made.steps), *changes(made)}
    listed = privileges.least(privileges.of_plan(made, manifest))
    # What waits for a restore may have come back with it, and then nothing more is written.
    sure = privileges.least(privileges.of_plan(replace(made, following=()), manifest))
    for lacking in ("", *(each for each in listed if each in sure)):
        found.runs += 1
        reported = await _failed(copied(tenant), manifest, {*listed} - {lacking}, options)
        if bool(reported) != bool(lacking):
            said = f"works without {lacking}" if lacking else f"does not work: {reported[:300]}"
            found.problems.append(
                f"with exactly {', '.join(listed)} it {said}" if not lacking else f"of {listed}: it {said}"
            )


async def _failed(tenant: Embedded, manifest: Manifest, held: Iterable[str], options: dict[str, Any]) -> str:
    """Plan and apply as the deployer with these permissions; return what failed."""
    caller = replace(tenant.app_caller(), roles=frozenset(held))
    try:
        made = await plan(tenant, manifest, caller=caller, **options)
        outcome = await apply(tenant, made, caller=caller)
        outcome = await carry_on(
            made,
            outcome,
            lambda: plan(tenant, manifest, caller=caller, allow=options["allow"]),
            lambda rest: apply(tenant, rest, caller=caller),
        )
    except EntraConfigError as error:
        return str(error)
    return "; ".join(f"{step.id}: {error}" for step, error in outcome.failed)


def copied(tenant: Embedded) -> Embedded:
    """Return a tenant that holds the same, at the same time."""
    data = json.loads(json.dumps(tenant.directory.dump()))
    clock = ManualClock(tenant.directory.clock.now())
    return Embedded(Tenants.from_data(data, clock=clock), Faults(copy.deepcopy(tenant.faults.plan)), Tenants)


def kinds(steps: Iterable[Step]) -> Iterator[str]:
    """Yield what each step sends, without the ids in it."""
    for step in steps:
        path = str(step.request.path).partition("?")[0]
        yield (
            f"{step.request.method} "
            f"{re.sub(r'/[^/]*', lambda part: part[0] if WORD.fullmatch(part[0]) else '/*', path)}"
        )


def changes(made: Plan) -> Iterator[str]:
    """Yield what is special about a plan's changes: adoption, restore."""
    yield from ("adoption" for each in made.changes if isinstance(each, Update) and each.adopts)
    yield from ("restore" for each in made.changes if isinstance(each, Restore))
