"""Who and what may act as an application undeclared: each is told, and whether the plan takes it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.checks import trust
from entra_config.kinds.details import FederatedTrust
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.kinds.federated_credential import FEDERATED
from entra_config.manifest.model import Application
from entra_config.manifest.parts import Certificate, FederatedCredential
from entra_config.plan.model import Watched
from tests.unit.plan.estates import manifest

ISSUER = "https://issuer.example"
MINE = Certificate("ci", "", "AB12", "CI")
DECLARED = FederatedCredential("ci", ISSUER, "repo:us")
EXPRESSED = FederatedCredential("ci", ISSUER, "", expression="claims['sub'] matches 'us'")


def watched(
    application: Application, body: dict[str, Any], *trusts: FederatedTrust, **more: Any
) -> list[Watched]:
    """Return what is not declared of one application; `accepted` are ids that somebody looked at."""
    live = Live(
        Subject("api", {"id": "1", "appId": "2", **body}, {"id": "sp", **more.get("principal", {})}),
        {FEDERATED: trusts},
    )
    own = replace(
        manifest(),
        applications={"api": application},
        accepted={"2": frozenset(more.get("accepted", ()))},
    )
    return list(trust.watched(own, Directory("https://graph", live={"api": live})).get("api", ()))


def entry(key_id: str, thumbprint: str = "") -> dict[str, Any]:
    """Return a secret, or certificate, of a tenant."""
    return {
        "keyId": key_id,
        "customKeyIdentifier": thumbprint,
        "displayName": key_id,
        "endDateTime": "2027-06-30T12:00:00Z",
    }


KEYS = {"keyCredentials": [entry("mine", "ab12"), entry("planted", "cd34")]}
SECRETS = {"passwordCredentials": [entry("mine"), entry("planted")]}
PLAIN = Application("api", "api", {})


@pytest.mark.parametrize(
    ("certificates", "ignored", "body", "principal", "accepted", "told"),
    [
        ((MINE,), (), KEYS, {}, (), [("certificate", "planted", True)]),
        ((MINE,), (), KEYS, {}, ("planted",), []),
        ((MINE,), ("keyCredentials",), KEYS, {}, (), [("certificate", "planted", False)]),
        ((), (), KEYS, {}, ("mine",), [("certificate", "planted", True)]),
        (None, (), KEYS, {}, ("mine",), [("certificate", "planted", False)]),
        ((MINE,), (), {}, KEYS, (), [("certificate", "planted", False)]),
        ((MINE,), (), SECRETS, {}, ("mine",), [("secret", "planted", False)]),
        ((MINE,), (), {}, SECRETS, ("mine",), [("secret", "planted", False)]),
    ],
)
def test_a_credential_that_nobody_declared_is_told(  # noqa: PLR0917  # a table's columns
    certificates: tuple[Certificate, ...] | None,
    ignored: tuple[str, ...],
    body: dict[str, Any],
    principal: dict[str, Any],
    accepted: tuple[str, ...],
    told: list[tuple[str, str, bool]],
) -> None:
    """It goes where the manifest says which certificates there are; those of a service principal never do."""
    application = replace(PLAIN, certificates=certificates, ignore_changes=ignored)
    found = watched(application, body, principal=principal, accepted=accepted)

    assert [(each.noun, each.key, each.going) for each in found] == told


def trusts(subject: str | None, **more: Any) -> FederatedTrust:
    """Return a federated credential of a tenant."""
    fields = {"name": "ci", "issuer": ISSUER, "audiences": ("api://AzureADTokenExchange",), **more}
    return FederatedTrust("id", subject=subject, description=None, **fields)


@pytest.mark.parametrize(
    ("declared", "live", "accepted", "is_told"),
    [
        (DECLARED, trusts("repo:us"), (), False),
        (DECLARED, trusts("repo:them"), (), True),
        (DECLARED, trusts("repo:them"), ("id",), False),
        (DECLARED, trusts("repo:us", name="other"), (), True),
        (DECLARED, trusts("repo:us", issuer="https://evil.example"), (), True),
        (DECLARED, trusts("repo:us", audiences=("x",)), (), True),
        (DECLARED, trusts("repo:us", audiences=()), (), True),
        (EXPRESSED, trusts(None, expression=EXPRESSED.expression), (), False),
        (EXPRESSED, trusts("", expression=EXPRESSED.expression), (), False),
        (EXPRESSED, trusts(None), (), True),
    ],
)
def test_a_federated_credential_counts_as_declared_by_all_that_it_trusts(
    declared: FederatedCredential, live: FederatedTrust, accepted: tuple[str, ...], is_told: bool
) -> None:
    """A name alone makes nothing ours; it goes unless changes of it are ignored."""
    own = replace(PLAIN, federated_credentials={"ci": declared})
    left = replace(own, ignore_changes=("federatedIdentityCredentials",))
    for application, going in ((own, True), (left, False)):
        found = watched(application, {}, live, accepted=accepted)
        assert [(each.noun, each.going) for each in found] == [("federated credential", going)] * is_told
