"""Which object of the tenant is which application of the manifest: all that was read in, one object a key
out, or problems.

claim on an object                            rank    taken by
`appId:` of the key (manifest, lock file)     PIN     the key, live or deleted; marks then decide nothing
our marks, and this run's own POST made it    MADE    the key that the mark names, or whose `previously` does
our marks, and its maker is proven            PROVEN  the same
our marks alone                               MARKED  the same

state                           what becomes of it
one claim of the highest rank   that object is the key's; each lower claim is an impostor, and told
two claims of the highest rank  an error that names every claimant; by marks alone, of a key that leaves: told
one appId pinned to two keys    an error that names both
live and deleted                a pinned one decides; else live ones go first, whatever rank the deleted have
one owner mark or key mark too many, or few no claim; on a pinned object the surplus is taken off
another owner's mark, not ours  a wall: no claim; with `appId:` it is told as taken over, which needs its word
our mark but for the case of a letter external, reported once
marks alone, protected, deleted or removed told and passed over: nothing unproven is restored,
deleted or released
`uniqueName` alone                         no claim: who holds the name is told when a name is chosen
a rejected appId                           no candidate for anything
pinned for one key, marks of another    the key that it is pinned for: no other key has it, declared or not
pinned for a key that is renamed        the new key, which names the old one by `previously`
pinned for a key that is not declared   no candidate for any other key: told, and left alone
pinned in another environment           no candidate here: told, and left alone; pinned here too: an error
an `appId:` that is gone                an error in the manifest; in the lock file told, and it claims nothing
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from entra_config import claimants
from entra_config.claimants import Candidates, Claim, Json, Proofs, Rank, marks
from entra_config.errors import Problem
from entra_config.kinds.base import OWNER_TAG, application_address
from entra_config.manifest.model import Manifest
from entra_config.plan.model import Notice


@dataclass(frozen=True, slots=True)
class Identified:
    """The application behind each key, which of them are deleted, whose they were, why they are trusted;
    and what to say.
    """

    applications: Mapping[str, Json]
    deleted: frozenset[str]
    notices: tuple[Notice, ...] = ()
    problems: tuple[Problem, ...] = ()
    ranks: Mapping[str, Rank] = field(default_factory=dict)
    taken: Mapping[str, str] = field(default_factory=dict)


def identify(manifest: Manifest, candidates: Candidates, proofs: Proofs | None = None) -> Identified:
    """Return the object of each key: at most one object for a key, and at most one key for an object."""
    claims = list(_claims(manifest, candidates, proofs or Proofs()))
    chosen: dict[str, Claim] = {}
    notices: list[Notice] = []
    wrong = list(_wrong_pins(manifest))
    problems = [problem for _, problem in wrong]
    undecidable = {key for keys, _ in wrong for key in keys}
    by_key: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_key[claim.key].append(claim)
    for key in (*manifest.applications, *manifest.removed):
        if key in undecidable:
            continue
        found, reported, undecided = _decide(
            manifest,
            key,
            by_key[key],
            whole=candidates.whole,
            names=candidates.names,
        )
        notices += reported
        problems += undecided
        if found is not None:
            chosen[key] = found
    taken = {
        key: other for key, claim in chosen.items() if (other := _other_owner(claim.app, manifest.owner))
    }
    claimed = {claim.app["id"] for claim in claims}
    notices += claimants.external_marks(
        manifest, [app for app in _once(candidates.live) if app["id"] not in claimed]
    )
    return Identified(
        {key: claim.app for key, claim in chosen.items()},
        frozenset(key for key, claim in chosen.items() if claim.deleted),
        tuple(notices),
        tuple(problems),
        {key: claim.rank for key, claim in chosen.items()},
        taken,
    )


def _once(apps: Iterable[Json]) -> Iterator[Json]:
    yield from {app["id"]: app for app in apps}.values()


def _claims(manifest: Manifest, candidates: Candidates, proofs: Proofs) -> Iterator[Claim]:
    for apps, deleted in ((candidates.live, False), (candidates.deleted, True)):
        for app in _once(apps):
            if key := claimants.find_key(manifest, app, deleted=deleted):
                yield Claim(key, _rank(manifest, app, proofs), app, deleted)


def _rank(manifest: Manifest, app: Json, proofs: Proofs) -> Rank:
    if manifest.keys_by_pin.get(app["appId"], ""):
        return Rank.PIN
    if app["id"] in proofs.made:
        return Rank.MADE
    return Rank.PROVEN if app["appId"] in proofs.proven else Rank.MARKED


def _decide(
    manifest: Manifest,
    key: str,
    claims: list[Claim],
    *,
    whole: bool,
    names: Mapping[str, str],
) -> tuple[Claim | None, list[Notice], list[Problem]]:
    """Return the claim that wins a key, what to say of the others, and why none can win."""
    declared = manifest.applications.get(key)
    reported: list[Notice] = []
    pins = [claim for claim in claims if claim.rank is Rank.PIN]
    if declared is not None and declared.app_id and not pins:
        if not whole:
            return None, [], []
        if not declared.locked:
            return None, [], [Problem(declared.position, claimants.gone(key, declared.app_id))]
        message = claimants.pin_is_gone(key, declared.app_id)
        reported.append(Notice(message, application_address(key), declared.position))
    if manifest.protected and whole:
        passed = [
            claim
            for claim in claims
            if claim.rank is Rank.MARKED and (claim.deleted or key in manifest.removed)
        ]
        claims = [claim for claim in claims if claim not in passed]
        reported += [claimants.passed_over(manifest, key, claim, names) for claim in passed]
    field_of = pins or [claim for claim in claims if not claim.deleted] or claims
    best = min((claim.rank for claim in field_of), default=Rank.MARKED)
    winners = [claim for claim in field_of if claim.rank is best]
    if len(winners) > 1 and key in manifest.removed and best is Rank.MARKED:
        # Anybody can write such marks: what leaves the manifest stops nothing that stays in it.
        reported += [claimants.passed_over(manifest, key, claim, names) for claim in winners]
        return None, reported, []
    if len(winners) > 1:
        return None, reported, [claimants.several(manifest, key, field_of)]
    if winners:
        reported += [
            claimants.impostor(manifest, key, claim, best)
            for claim in claims
            if claim is not winners[0] and not claim.deleted
        ]
    return (winners[0] if winners else None), reported, []


def _wrong_pins(manifest: Manifest) -> Iterator[tuple[tuple[str, ...], Problem]]:
    seen: dict[str, str] = {}
    for key, application in manifest.applications.items():
        if application.app_id is None:
            continue
        pinned = f"pinned to appId {application.app_id}"
        if (first := seen.setdefault(application.app_id, key)) != key:
            yield (
                (first, key),
                Problem(application.position, f"`{key}` and `{first}` are {pinned} both: it is one of them"),
            )
        if application.app_id in manifest.rejected:
            yield (key,), Problem(application.position, f"`{key}` is {pinned}, which the lock file rejects")


def _other_owner(app: Json, owner: str) -> str:
    """Return whose mark an application bears where it is not ours."""
    owners = marks(app, OWNER_TAG)
    return "" if owner in owners or not owners else ", ".join(owners)
