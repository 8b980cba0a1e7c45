"""A seed in; one project planned and applied while somebody attacks it, and what the referee saw, out."""

from __future__ import annotations

import asyncio
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from entra_config.actual.lists import MANY
from tests.oracle.attack import stages, worlds
from tests.oracle.attack.attacker import HARMLESS, MOVES, Attacker
from tests.oracle.attack.hands import Hands
from tests.oracle.attack.project import Result
from tests.oracle.attack.referee import Breach
from tests.oracle.attack.worlds import World
from tests.oracle.two_ways import lists_from


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
        broke = [f"  {breach.invariant}: {breach.reported}" for breach in self.breaches]
        reported = [f"  {result}" for result in self.results]
        return "\n".join(
            [
                f"seed {self.world.seed}: {self.world}",
                *broke,
                "results:",
                *reported,
                "acts:",
                *(f"  {act}" for act in self.acts),
            ]
        )


@dataclass(slots=True)
class Counts:
    """What many runs came to."""

    runs: int = 0
    breaches: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    moves: Counter[str] = field(default_factory=Counter)
    endings: Counter[str] = field(default_factory=Counter)
    granted: int = 0

    def add(self, run: Run) -> None:
        """Count a run."""
        self.runs += 1
        self.granted += run.granted
        self.moves += run.moves
        self.endings.update(result.ending for result in run.results)
        self.breaches.update({breach.invariant for breach in run.breaches})
        self.failures += [
            f"seed {run.world.seed}: {breach.invariant}: {breach.reported}" for breach in run.breaches
        ]


def run(seed: int, count: int) -> Counts:
    """Run `count` seeds from `seed` on, and count."""
    counts = Counts()
    for each in range(seed, seed + count):
        counts.add(tried(each))
    return counts


def tried(seed: int) -> Run:
    """Run one seed; what breaks the trial itself breaks an invariant."""
    world = worlds.draw(seed)
    try:
        return once(world)
    except Exception:  # noqa: BLE001  # a proof counts what broke, and goes on
        return Run(world, [Breach("nothing crashes", traceback.format_exc(limit=-4))], [], Counter())


def once(world: World, *, moves: tuple[str, ...] = MOVES) -> Run:
    """Run one world to its end; where the project could not go on, tell whether the attacker was the
    reason.
    """
    found = _play(world, moves)
    if (stopped := _stopped(world, found)) and not _stopped(world, _play(world, moves, idle=True)):
        found.breaches.append(Breach("availability", stopped))
    return found


def _stopped(world: World, run: Run) -> str:
    """Tell what the project could not do though nothing that the attacker may do is a reason for it."""
    *rounds, peace = run.results
    wounded = world.compromised or world.handed or world.lingering or world.deserting
    # What an old key is used again for is new, and neither pinned nor proven.
    proven = world.named and world.deployer == "application" and not world.open_door
    free = not (wounded or world.reused) and (
        world.quiet or (world.start == "all" and (world.pinned or proven))
    )
    for result in rounds if free else []:
        if not result.carried_out:
            return f"a plan of pinned or proven keys, or one without claims of his, was stopped: {result}"
    if not wounded and peace.ending != "done":
        return f"his objects are rejected and ours accepted, and still there is no way: {peace}"
    return ""


def _play(world: World, moves: tuple[str, ...], *, idle: bool = False) -> Run:
    with TemporaryDirectory() as folder, lists_from(1 if world.lists else MANY):
        return asyncio.run(_story(world, Path(folder), moves, idle=idle))


async def _story(world: World, folder: Path, moves: tuple[str, ...], *, idle: bool) -> Run:
    random = Random(f"attack {world.seed}")
    stage = await stages.build(world, folder)
    hands = Hands(stage.scene, random, stage.referee.acted, made=set(stage.lent), guest=set(stage.guest))
    chance = 0.0 if world.quiet else world.chance
    attacker = Attacker(
        stage.known,
        hands,
        random,
        chance,
        HARMLESS if world.quiet else moves,
        left=0 if idle else world.patience,
    )
    stage.scene.faults.set(world.faults)
    results = []
    with stage.scene.watched_by(stage.project, stage.referee, attacker):
        if world.coming and "retag" in moves:
            attacker.act("retag")
        for number in range(world.rounds):
            for _ in range(random.choice((0, 2, 4, 8))):
                attacker.act()
            stage.scene.clock.advance(
                86400
                if world.quiet
                else random.choice((60, 3600) if number and world.echo else (0, 1, 60, 3600))
            )
            results.append(await stage.round(kill=world.kill if number == 0 else 0))
            if world.locks:
                await stage.project.lock()
        attacker.left = 0
        results.append(await stage.peace())
    referee = stage.referee
    return Run(world, referee.breaches, hands.acts, attacker.counted, results, referee.granted)
