"""A world in; its tenant as it is when the attack begins, with the project, the referee and what can be known, out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.oracle.attack import certificates, neighbours
from tests.oracle.attack.knowledge import Knowledge
from tests.oracle.attack.project import Project, Result
from tests.oracle.attack.referee import Referee, Terms
from tests.oracle.attack.scene import Scene
from tests.oracle.attack.worlds import World

GROUPS = ("All Staff", "MyApp Writers")


@dataclass(slots=True)
class Stage:
    """Who and what takes part in a run."""

    scene: Scene
    project: Project
    referee: Referee
    known: Knowledge

    async def round(self, *, kill: int = 0, digest: str = "") -> Result:
        """Plan and apply once under the referee's eyes; with a digest only if the plan still has it."""
        self.referee.terms.pinned = frozenset(self.project.pins.values())
        self.referee.begins()
        return await self.project.round(kill=kill, digest=digest)


async def build(world: World, folder: Path) -> Stage:
    """Let the project come to where the world starts, with nobody in the way."""
    scene = Scene()
    project = Project(scene, world, folder, world.before())
    if world.open_door:
        project.open_door()
    with scene.watched_by(project):
        await _begin(world, project)
    if world.crowded:
        neighbours.move_in(scene, world.owner)
    terms = Terms(world.owner, world.protected, max(world.lag, world.list_lag), declared=project.declared())
    referee = Referee(scene, terms)
    referee.rest()
    wanted = world.manifest()
    every = project.manifest["applications"] | wanted["applications"]
    known = Knowledge(scene, world.owner, every, GROUPS, {"nightly": (certificates.named("nightly").thumbprint,)})
    project.manifest = wanted
    return Stage(scene, project, referee, known)


async def _begin(world: World, project: Project) -> None:
    random = Random(f"start {world.seed}")
    if world.start == "nothing":
        return
    keys = list(project.manifest["applications"])
    some = {"api": ["api"], "some": ["api", random.choice(keys)]}
    await project.prepare(frozenset(some.get(world.start, keys)))
    if world.start == "deleted":
        project.delete(random.choice(keys))
    if not world.pinned:
        project.pins.clear()
    project.made.clear()
    project.scene.clock.advance(7200)
