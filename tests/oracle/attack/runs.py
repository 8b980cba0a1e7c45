"""A seed in; one project planned and applied while somebody attacks it, and what the referee saw, out."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from tests.oracle.attack import worlds
from tests.oracle.attack.attacker import Attacker
from tests.oracle.attack.knowledge import Knowledge
from tests.oracle.attack.project import Project, Result
from tests.oracle.attack.referee import Breach, Referee, Terms
from tests.oracle.attack.scene import Scene
from tests.oracle.attack.worlds import World

GROUPS = ("All Staff", "MyApp Writers")


@dataclass(slots=True)
class Run:
    """One run: its world, what was done by whom, and the invariants that broke."""

    world: World
    breaches: list[Breach]
    acts: list[str]
    moves: Counter[str]
    results: list[Result] = field(default_factory=list)
    granted: int = 0

    def __str__(self) -> str:
        """Tell how to see it again, what broke, and all that the attacker did."""
        broke = [f"  {breach.invariant}: {breach.told}" for breach in self.breaches]
        told = [f"  {result}" for result in self.results]
        return "\n".join([f"seed {self.world.seed}: {self.world}", *broke, "results:", *told, "acts:", *(f"  {act}" for act in self.acts)])


@dataclass(slots=True)
class Counts:
    """What many runs came to."""

    runs: int = 0
    breaches: Counter[str] = field(default_factory=Counter)
    seeds: list[int] = field(default_factory=list)
    moves: Counter[str] = field(default_factory=Counter)
    endings: Counter[str] = field(default_factory=Counter)
    granted: int = 0

    def add(self, run: Run) -> None:
        """Count a run."""
        self.runs += 1
        self.granted += run.granted
        self.moves += run.moves
        self.endings.update(result.ending for result in run.results)
        if run.breaches:
            self.seeds.append(run.world.seed)
            self.breaches.update({breach.invariant for breach in run.breaches})


def run(seed: int, count: int, *, protected: bool | None = None) -> Counts:
    """Run `count` seeds from `seed` on, and count; the seeds of all that broke are in it."""
    counts = Counts()
    for each in range(seed, seed + count):
        counts.add(once(worlds.draw(each, protected=protected)))
    return counts


def once(world: World, *, moves: tuple[str, ...] = ()) -> Run:
    """Run one world to its end; where the project could not go on, tell whether the attacker was the reason."""
    found = _play(world, moves)
    stopped = [result for result in found.results if not result.carried_out]
    if world.pinned and world.start == "all" and stopped and all(each.carried_out for each in _play(world, moves, idle=True).results):
        found.breaches.append(Breach("availability", f"a plan of pinned keys was stopped: {stopped[0]}"))
    return found


def _play(world: World, moves: tuple[str, ...], *, idle: bool = False) -> Run:
    with TemporaryDirectory() as folder:
        return asyncio.run(_story(world, Path(folder), moves, idle=idle))


async def _story(world: World, folder: Path, moves: tuple[str, ...], *, idle: bool) -> Run:
    scene, random = Scene(), Random(f"attack {world.seed}")
    manifest = world.manifest()
    project = Project(scene, world, folder, manifest)
    await _begin(scene, world, project, Random(f"start {world.seed}"))
    terms = Terms(world.owner, world.protected, max(world.lag, world.list_lag), declared=project.declared(), names=frozenset(GROUPS))
    referee = Referee(scene, terms)
    referee.rest()
    known = Knowledge(scene, world.owner, manifest["applications"], GROUPS)
    attacker = Attacker(known, random, world.chance, referee.acted, moves)
    scene.faults.set(world.faults)
    results = []
    with scene.watched_by(*([referee] if idle else [referee, attacker])):
        for number in range(world.rounds):
            for _ in range(0 if idle else random.choice((0, 2, 4, 8))):
                attacker.act()
            scene.clock.advance(random.choice((0, 1, 60, 3600)))
            terms.pinned = project.pinned()
            referee.begins()
            results.append(await project.round(kill=world.kill if number == 0 else 0))
    return Run(world, referee.breaches, attacker.acts, attacker.counted, results, referee.granted)


async def _begin(scene: Scene, world: World, project: Project, random: Random) -> None:
    """Let the project come to where the world starts, with nobody in the way."""
    if world.start == "nothing":
        return
    keys = list(project.manifest["applications"])
    kept: Iterable[str] = random.sample(keys, 1) if world.start == "some" else keys
    await project.prepare(frozenset({"api", *kept} if world.start == "some" else kept))
    if world.start == "deleted":
        project.delete(random.choice(keys))
    if not world.pinned:
        project.pins.clear()
    scene.clock.advance(7200)


def describe(counts: Counts) -> dict[str, Any]:
    """Return counts as plain data."""
    return {
        "runs": counts.runs,
        "breaches": dict(counts.breaches),
        "seeds": counts.seeds,
        "moves": dict(counts.moves),
        "endings": dict(counts.endings),
        "granted": counts.granted,
    }
