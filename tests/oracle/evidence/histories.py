"""A seed in; a tenant that people and applications changed for days, deployments between, and what drift
says of it, out.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from random import Random
from typing import Any

from entra_emulator import seed as seeds
from entra_emulator.clock import ManualClock
from entra_emulator.directory import Tenants
from entra_emulator.fault_plan import FaultPlan
from entra_emulator.faults import Faults
from tests.oracle.evidence import (
    acts_of_apps,
    acts_of_credentials,
    acts_of_identity,
    acts_of_links,
    acts_of_others,
    acts_seldom,
    echoes,
    engine,
    project,
)
from tests.oracle.evidence.scene import DEPLOYER, NEIGHBOUR, PEOPLE, ROBOT, Report, Scene, user

Act = Callable[[Scene, Random, str], bool]
ACTS: tuple[Act, ...] = (*acts_of_apps.ACTS, *acts_of_links.ACTS, *acts_of_credentials.ACTS)
COPIED = ("api", "web", "site", "job")
# Properties that a look-alike has of what it looks like, its ids of roles and scopes too.
ALIKE = ("displayName", "appRoles", "requiredResourceAccess", "spa", "publicClient", "notes")
PAUSES = (7, 40, 300, 1500, 4000, 20000)
HURRY = 120


@dataclass(frozen=True, slots=True)
class Style:
    """What a history is made of: how often somebody deletes an object, or takes back what was just done;
    how it ends.
    """

    acts: tuple[Act, ...] = ACTS
    pauses: tuple[float, ...] = PAUSES
    endings: tuple[float, ...] = (0, 200, 900, 2000, 2000, 7200)
    objects: float = 0.01
    echoes: float = 0.15
    # How late records are, and how many say nothing: from these.
    spreads: tuple[float, ...] = (0, 1800, 1800)
    stubs: tuple[float, ...] = (0, 0, 0.1, 0.3)
    # How many reports are made on the way.
    reports: tuple[int, ...] = (0, 1, 1, 2)
    # How many acts change what an object is known by, or delete and restore objects; of half of these
    # histories the last report is made once more, with a log that is broken.
    identity: float = 0
    # Whether each of the acts that come too seldom is tried once, at a turn of its own.
    seldom: bool = False
    # Whether a client of ours uses an API of others, which is deleted, restored or renamed, and purged.
    others: bool = False


ANY = Style()
KNOWN_BY = Style(identity=0.3, echoes=0.05, reports=(0, 0, 1))
OTHERS = replace(KNOWN_BY, others=True)
BROKEN = ("truncated", "late", "unreadable")


@dataclass
class History:
    """What happened, what was reported of it, and the manifest that the last report compares with."""

    seed: int
    scene: Scene
    manifest: dict[str, Any]
    report: Report
    earlier: list[Report] = field(default_factory=list)
    # The directory that the manifest makes by itself.
    declared: dict[str, Any] = field(default_factory=dict)
    lock: dict[str, Any] | None = None
    # The last report once more with a log that is broken, and how it is.
    again: Report | None = None
    broken: str = ""
    # The object that the manifest knows by its appId: what it is called means nothing.
    unnamed: str = ""


def reported(seed: int, style: Style = ANY) -> History:
    """Tell the history of a seed to its end."""
    history = asyncio.run(_reported(seed, style))
    history.scene.emulator.app.traffic.clear()  # half a history's memory, which nobody reads
    return history


@cache
def _settled(*, deployers: bool, hr: str = "") -> tuple[dict[str, Any], Tenants, datetime]:
    """Return the directory a day after the project's first deployment: as plain data, to be forked, and when
    that is. All histories share what none of them changes: a thousand copies were gigabytes.
    """

    async def deployed() -> tuple[str, datetime]:
        clock = ManualClock(datetime(2026, 3, 1, 8, tzinfo=UTC))
        directory = seeds.contoso(clock=clock, seed="evidence")
        scene = Scene(directory, clock, Faults(), project.OWNER)
        for who in PEOPLE:
            # All of them are administrators: whoever may do less leaves no record.
            directory.default.directory_roles[user(who)] = ["Global Administrator"]
        app_id = _api_of_others(scene) if hr else ""
        content = project.manifest(deployers=deployers, hr=app_id if hr == "appId" else hr)
        assert await engine.deploy(scene, content), scene.acts
        clock.advance(86_400)
        return json.dumps(directory.dump()), clock.now()

    text, now = asyncio.run(deployed())
    return json.loads(text), Tenants.from_data(json.loads(text), clock=ManualClock(now)), now


def _api_of_others(scene: Scene) -> str:
    body = {"displayName": project.HR, "api": {"oauth2PermissionScopes": [project.SEE]}}
    app = scene.send("grace", "POST", "/applications", body) or {}
    assert scene.send("grace", "POST", "/servicePrincipals", {"appId": app["appId"]}) is not None
    return str(app["appId"])


async def _reported(seed: int, style: Style) -> History:
    random = Random(f"evidence {seed}")
    deployers = random.random() < 0.7
    hr = random.choice(("appId", "name")) if style.others else ""
    scene = await asyncio.to_thread(_opened, deployers=deployers, hr=hr)
    app_id = str(scene.rows.service_principals.get(scene.hr)["appId"]) if hr else ""
    content = project.manifest(deployers=deployers, hr=app_id if hr == "appId" else hr)
    pinned = random.random() < 0.75
    apis = (project.HR,) if hr else ()
    lock = project.lock(scene.rows, scene.own, *apis) if pinned and style.identity else None
    _look_alikes(scene, random)
    scene.faults.set(_late(seed, random, style))
    since = scene.clock.now() if random.random() < 0.7 else None
    actors = _actors(random)
    number = random.randint(20, 60)
    deployments = {random.randrange(number) for _ in range(random.choice((0, 0, 1, 1, 2)))}
    if style.others or (style.identity and lock is None):
        # What it cannot find by its tags, a deployment would make anew.
        deployments = set()
    reports = {random.randrange(number) for _ in range(random.choice(style.reports))}
    newer = random.randrange(number) if random.random() < 0.15 and not style.identity else -1
    earlier: list[Report] = []
    undone: list[Any] = []
    before = _principals(scene)
    renewed: dict[str, str] = {}
    # Drawn apart, so that a history without these acts is what its seed has always given.
    apart = Random(f"seldom {seed}")
    seldom = {apart.randrange(number): act for act in acts_seldom.ACTS} if style.seldom else {}
    # Much may happen right before a report.
    hurry = number - 8 if random.random() < 0.4 else number
    for turn in range(number):
        scene.clock.advance(min(random.choice(style.pauses), HURRY if turn >= hurry else max(style.pauses)))
        _act(scene, random, actors, undone, style)
        if turn in seldom:
            scene.clock.advance(apart.choice(PAUSES))
            seldom[turn](scene, apart, apart.choice(actors))
        # A deployment finds roles by their values: after a swap it makes another tenant than is declared.
        if turn in deployments and not scene.swapped:
            pause = random.choice((0, 30))
            since = await engine.deploy(scene, content, lock=lock, pause=pause) or since
            # A service principal that was deleted comes back with another id.
            renewed |= {before[key]: id_ for key, id_ in _principals(scene).items()}
        if turn == newer:
            # Another commit is deployed, or the same by hand; what is compared with does not know of it.
            await engine.deploy(scene, project.later(content), lock=lock)
        if turn in reports:
            earlier.append(
                await engine.report(
                    scene, content, since=since, last=earlier[-1] if earlier else None, lock=lock
                )
            )
    scene.clock.advance(random.choice(style.endings))
    last = random.choice((earlier[-1], earlier[-1], None)) if earlier else None
    declared = _renewed((await asyncio.to_thread(_settled, deployers=deployers, hr=hr))[0], renewed)
    report = await engine.report(scene, content, since=since, last=last, lock=lock)
    history = History(seed, scene, content, report, earlier, declared, lock)
    history.unnamed = scene.hr if hr == "appId" else ""
    if style.identity and random.random() < 0.5:
        history.broken = random.choice(BROKEN)
        history.again = await _with_broken_log(history, random)
    return history


def _principals(scene: Scene) -> dict[str, str]:
    """Return the ids of our service principals, by key."""
    apps = {key: scene.ours(key) for key in scene.own}
    found = {key: scene.principal(app) for key, app in apps.items() if app is not None}
    return {key: str(row["id"]) for key, row in found.items() if row is not None}


def _renewed(declared: dict[str, Any], ids: Mapping[str, str]) -> dict[str, Any]:
    """Return the directory that the manifest makes, with the ids of service principals made anew."""
    text = json.dumps(declared)
    for old, new in ids.items():
        text = text.replace(old, new)
    found: dict[str, Any] = json.loads(text)
    return found


async def _with_broken_log(history: History, random: Random) -> Report:
    """Return the last report made once more: the log has lost its older part or does not have the last half
    hour yet, or nobody may read it.
    """
    scene, last = history.scene, history.report
    tenant, plan = scene.rows, scene.faults.plan
    whole = list(tenant.audit)
    if history.broken == "truncated":
        tenant.audit[:] = whole[random.randrange(len(whole)) :]
    elif history.broken == "late":
        scene.faults.set(replace(plan, audit_delay=1799, audit_spread=0))
    try:
        return await engine.report(
            scene,
            history.manifest,
            since=last.since,
            last=last.last,
            lock=history.lock,
            readable=history.broken != "unreadable",
        )
    finally:
        tenant.audit[:] = whole
        scene.faults.set(plan)


def _opened(*, deployers: bool, hr: str = "") -> Scene:
    _, directory, now = _settled(deployers=deployers, hr=hr)
    clock = ManualClock(now)
    scene = Scene(directory.fork(clock), clock, Faults(), project.OWNER)
    scene.remember(project.KEYS)
    if hr:
        rows = scene.rows.service_principals
        scene.hr = next(str(row["id"]) for row in rows if row["displayName"] == project.HR)
    return scene


def _late(seed: int, random: Random, style: Style) -> FaultPlan:
    return FaultPlan(
        seed=seed,
        audit_spread=random.choice(style.spreads),
        audit_apart=random.choice((0, 4)),
        audit_stub_rate=random.choice(style.stubs),
        audit_repeat_rate=random.choice((0, 0.2)),
    )


def _actors(random: Random) -> list[str]:
    found = random.sample([*PEOPLE, NEIGHBOUR, ROBOT], random.randint(3, 5))
    return [*found, DEPLOYER] if random.random() < 0.6 else found


def _look_alikes(scene: Scene, random: Random) -> None:
    for key in random.sample(COPIED, random.randint(2, 4)):
        row = scene.ours(key)
        assert row is not None
        who = random.choice((NEIGHBOUR, "grace"))
        body: dict[str, Any] = {name: row[name] for name in ALIKE if row.get(name)}
        body["appRoles"] = [{k: v for k, v in role.items() if k != "origin"} for role in row["appRoles"]]
        body["api"] = {"oauth2PermissionScopes": row["api"]["oauth2PermissionScopes"]}
        body["web"] = {"redirectUris": row["web"]["redirectUris"]}
        made = scene.send(who, "POST", "/applications", body)
        assert made is not None, scene.acts[-1]
        assert scene.send(who, "POST", "/servicePrincipals", {"appId": made["appId"]}) is not None
        scene.likes.setdefault(key, []).append(made["id"])
    scene.clock.advance(3600)


def _act(scene: Scene, random: Random, actors: list[str], undone: list[Any], style: Style) -> None:
    """Let somebody do one thing, now and then what was just done or undone; what is not possible now is
    not done.
    """
    for _ in range(5):
        who, chance = random.choice(actors), random.random()
        if undone and chance < 0.5:
            if echoes.redo(scene, who, undone.pop()):
                return
        elif chance < style.echoes:
            if (deed := echoes.undo(scene, random, who)) is not None:
                undone.append(deed)
                return
        elif random.random() < style.identity:
            acts = (*acts_of_identity.ACTS, *acts_of_others.ACTS) if style.others else acts_of_identity.ACTS
            if random.choice(acts)(scene, random, who):
                return
        elif (acts_of_links.objects if chance > 1 - style.objects else random.choice(style.acts))(
            scene, random, who
        ):
            return
