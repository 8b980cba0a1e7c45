"""A seed in; a pull request drawn, planned, shown, applied, and what of its effects no reviewer could
read, out.
"""

from __future__ import annotations

import asyncio
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from entra_config.drift.edits import find_edits
from entra_config.errors import EntraConfigError
from entra_config.manifest import loader
from entra_config.plan import file as plan_file
from entra_config.report import html, markdown, text
from entra_config.report import json as document
from tests.oracle.review import estate, moves, noise, views
from tests.oracle.review.estate import Company, Files
from tests.oracle.review.givers import Giver, givers
from tests.oracle.review.tables import Tables
from tests.workflows import scripts
from tests.world import carry_on

if TYPE_CHECKING:
    from entra_config.manifest.model import Manifest
    from entra_config.plan.model import Plan

# What lifts the limits that are about losses and other owners, not about what is read.
WORDS = frozenset({"many", "last", "used", "delete", "restore", "dangerous", "takeover"})
ROOM = 300_000  # five comments
RUN = "https://github.example/example/shop/actions/runs/1"


@dataclass
class Verdict:
    """How one pull request ended. `unread` are effects that a view does not tell, by the view; `red`: too
    much for the room.
    """

    seed: int
    moves: tuple[str, ...] = ()
    refused: str = ""
    red: bool = False
    givers: Counter[str] = field(default_factory=Counter)
    unread: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def failures(self) -> list[str]:
        """Return what must not be."""
        return [f"seed {self.seed} ({', '.join(self.moves)}): {each}" for each in (*self.wrong, *self.unread)]


def tried(seed: int) -> Verdict:
    """Try one pull request; what breaks the trial itself is its failure."""
    try:
        return once(seed)
    except Exception:  # noqa: BLE001  # a proof counts what broke, and goes on
        return Verdict(seed, wrong=[traceback.format_exc(limit=-4)])


def once(seed: int, chosen: Sequence[moves.Move] = ()) -> Verdict:
    """Draw a pull request and judge it; its moves are drawn too where none are chosen."""
    random = Random(f"review {seed}")
    with TemporaryDirectory() as folder:
        return asyncio.run(_story(seed, random, Path(folder), chosen))


async def _story(seed: int, random: Random, folder: Path, given: Sequence[moves.Move]) -> Verdict:
    company = estate.draw(random)
    base = company.write(company.files, folder / "base")
    for name in company.environments:
        await _settle(company, loader.load(base, name))
    company.tenant.clock.advance(3600)
    if random.random() < 0.15:
        await _delete(company, random.choice(("phone", "web")))
    changed, chosen = draw(company, given)
    verdict = Verdict(seed, tuple(chosen))
    change = company.write(changed, folder / "change")
    try:
        manifests = [loader.load(change, name) for name in company.environments]
    except EntraConfigError as error:
        verdict.refused = f"manifest: {error}"
        return verdict
    try:
        plans = [
            await company.tenant.plan(each, WORDS, edits=_edits(base, change, each)) for each in manifests
        ]
    except EntraConfigError as error:
        verdict.refused = f"reading: {error}"
        return verdict
    bodies = comments(plans, folder / "plans")
    blocking = [refusal for plan in plans for refusal in plan.refusals if refusal.blocks]
    verdict.red = any(refusal.word == "unseen" for refusal in blocking)
    if others := [refusal.message for refusal in blocking if refusal.word != "unseen"]:
        verdict.refused = others[0]
        return verdict
    before = Tables(estate.rows_of(company.tenant.dump()))
    for plan, manifest in zip(plans, manifests, strict=True):
        await _apply(company, plan, manifest)
    found = list(givers(before, Tables(estate.rows_of(company.tenant.dump())), appliers=appliers(company)))
    verdict.givers.update(giver.what for giver in found)
    if verdict.red:
        verdict.wrong += roomy(found, len(plans))
        return verdict
    verdict.wrong += [f"a comment of {len(body)} characters" for body in bodies if len(body) > views.MOST]
    verdict.wrong += [*armed(company, found), *misdirected(found)]
    # What no plan says has nothing to do with this change: it was refused, or goes nowhere.
    verdict.unread = [*unread(plans, bodies, [*found, *company.hidden, *alike(company, found)])]
    return verdict


def draw(company: Company, given: Sequence[moves.Move] = ()) -> tuple[Files, list[str]]:
    """Draw what a pull request changes."""
    random = company.random
    files = estate.copied(company.files)
    if given:
        return files, [move.__name__ for move in given if move(company, files)]
    chosen = random.sample(moves.POWERS, random.randint(1, 4))
    chosen += [noise.noise] * (random.random() < 0.7) + [noise.flood] * (random.random() < 0.1)
    random.shuffle(chosen)
    return files, [move.__name__ for move in chosen if move(company, files)]


def comments(plans: list[Plan], folder: Path) -> list[str]:
    """Return what the pull request's comments would say."""
    folder.mkdir()
    for plan in plans:
        (folder / f"{plan.environment}.md").write_text(markdown.render(plan), encoding="utf-8")
        (folder / f"{plan.environment}.json").write_text(plan_file.text(plan), encoding="utf-8")
    found: list[str] = scripts.load("comment").bodies(folder, ["prod", "dev"], RUN)
    return found


def unread(plans: list[Plan], bodies: list[str], found: list[Giver]) -> list[str]:
    """Return each effect that one of the views does not tell."""
    read = {
        "text": [place for plan in plans for place in views.text(text.render(plan))],
        "comment": views.comments(bodies),
        "html": [place for plan in plans for place in views.html(html.render(plan))],
    }
    reported = [f"{name}: {giver}" for name, places in read.items() for giver in views.missing(found, places)]
    if any("lines are cut here" in body for body in bodies):
        # What others did in the tenant is in the rest, of which something is said to be elsewhere.
        reported = [
            each for each in reported if not each.startswith(("comment: planted", "comment: look-alike"))
        ]
    raw = [place for plan in plans for place in views.document(document.render(plan))]
    return reported + [f"json: {giver}" for giver in views.missing(found, raw, how=str)]


def alike(company: Company, found: list[Giver]) -> Iterator[Giver]:
    """Yield that a group which gets a role looks like another one, where it does: a Cyrillic letter for a
    Latin one.
    """
    for giver in found:
        for name in giver.needs[-1] if giver.what == "role" else ():
            latin = name.replace("\u041e", "O")
            if latin != name and latin in {row["displayName"] for row in company.tenant.rows.groups}:
                yield Giver("look-alike", ((name,), (latin,), ("look alike",)))


def misdirected(found: list[Giver]) -> list[str]:
    """Return what was consented at an application that no policy lists, whatever a name was led to."""
    given = [giver for giver in found if giver.what in {"role", "consent"}]
    at = [giver for giver in given if "Payroll" in giver.needs[0 if giver.what == "role" else 1]]
    return [
        f"consented by a name that means another: {giver}"
        for giver in at
        if giver.what == "consent" or _is_ours(giver)
    ]


def _is_ours(giver: Giver) -> bool:
    return giver.needs[-1][0] in {"job", "web", "team-job", "team-desk"}


def roomy(found: list[Giver], plans: int) -> list[str]:
    """Return what is wrong with a red plan: that what it gives would have fitted easily."""
    size = sum(len(need[0]) + 12 for giver in found for need in giver.needs)
    return [] if size > ROOM / plans / 3 else [f"red, and its effects take {size} characters only"]


def armed(company: Company, found: list[Giver]) -> list[str]:
    """Return what was given to an application that somebody planted a credential in, and that still has
    it.
    """
    rows = company.tenant.rows
    left = {row["_application"] for row in rows.federated_identity_credentials if row["name"] == "planted"}
    left |= {
        row["id"]
        for row in rows.applications
        if any(each["displayName"] == "planted" for each in row["passwordCredentials"])
    }
    armed_ids = {row["appId"] for row in rows.applications if row["id"] in left} & set(company.planted)
    given = [giver for giver in found if giver.what in {"role", "consent", "authorized client"}]
    return [f"armed: {giver}" for giver in given for need in giver.needs if set(need) & armed_ids]


def appliers(company: Company) -> frozenset[str]:
    """Return who applies."""
    return frozenset({company.ids("service_principals", "displayName")[estate.DEPLOYER]})


def _edits(base: Path, change: Path, manifest: Manifest) -> Any:
    return find_edits(manifest, change, str(base))


async def _delete(company: Company, key: str) -> None:
    """Let an administrator delete one of ours by mistake."""
    marks = {f"entra-config:key={key}", "entra-config:owner=shop/prod"}
    (row,) = [row for row in company.tenant.rows.applications if marks <= set(row["tags"])]
    async with company.tenant.administrator() as client:
        assert (await client.delete(f"/applications/{row['id']}")).is_success


async def _settle(company: Company, manifest: Manifest) -> None:
    plan = await company.tenant.plan(manifest, WORDS)
    assert not plan.blocked, [refusal.message for refusal in plan.refusals]
    outcome = await company.tenant.apply(plan)
    assert outcome.complete, outcome.failed


async def _apply(company: Company, plan: Plan, manifest: Manifest) -> None:
    if plan.blocked:
        plan = await company.tenant.plan(manifest, {*WORDS, "unseen"})
    outcome = await company.tenant.apply(plan)
    assert outcome.complete, [f"{step.id}: {error}" for step, error in outcome.failed]
    await carry_on(plan, outcome, lambda: company.tenant.plan(manifest, WORDS), company.tenant.apply)


def reported(verdicts: list[Verdict]) -> dict[str, Any]:
    """Return what many runs came to."""
    return {
        "pull requests": len(verdicts),
        "refused": sum(bool(each.refused) for each in verdicts),
        "red": sum(each.red for each in verdicts),
        "givers": sum(sum(each.givers.values()) for each in verdicts),
        "failures": sum(len(each.failures) for each in verdicts),
    }
