"""Who could act as a client is read again right before it is given anything, wherever that is not known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.checks import watches
from entra_config.kinds import federated_credential
from entra_config.kinds.details import OWNERS, ObjectOwner
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.manifest.model import EnterpriseApplication
from entra_config.manifest.parts import Certificate, FederatedCredential
from entra_config.plan.model import Change, Create, Restore, Update
from entra_config.plan.steps import Among, Looked
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
    """A deleted one, or one that is not there, has no mark; who was accepted may act as it."""
    live = {} if subject is None else {"api": Live(subject)}
    own = replace(manifest(protected=True), accepted={"app": frozenset({"k"}), "": frozenset({"other"})})
    directory = Directory("https://graph", live=live, vetted=frozenset({"v"}))

    (found,) = watches.looks(own, directory, {}, ["deployer"]).values()

    assert found.marked is marked
    assert all(each.always for each in (*found.owners, *found.others)) is (subject is not None)
    owners = found.owners[0].probe.expect
    assert isinstance(owners, Among)
    assert [each["id"] for each in owners.matches] == ["deployer", *(["k"] if subject else ["other"]), "v"]


TRUSTS = {
    "ci": FederatedCredential("ci", "https://issuer", "main"),
    "any": FederatedCredential("any", "https://issuer", "", expression="claims['sub'] matches 'a'"),
}
ALLOWED = (
    {"id": "k"},
    {"name": "ci", "issuer": "https://issuer", "subject": "main"},
    {
        "name": "any",
        "issuer": "https://issuer",
        "subject": None,
        "claimsMatchingExpression": {"value": "claims['sub'] matches 'a'"},
    },
)


@pytest.mark.parametrize("protected", [False, True])
@pytest.mark.parametrize("enterprise", [None, EnterpriseApplication("api")])
def test_what_the_manifest_declares_may_act_as_it(
    enterprise: EnterpriseApplication | None, protected: bool
) -> None:
    """Its federated credentials, of which beta alone tells an expression; its certificates by their keys."""
    certificate = Certificate("ci", "der", "ab12", "CI")
    one = replace(OWNED, enterprise=enterprise, federated_credentials=TRUSTS, certificates=(certificate,))
    own = replace(
        manifest(protected=protected), applications={"api": one}, accepted={"app": frozenset({"k"})}
    )
    directory = Directory("https://graph", live={"api": Live(Subject("api", BODY))})

    (found,) = watches.looks(own, directory, {}, ["deployer"]).values()

    probes = [each.probe for each in (*found.owners, *found.others)]
    last = probes[1 if protected else -1]
    assert last.request.beta
    looked = [each.expect for each in probes if isinstance(each.expect, Looked)]
    among = [each.expect for each in probes if isinstance(each.expect, Among)]
    inside = [each for one in looked for each in one.among]
    assert len(looked) == protected
    federated = (
        [each for each in inside if each.path == federated_credential.PATH] if protected else among[-1:]
    )
    assert [each.matches for each in federated] == [ALLOWED]
    keys = ({"keyId": "k"}, {"key": "der"}, {"key": None, "customKeyIdentifier": "AB12"})
    listed = [each.matches for each in (*inside, *among) if each.path == "keyCredentials"]
    assert listed == [keys] * (2 if enterprise else 1)
