"""A seed in; a restricted file drawn and applied, and what it changed outside of its fence, or that it was
refused, out.
"""

from __future__ import annotations

import asyncio
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from entra_config.errors import EntraConfigError
from entra_config.manifest import loader
from tests.oracle.review import commons, estate, trespasses
from tests.oracle.review.fence_judge import Fence, breaches
from tests.oracle.review.tables import Tables


@dataclass
class Verdict:
    """How one file ended: refused, why; or applied, with the breaches. What is `harmless` is never
    refused.
    """

    seed: int
    harmless: bool = False
    moves: tuple[str, ...] = ()
    refused: str = ""
    wrong: list[str] = field(default_factory=list)

    @property
    def failures(self) -> list[str]:
        """Return what must not be."""
        found = [f"refused, and harmless: {self.refused}"] if self.harmless and self.refused else []
        return [f"seed {self.seed} ({', '.join(self.moves)}): {each}" for each in (*self.wrong, *found)]


def tried(seed: int) -> Verdict:
    """Try one file; what breaks the trial itself is its failure."""
    try:
        return once(seed)
    except Exception:  # noqa: BLE001  # a proof counts what broke, and goes on
        return Verdict(seed, wrong=[traceback.format_exc(limit=-4)])


def once(seed: int, moves: tuple[trespasses.Move, ...] = ()) -> Verdict:
    """Draw a file and judge what it brings about; half of them are harmless, unless ways out are given."""
    with TemporaryDirectory() as folder:
        return asyncio.run(_story(seed, Random(f"fence {seed}"), Path(folder), moves))


async def _story(seed: int, random: Random, folder: Path, moves: tuple[trespasses.Move, ...]) -> Verdict:
    name = random.choice(("prod", "prod", "dev"))
    company, ids = await commons.build(random, folder, name)
    files = estate.copied(company.files)
    harmless = random.random() < 0.5
    chosen = [random.choice(moves)] if moves else draw(random, harmless=harmless)
    done = [move.__name__ for move in chosen if move(random, files[estate.TEAM], ids)]
    verdict = Verdict(seed, harmless and not moves, tuple(done))
    before = Tables(estate.rows_of(company.tenant.dump()))
    try:
        manifest = loader.load(company.write(files, folder / "change"), name)
        plan = await company.tenant.plan(manifest, commons.WORDS)
    except EntraConfigError as error:
        verdict.refused = str(error)
        return verdict
    if plan.blocked:
        verdict.refused = "; ".join(refusal.message for refusal in plan.refusals if refusal.blocks)
        return verdict
    outcome = await company.tenant.apply(plan)
    verdict.wrong += [f"{step.id}: {error}" for step, error in outcome.failed]
    if plan.withheld and verdict.harmless:
        verdict.refused = "; ".join(each.message for each in plan.withheld)
    pinned = frozenset({company.files[estate.lock_of(name)]["applications"][commons.PINNED]["appId"]})
    path_restriction = Fence(
        f"shop/{name}",
        "team-",
        "shop",
        commons.LISTED,
        pinned,
        frozenset({ids.app_ids["HR"], ids.app_ids["Tax"]}),
    )
    verdict.wrong += breaches(before, Tables(estate.rows_of(company.tenant.dump())), path_restriction)
    return verdict


def draw(random: Random, *, harmless: bool) -> list[trespasses.Move]:
    """Draw what a file says."""
    if harmless:
        return random.sample(trespasses.HARMLESS, random.randint(1, 4))
    chosen = random.sample(trespasses.HARMLESS, random.randint(0, 2)) + random.sample(
        trespasses.HOSTILE, random.randint(1, 2)
    )
    random.shuffle(chosen)
    return chosen
