"""Who could act as a client is read again right before it is given anything, wherever that is not known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.checks import watches
from entra_config.kinds.details import OWNERS, ObjectOwner
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.plan.model import Change, Create, Restore, Update
from entra_config.plan.steps import Among
from entra_config.resource import Resource
from tests.unit.plan.estates import API, manifest

BODY = {"id": "1", "appId": "app"}
BEFORE = Resource(API, {})
MALLORY = {OWNERS: (ObjectOwner("m", "user", "Mallory"),)}
# The plan removes her where the manifest says who owns it.
OWNED = replace(manifest().applications["api"], owners=())


@pytest.mark.parametrize(
    ("subject", "change", "more", "always"),
    [
        (None, Create(BEFORE), {}, False),
        (Subject("api", BODY), None, {}, True),  # nothing but its marks says that it is ours
        (Subject("api", BODY), None, {"vouched": True}, False),
        (Subject("api", BODY), Update(BEFORE, BEFORE), {"vouched": True}, False),
        (Subject("api", BODY), Update(BEFORE, BEFORE, adopts=True), {"vouched": True}, True),
        (Subject("api", BODY), Restore(BEFORE, BEFORE), {"vouched": True}, True),
        (Subject("api", BODY), None, {"vouched": True, "details": MALLORY}, False),  # she is told, and stays
        (Subject("api", BODY), None, {"vouched": True, "details": MALLORY, "owned": True}, True),
        (Subject("api", None, {"id": "sp"}), None, {"vouched": True}, False),
    ],
)
def test_it_is_read_again_where_its_past_is_not_known(
    subject: Subject | None, change: Change | None, more: dict[str, Any], always: bool
) -> None:
    """What this very run makes is found again only where somebody else may have made it."""
    live = {} if subject is None else {"api": Live(subject, more.get("details", {}))}
    directory = Directory(
        "https://graph", live=live, vouched=frozenset({"api"} if more.get("vouched") else ())
    )
    own = replace(manifest(), applications={"api": OWNED} if more.get("owned") else manifest().applications)
    changes = {} if change is None else {API: change}

    (found,) = watches.looks(own, directory, changes, ["deployer"]).values()

    assert not found.marked
    assert [each.always for each in (*found.owners, *found.others)] == [always] * 4


@pytest.mark.parametrize(
    ("subject", "marked"),
    [(None, False), (Subject("api", BODY, deleted=True), False), (Subject("api", BODY), True)],
)
def test_in_a_protected_environment_what_is_there_is_marked_first(
    subject: Subject | None, marked: bool
) -> None:
    """A deleted one, or one that is not there, bears no mark; who was accepted may act as it."""
    live = {} if subject is None else {"api": Live(subject)}
    own = replace(manifest(protected=True), accepted={"app": frozenset({"k"}), "": frozenset({"other"})})
    directory = Directory("https://graph", live=live, vetted=frozenset({"v"}))

    (found,) = watches.looks(own, directory, {}, ["deployer"]).values()

    assert found.marked is marked
    assert all(each.always for each in (*found.owners, *found.others)) is (subject is not None)
    owners = found.owners[0].probe.expect
    assert isinstance(owners, Among)
    assert [each["id"] for each in owners.matches] == ["deployer", *(["k"] if subject else ["other"]), "v"]
