"""What is not declared of an application, who doubts it then, and what is withheld."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.checks import trust
from entra_config.errors import Position
from entra_config.kinds.details import ENTERPRISE_OWNERS, OWNERS, FederatedTrust, ObjectOwner
from entra_config.kinds.directory import Directory, Live, Principal, Subject
from entra_config.kinds.federated_credential import FEDERATED
from entra_config.manifest.model import Application, EnterpriseApplication, Manifest, Named
from entra_config.manifest.parts import Certificate, FederatedCredential
from entra_config.manifest.sinks import DeclaredSecret
from entra_config.plan.model import Watched
from tests.unit.plan.estates import manifest

HERE = Position("api.yaml", 3, 1)
BODY = {"id": "id-api", "appId": "a"}
SERVICE = {"id": "sp-api"}
BOTH = ("id-api", "sp-api")
ANN, BOB = ObjectOwner("ann", "user", "Ann", "ann@x"), ObjectOwner("bob", "user", "Bob")
JOB, EXT = ObjectOwner("sp-job", "servicePrincipal", "Job"), ObjectOwner("ext", "servicePrincipal", "Ext")
RING = f"entra-config:ring:{'0' * 16}.{'a' * 20}"


def declaring(*, protected: bool = False, **more: Any) -> Manifest:
    """Return a manifest with an API that is declared so, and another."""
    accepted = {"accepted": {"a": more.pop("accepted")}} if "accepted" in more else {}
    applications = {
        "absent": Application("absent", "api", {}),
        "api": Application("api", "api", {}, position=HERE, **more),
    }
    return replace(manifest(protected=protected), applications=applications, **accepted)


def tenant(
    body: dict[str, Any] | None = None,
    details: dict[Any, Any] | None = None,
    principal: dict[str, Any] | None = SERVICE,
    **more: Any,
) -> Directory:
    """Return a tenant with the API."""
    live = {
        "api": Live(Subject("api", BODY | (body or {}), principal), details or {}),
        "job": Live(Subject("job", {"id": "id-job", "appId": "j"}, {"id": "sp-job"})),
    }
    principals = {("user", "Bob"): Principal("bob", "Bob", "user")}
    return Directory(
        "https://graph", live=live, principals=principals, own_principals={"sp-job": "job"}, **more
    )


def owner(who: str, label: str, *, of: str = "id-api", going: bool = False, **more: Any) -> Watched:
    """Return an owner that is not declared."""
    noun = "owner" if of == "id-api" else "owner of the enterprise application"
    ends = {"object": of, "owner": who}
    return Watched(noun, label, who, "owners", (*more.get("ids", BOTH), who), going=going, ends=ends)


def credential(
    noun: str, label: str, key: str, *, going: bool = False, ids: tuple[str, ...] = BOTH
) -> Watched:
    """Return a secret or certificate that is not declared."""
    path = "passwordCredentials" if noun == "secret" else "keyCredentials"
    ends = dict(zip(("object", "principalObject"), ids, strict=False))
    prints = {each["keyId"]: f", thumbprint {each['customKeyIdentifier']}" for each in KEYS}
    detail = prints[key] if noun == "certificate" else ""
    return Watched(noun, label, key, path, ids, going=going, ends=ends, detail=detail)


def federated(label: str, id_: str, *, going: bool = True) -> Watched:
    """Return a federated credential that is not declared."""
    ends = {"object": "id-api", "credential": id_}
    return Watched(
        "federated credential", label, id_, "federatedIdentityCredentials", BOTH, going=going, ends=ends
    )


OWNED = {OWNERS: (ANN, BOB, JOB, EXT)}
ANN_OWNS, BOB_OWNS = owner("ann", "ann@x"), owner("bob", "Bob")
JOB_OWNS, EXT_OWNS = owner("sp-job", "job"), owner("ext", '"Ext" (ext…)')
NAMED = (Named("Bob"), Named("nobody"))
CERTIFICATE = Certificate("ci", "", "ab", "CI")
MADE = {"ring": DeclaredSecret("ring", "vault", None, None, type="certificate")}
KEYS = [
    {"keyId": "k1", "customKeyIdentifier": "AB", "displayName": "declared"},
    {
        "keyId": "k2",
        "customKeyIdentifier": "CD",
        "displayName": "hand",
        "endDateTime": "2027-06-30T12:00:00Z",
    },
    {"keyId": "k3", "customKeyIdentifier": "EF", "displayName": RING, "endDateTime": "2028-06-30T12:00:00Z"},
]
HAND, ROTATED = (
    "hand (until 30 Jun 2027)",
    (f"{RING} (until 30 Jun 2028, of a rotation of ring: an orphan, or not in the lock file yet)"),
)
TRUST = FederatedTrust("f1", "ci", "https://i", "s", ("a", "b"), None)
BY_EXPRESSION = FederatedTrust("f2", "any", "https://i", "", ("a",), None, "e")
TRUSTED = {FEDERATED: (TRUST, BY_EXPRESSION)}
SAID = {
    "ci": FederatedCredential("ci", "https://i", "s", "b"),
    "any": FederatedCredential("any", "https://i", "", "a", expression="e"),
}
CI, ANY = federated("ci (https://i s)", "f1"), federated("any (https://i e)", "f2")
ENTERPRISE = EnterpriseApplication("api", owners=NAMED)
WATCHED: list[tuple[Manifest, Directory, list[Watched]]] = [
    (declaring(), tenant(), []),
    (declaring(), tenant(details=OWNED), [ANN_OWNS, BOB_OWNS, JOB_OWNS, EXT_OWNS]),
    (
        declaring(owners=NAMED),
        tenant(details=OWNED),
        [replace(each, going=True) for each in (ANN_OWNS, JOB_OWNS, EXT_OWNS)],
    ),
    (
        declaring(owners=NAMED, ignore_changes=("owners",)),
        tenant(details=OWNED),
        [ANN_OWNS, JOB_OWNS, EXT_OWNS],
    ),
    (declaring(accepted=frozenset({"ann", "ext"})), tenant(details=OWNED), [BOB_OWNS, JOB_OWNS]),
    (declaring(), tenant(details=OWNED, vetted=frozenset({"ann", "bob"})), [JOB_OWNS, EXT_OWNS]),
    (
        declaring(owners=NAMED),
        tenant(details={OWNERS: (BOB,)}, unsaid=frozenset({"bob"})),
        [replace(BOB_OWNS, going=True)],
    ),
    (declaring(enterprise=ENTERPRISE), tenant(details={OWNERS: (ANN, BOB)}), [ANN_OWNS]),
    (declaring(), tenant(details={ENTERPRISE_OWNERS: (ANN,)}), [owner("ann", "ann@x", of="sp-api")]),
    (
        declaring(enterprise=ENTERPRISE),
        tenant(details={ENTERPRISE_OWNERS: (ANN, BOB)}),
        [owner("ann", "ann@x", of="sp-api", going=True)],
    ),
    (
        declaring(enterprise=EnterpriseApplication("api")),
        tenant(details={ENTERPRISE_OWNERS: (ANN,)}),
        [owner("ann", "ann@x", of="sp-api")],
    ),
    (
        declaring(),
        tenant(
            {"passwordCredentials": [{"keyId": "p", "endDateTime": "2027-06-30T12:00:00Z"}]}, principal=None
        ),
        [credential("secret", "p (until 30 Jun 2027)", "p", ids=("id-api",))],
    ),
    (declaring(accepted=frozenset({"p"})), tenant({"passwordCredentials": [{"keyId": "p"}]}), []),
    (
        declaring(certificates=(CERTIFICATE,)),
        tenant({"keyCredentials": KEYS}),
        [
            credential("certificate", HAND, "k2", going=True),
            credential("certificate", ROTATED, "k3", going=True),
        ],
    ),
    (
        declaring(certificates=(CERTIFICATE,), generated=MADE),
        tenant({"keyCredentials": KEYS}),
        [credential("certificate", HAND, "k2", going=True), credential("certificate", ROTATED, "k3")],
    ),
    (
        declaring(certificates=(CERTIFICATE,), ignore_changes=("keyCredentials",)),
        tenant({"keyCredentials": KEYS[:2]}),
        [credential("certificate", HAND, "k2")],
    ),
    (declaring(accepted=frozenset({"k1", "k2"})), tenant({"keyCredentials": KEYS[:2]}), []),
    (
        declaring(certificates=()),
        tenant(principal={**SERVICE, "keyCredentials": KEYS[1:2], "passwordCredentials": None}),
        [credential("certificate", HAND, "k2")],
    ),
    (declaring(), tenant(details=TRUSTED), [CI, ANY]),
    (declaring(federated_credentials=SAID), tenant(details=TRUSTED), []),
    (declaring(accepted=frozenset({"f1"})), tenant(details=TRUSTED), [ANY]),
    (
        declaring(ignore_changes=("federatedIdentityCredentials",)),
        tenant(details=TRUSTED),
        [replace(CI, going=False), replace(ANY, going=False)],
    ),
]


@pytest.mark.parametrize(("declared", "directory", "expected"), WATCHED)
def test_what_nobody_declared(declared: Manifest, directory: Directory, expected: list[Watched]) -> None:
    """Owners and credentials of both objects, and which of them this plan removes."""
    found = trust.watched(declared, directory)
    assert {key: list(each) for key, each in found.items()} == ({"api": expected} if expected else {})
    assert [each.ends for each in found.get("api", ())] == [each.ends for each in expected]
