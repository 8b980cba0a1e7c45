"""A world in; its tenant as it is when the attack begins, with the project, the referee and what can be
known, out.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from entra_emulator.fault_plan import FaultPlan
from tests.oracle.attack import certificates, footprint, neighbours, worlds, wounds
from tests.oracle.attack.knowledge import KEY, OWNER, Knowledge
from tests.oracle.attack.project import Project, Result
from tests.oracle.attack.referee import Referee, Terms
from tests.oracle.attack.scene import Scene
from tests.oracle.attack.worlds import World

# Owners are read in one call, what they may have left behind in the next, before the write.
CALLS = 2
GROUPS = ("All Staff", "MyApp Writers")


@dataclass(slots=True)
class Stage:
    """Who and what takes part in a run."""

    scene: Scene
    project: Project
    referee: Referee
    known: Knowledge
    lent: set[str] = field(default_factory=set)
    guest: set[str] = field(default_factory=set)

    async def round(self, *, kill: int = 0, digest: str = "") -> Result:
        """Plan and apply once under the referee's eyes; with a digest only if the plan still has it."""
        before, applications = dict(self.project.pins), self.project.manifest["applications"]
        former = {key: str(app["previously"]) for key, app in applications.items() if "previously" in app}
        heirs = {old: key for key, old in former.items()}
        self.referee.terms.pinned = frozenset(before.values())
        self.referee.terms.keys = {app_id: heirs.get(key, key) for key, app_id in before.items()}
        self.referee.terms.wanted = {key: worlds.held(applications, key) for key in applications}
        self.referee.begins()
        result = await self.project.round(kill=kill, digest=digest)
        renamed = former if result.ending in {"done", "withheld"} else {}
        self.referee.judge_pins(before, self.project.pins, renamed)
        if result.ending == "done" and self.project.world.reused:
            self.project.manifest = self.project.world.later()
        return result

    async def peace(self) -> Result:
        """Let everybody look: what is not ours is rejected, ours accepted, nothing fails; then apply until
        nothing is left.
        """
        self.scene.faults.set(FaultPlan())
        self.scene.clock.advance(86400)
        ours = self.project.history()
        self.project.rejected |= {
            row["appId"] for row in footprint.rows(self.scene.tables) if row["appId"] not in ours
        }
        self.project.pins = {
            key: pin for key, pin in self.project.pins.items() if pin not in self.project.rejected
        }
        self.project.accept()
        result = await self.round()
        for _ in range(2):
            if result.ending == "done":
                break
            self.scene.clock.advance(86400)
            result = await self.round()
        return result


async def build(world: World, folder: Path) -> Stage:
    """Let the project come to where the world starts, with nobody in the way."""
    scene = Scene(world.seed)
    project = Project(scene, world, folder, world.before())
    if world.open_door:
        project.open_door()
    if world.partner:
        project.partner = neighbours.partner(scene)
    with scene.watched_by(project):
        await _begin(world, project)
    if world.partner == "gone":
        neighbours.leave(scene, project.partner)
    if world.crowded:
        neighbours.move_in(scene, world.owner)
    terms = Terms(
        world.owner,
        world.protected,
        world.longest,
        CALLS * world.latency / 1000,
        world.echo,
        declared=project.declared(),
        ours=project.history(),
        partner=project.partner,
    )
    referee = Referee(scene, terms)
    referee.rest()
    wanted = world.manifest()
    every = project.manifest["applications"] | wanted["applications"]
    known = Knowledge(
        scene, world.owner, every, GROUPS, {"nightly": (certificates.named("nightly").thumbprint,)}
    )
    known = replace(known, partner=world.called if world.partner else "")
    project.manifest = wanted
    stage = Stage(scene, project, referee, known)
    _wound(world, stage)
    return stage


async def _begin(world: World, project: Project) -> None:
    random = Random(f"start {world.seed}")
    if world.start == "nothing":
        return
    keys = list(project.manifest["applications"])
    some = {"api": ["api"], "some": ["api", random.choice(keys)]}
    await project.prepare(frozenset(some.get(world.start, keys)))
    if world.start in {"deleted", "purged"}:
        project.delete(random.choice(keys), purge=world.start == "purged")
    if not world.pinned:
        project.pins.clear()
    project.scene.clock.advance(7200)


def _wound(world: World, stage: Stage) -> None:
    """Let it have happened what the world says: ways in that were left on ours, one of ours that another
    project took over.
    """
    random = Random(f"wounds {world.seed}")
    tables = stage.scene.tables
    ours = [row for row in tables.applications if f"{OWNER}{world.owner}" in row["tags"]]
    clients = [row for row in ours if f"{KEY}api" not in row["tags"]]
    # What a restore of the API revives was there before the wound.
    if world.compromised and clients and world.start != "deleted":
        wounds.compromise(stage.scene, stage.referee.powers, random.choice(clients), random)
    # An owner who was accepted may act as it: whom he lets in is no wound.
    if world.lingering and not (world.compromised or world.accepted) and clients and world.start != "deleted":
        stage.guest.add(wounds.linger(stage.scene, stage.referee.powers, random.choice(clients)))
    wounded = world.compromised or world.lingering
    if world.deserting and not (wounded or world.accepted) and clients and world.start != "deleted":
        stage.guest.add(wounds.entrust(stage.scene, stage.referee.powers, random.choice(clients)))
    if world.shared:
        stage.lent.add(wounds.lend(stage.scene, stage.referee.powers))
    if world.handed and clients:
        wounds.hand_over(stage.scene, random.choice(clients))
    stage.scene.clock.advance(7200)
    stage.referee.rest()
