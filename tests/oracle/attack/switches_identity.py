"""The rules of identity, each with what the engine is without it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from entra_config.apply.probes import ProbeResult
from entra_config.claimants import Claim, Rank
from entra_config.kinds.base import KEY_TAG, OWNER_TAG, unique_name
from entra_config.plan.steps import Bears
from tests.oracle.attack.attacker import HARMLESS
from tests.oracle.attack.switches import Switch
from tests.oracle.attack.worlds import COMING, REUSED


def without_case(_: Any) -> Any:
    """Compare marks as Graph's filters do."""

    def is_ours(app: Any, owner: str) -> bool:
        owners, keys = _marks(app, OWNER_TAG), _marks(app, KEY_TAG)
        return [each.casefold() for each in owners] == [owner.casefold()] and len(keys) == 1

    return is_ours


def others_without_case(original: Any) -> Any:
    """See no other owner in one whose name differs in case only."""

    def other_owner(app: Any, owner: str) -> Any:
        alike = owner.casefold() in {each.casefold() for each in _marks(app, OWNER_TAG)}
        return "" if alike else original(app, owner)

    return other_owner


def first_mark(_: Any) -> Any:
    """Take ours among several owners' marks for a claim."""
    return lambda app, owner: owner in _marks(app, OWNER_TAG) and bool(_marks(app, KEY_TAG))


def first_key(_: Any) -> Any:
    """Take the first of several keys."""
    return lambda app: next(iter(_marks(app, KEY_TAG)), "")


def by_name(original: Any) -> Any:
    """Let who holds the uniqueName of a key claim it."""

    def claims(manifest: Any, candidates: Any, proofs: Any) -> Iterator[Claim]:
        found = list(original(manifest, candidates, proofs))
        yield from found
        named = {unique_name(manifest, key): key for key in manifest.applications}
        for apps, deleted in ((candidates.live, False), (candidates.deleted, True)):
            for app in {app["id"]: app for app in apps}.values():
                key = named.get(app.get("uniqueName") or "")
                if key is not None and app["id"] not in {claim.app["id"] for claim in found}:
                    yield Claim(key, Rank.MARKED, app, deleted)

    return claims


def all_alike(original: Any) -> Any:
    """Let every claim count as much as any other."""

    def decide(manifest: Any, key: str, claims: Any, **options: Any) -> Any:
        return original(manifest, key, [replace(claim, rank=Rank.MADE) for claim in claims], **options)

    return decide


def nothing_proven(original: Any) -> Any:
    """Let a proof rank no higher than marks."""

    def rank(*arguments: Any) -> Rank:
        found: Rank = original(*arguments)
        return Rank.MARKED if found is Rank.PROVEN else found

    return rank


def found_by_marks(original: Any) -> Any:
    """Take whoever holds the name and bears the marks for what our POST made."""

    def seen(probe: Any, response: Any, items: Any) -> ProbeResult:
        if (
            isinstance(probe.expect, Bears)
            and response.ok
            and any(tag.startswith(OWNER_TAG) for tag in response.body["tags"])
        ):
            return ProbeResult(holds=True, item=response.body)
        found: ProbeResult = original(probe, response, items)
        return found

    return seen


def made_by_mark(original: Any) -> Any:
    """Let the mark of a creation prove who made it, once it is written."""

    def rank(manifest: Any, app: Any, proofs: Any) -> Rank:
        marked = any(tag.startswith("entra-config:created=") for tag in app.get("tags") or ())
        found: Rank = original(manifest, app, proofs)
        return Rank.MADE if marked and found is Rank.MARKED else found

    return rank


def nobody_rejected(original: Any) -> Any:
    """Let a rejected application claim again."""
    return lambda manifest, *rest: original(replace(manifest, rejected=frozenset()), *rest)


def by_tags_first(original: Any) -> Any:
    """Let the tags of a pinned application say which declared key it is."""

    def find_key(manifest: Any, app: Any, *, deleted: bool = False) -> Any:
        tagged = _marks(app, KEY_TAG) if _marks(app, OWNER_TAG) == [manifest.owner] else []
        declared = len(tagged) == 1 and tagged[0] in manifest.applications
        return tagged[0] if declared else original(manifest, app, deleted=deleted)

    return find_key


def never_renamed(_: Any) -> Any:
    """Leave the pin of what was renamed under its old key."""
    return lambda *_: None


def unprotected(original: Any) -> Any:
    """Decide as where nothing is protected."""
    return lambda manifest, *rest, **options: original(replace(manifest, protected=False), *rest, **options)


def one_name(original: Any) -> Any:
    """Try one name only."""

    def series(manifest: Any, key: str) -> Iterator[str]:
        yield next(original(manifest, key))

    return series


def first_name(original: Any) -> Any:
    """Take the first name where all are held."""

    def choose(manifest: Any, keys: Any, *rest: Any, **options: Any) -> Any:
        chosen, notices = original(manifest, keys, *rest, **options)
        return {
            key: name if isinstance(name, str) else unique_name(manifest, key) for key, name in chosen.items()
        }, notices

    return choose


def _marks(app: Any, prefix: str) -> list[str]:
    return sorted({tag.removeprefix(prefix) for tag in app.get("tags") or () if tag.startswith(prefix)})


SWITCHES = (
    Switch(
        "marks are compared exactly",
        {"claimants:is_ours": without_case, "identity:_other_owner": others_without_case},
        {"crowded": True, "start": "nothing"},
    ),
    Switch(
        "another owner's mark is a wall",
        {"identity:_other_owner": lambda _: lambda *_: ""},
        {"handed": True, "pinned": True, "start": "all", "goal": "same"},
    ),
    Switch(
        "two owner or two key marks are no claim",
        {"claimants:is_ours": first_mark, "claimants:key_of": first_key},
        {"start": "nothing", "pinned": False},
        ("plant", "mimic"),
    ),
    Switch(
        "a uniqueName is no claim", {"identity:_claims": by_name}, {"start": "nothing"}, ("occupy", "plant")
    ),
    Switch(
        "the higher claim wins",
        {"identity:_decide": all_alike},
        {"pinned": True, "start": "all", "goal": "same"},
        ("plant", "squat"),
    ),
    Switch(
        "a proof ranks above marks",
        {"identity:_rank": nothing_proven},
        {"pinned": False, "start": "all", "goal": "same", "named": True, "deployer": "application"},
        ("plant", "squat"),
    ),
    Switch(
        "a lost creation is found by its own mark",
        {"apply.probes:seen": found_by_marks},
        {"protected": True, "start": "nothing", "chance": 0.25},
        ("squat", "plant", "arm"),
    ),
    Switch(
        "a mark of a creation proves nothing later",
        {"identity:_rank": made_by_mark},
        {"protected": True, "start": "some", "named": True},
        ("plant", "mimic", "squat"),
    ),
    Switch(
        "a rejected application claims nothing", {"identity:_claims": nobody_rejected}, {}, ("plant", "squat")
    ),
    Switch("a pin binds its key", {"claimants:find_key": by_tags_first}, COMING, ("retag",), 20),
    Switch(
        "a rename that is applied moves the pin",
        {"pinning.made:Pins._note_rename": never_renamed},
        REUSED,
        ("plant", "squat"),
        20,
    ),
    Switch(
        "a protected environment restores, deletes and releases nothing unproven",
        {"identity:_decide": unprotected},
        {"protected": True, "start": "some", "goal": "destroy"},
        ("plant", "squat"),
    ),
    Switch(
        "the name of a creation is of a series",
        {"actual.unique_names:series": one_name, "actual.unique_names:choose": first_name},
        {"quiet": True, "start": "nothing"},
        HARMLESS,
    ),
    Switch(
        "where the series is held, the mark of the creation is the name",
        {"actual.unique_names:choose": first_name},
        {"quiet": True, "start": "nothing", "patience": 30},
        HARMLESS,
    ),
)
