"""What an application's marks say, and what is said of one that claims a key and does not get it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config import claimants
from entra_config.claimants import Claim, Rank
from entra_config.errors import Position, Problem
from entra_config.kinds.base import application_address
from entra_config.manifest.model import Application, Manifest
from entra_config.plan.model import Notice
from tests.unit.plan.estates import manifest

HERE, THERE = Position("m.yaml", 3), Position("m.yaml", 8)
OWNER, KEY = "entra-config:owner=", "entra-config:key="


def app(*tags: str, **more: Any) -> dict[str, Any]:
    """Return an application of the tenant."""
    return {"displayName": "App", "appId": "a1", "tags": list(tags), **more}


def own(**more: Any) -> Manifest:
    """Return a manifest that declares one application and has removed another."""
    removed = Application("gone", "api", {}, position=THERE)
    return replace(
        manifest(),
        applications={"api": Application("api", "api", {}, position=HERE)},
        removed={"gone": removed},
        **more,
    )


OURS = f"{OWNER}{own().owner}"


@pytest.mark.parametrize(
    ("tags", "owners", "key", "ours"),
    [
        ([OURS, f"{KEY}api"], [own().owner], "api", True),
        ([OURS, f"{KEY}api", f"{KEY}api"], [own().owner], "api", True),
        ([OURS], [own().owner], "", False),
        ([OURS, f"{KEY}a", f"{KEY}b"], [own().owner], "", False),
        ([OURS, f"{OWNER}b/a", f"{KEY}api"], sorted([own().owner, "b/a"]), "api", False),
        ([f"{OWNER}b/a", f"{KEY}api"], ["b/a"], "api", False),
        (None, [], "", False),
    ],
    ids=["ours", "twice the same", "no key", "two keys", "two owners", "another owner", "no tags"],
)
def test_an_application_is_ours_by_one_owner_and_one_key(
    tags: list[str] | None, owners: list[str], key: str, ours: bool
) -> None:
    """Hold what its marks say, in order."""
    found = {**app(), "tags": tags}

    assert claimants.marks(found, OWNER) == owners
    assert (claimants.key_of(found), claimants.is_ours(found, own().owner)) == (key, ours)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, "created None"),
        ({"createdDateTime": "2026"}, "created 2026"),
        ({"createdDateTime": "2026", "createdByAppId": "m1"}, "created 2026 by application 'Maker' (m1)"),
        ({"createdDateTime": "2026", "createdByAppId": "m2"}, "created 2026 by application m2"),
    ],
)
def test_who_made_an_application(more: dict[str, Any], expected: str) -> None:
    """Hold that its maker is named where the name is known."""
    assert claimants.created(app(**more), {"m1": "Maker"}) == expected


@pytest.mark.parametrize(
    ("name", "key"),
    [
        (None, ""),
        ("api", ""),
        (".api", "api"),
        (".api.2", "api"),
        (f".api.{'0' * 32}", "api"),
        (".api.10", ""),
        ("x.api", ""),
    ],
)
def test_the_key_that_an_application_was_created_for(name: str | None, key: str) -> None:
    """Its uniqueName says so, of this owner's series alone."""
    prefix = own().owner.replace("/", ".")
    assert claimants.created_for(own(), app(uniqueName=name and prefix + name)) == key


@pytest.mark.parametrize(
    ("deleted", "state"), [((True, True), "deleted "), ((True, False), ""), ((False, False), "")]
)
@pytest.mark.parametrize(("key", "place"), [("api", HERE), ("gone", THERE), ("other", None)])
def test_several_claim_a_key(
    deleted: tuple[bool, bool], state: str, key: str, place: Position | None
) -> None:
    """Hold that all are named in order, and called deleted only if all are."""
    claims = [
        Claim(key, Rank.MARKED, app(displayName=name, appId=id_), gone)
        for (name, id_), gone in zip((("B", "b"), ("A", "a")), deleted, strict=True)
    ]
    assert claimants.several(own(), key, claims) == Problem(
        place,
        f"several {state}applications claim to be `{key}`: 'A' (appId a), 'B' (appId b). Say which one with "
        f"`appId:`, or `entra-config lock {own().chosen}` with `--accept {key}=APPID`; `--reject APPID` for "
        "the others",
    )


@pytest.mark.parametrize(
    ("best", "reason"),
    [
        (Rank.PIN, "`appId` decides"),
        (Rank.MADE, "this run made another one"),
        (Rank.PROVEN, "another one is proven to be ours"),
        (Rank.MARKED, "another one is ours"),
    ],
)
@pytest.mark.parametrize(("key", "place"), [("api", HERE), ("gone", THERE), ("other", None)])
def test_who_claims_a_key_and_does_not_get_it(best: Rank, reason: str, key: str, place: Any) -> None:
    """Hold why, and what ends it."""
    assert claimants.impostor(own(), key, Claim(key, Rank.MARKED, app()), best) == Notice(
        f"application 'App' (appId a1) has the ownership tags of {key} too, but {reason}; "
        f"`entra-config lock {own().chosen} --reject a1` ends this line",
        application_address(key),
        place,
    )


@pytest.mark.parametrize(("deleted", "spared"), [(True, "restored"), (False, "deleted or released")])
@pytest.mark.parametrize(("key", "place"), [("api", HERE), ("gone", THERE), ("other", None)])
def test_what_nothing_but_marks_proves_is_passed_over(
    deleted: bool, spared: str, key: str, place: Any
) -> None:
    """Hold what is not done to it, and what a person can do."""
    claim = Claim(key, Rank.MARKED, app(createdDateTime="2026"), deleted)
    assert claimants.passed_over(own(), key, claim, {}) == Notice(
        f"application 'App' (appId a1) has the ownership tags of {key}, and nothing proves that it is ours "
        f"(created 2026): not {spared}; look, then `entra-config lock {own().chosen} --accept {key}=a1`, or "
        "`--reject a1`",
        application_address(key),
        place,
    )


def test_what_bears_our_mark_and_is_no_key_s() -> None:
    """Hold strangers' marks in one line, one that is nobody's, one that is not declared, and that what was
    rejected or is of another owner is silent.
    """
    upper = f"{OWNER}{own().owner.upper()}"
    apps = [
        app(upper, displayName="B", appId="b"),
        app(f"{OWNER}else/where", appId="x"),
        app(OURS, appId="n"),
        app(OURS, f"{KEY}old", appId="o"),
        app(OURS, f"{KEY}left", appId="l"),
        app(OURS, appId="r"),
        app(upper, displayName="A", appId="a"),
    ]
    kept = own(rejected=frozenset({"r"}), excluded=frozenset({"left"}))
    undeclared = "has our ownership tags (key '{}') and the manifest does not declare it: {}"
    hint = (
        "list it under `removed:` to delete or release it; if it was renamed, `previously: old` stays at "
        "its new key until that is applied"
    )
    assert list(claimants.external_marks(kept, apps)) == [
        Notice(
            "application 'App' (appId n) has tags of several owners or not one key, so it is nobody's: it is "
            "left alone"
        ),
        Notice(f"application 'App' {undeclared.format('old', hint)}"),
        Notice(f"application 'App' {undeclared.format('left', 'it is left out of this environment')}"),
        Notice(
            f"strangers' marks differ from {own().owner} only in the case of a letter: 'A' (appId a), 'B' "
            "(appId b); they are left alone"
        ),
    ]
    assert list(claimants.external_marks(kept, apps[1:2])) == []
