"""What clients prove themselves by, and the tokens that they get for it, without a browser or a socket."""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import hashlib
import json
from collections.abc import Coroutine
from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.login.issuers import Issuers
from entra_emulator.login.keys import _generate
from entra_emulator.proofs import AUDIENCE, ClientProofs
from entra_emulator.signing_in import IssuedToken, SigningIn, SignInRefused, SignInResult
from tests.conformance.login.login_world import REDIRECTS, World

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
CERTIFICATE, OTHER = (_generate(NOW, 1024).certificate for _ in range(2))
READ = "openid api://api/user.read"


def thumbprint(der: bytes) -> str:
    """Return a certificate's SHA-1 as portals show it."""
    return hashlib.sha1(der, usedforsecurity=False).hexdigest().upper()


def started() -> tuple[World, SigningIn, ClientProofs]:
    """Return a world in which web, spa and public may read the API, with what signs in to it."""
    world = World()
    for client in ("web", "spa", "public", "middle"):
        world.grant(client, "api", "user.read")
    proofs = ClientProofs(world.directory)
    return world, SigningIn.of(world.directory, proofs.issuers, bits=1024), proofs


def outcome(result: Coroutine[Any, Any, SignInResult]) -> Any:
    """Return how a client proved itself where it got a token, or the number of the refusal."""
    found = asyncio.run(result)
    if isinstance(found, SignInRefused):
        assert found.message
        return found.code
    return found.claims["azpacr"]


def claims_of(form: Any) -> dict[str, Any]:
    """Return what an assertion says."""
    payload = form["client_assertion"].split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))))


@pytest.mark.parametrize(
    ("client", "proven", "found"),
    [
        ("web", True, "1"),
        ("web", False, 7000218),
        ("spa", False, "0"),
        ("spa", True, 700025),
        ("public", False, "0"),
    ],
)
def test_a_code_is_redeemed_as_the_client_does(client: str, *, proven: bool, found: Any) -> None:
    """A page from its page, an application with its secret; a public one has none."""
    world, signing, proofs = started()
    proof = proofs.secret(world.app_ids[client]) if proven else {}
    result = signing.code("bob@contoso.com", world.app_ids[client], READ, proof=proof)
    assert outcome(result) == found


@pytest.mark.parametrize(
    ("user", "scope", "uri", "code"),
    [
        ("bob@contoso.com", "api://api/user.write", "", 65001),
        ("bob@contoso.com", "api://api/user.gone", "", 650053),
        ("bob@contoso.com", READ, "https://evil.example", 50011),
        ("nobody@contoso.com", READ, "", 50034),
        ("carol@contoso.com", READ, "", 50057),
    ],
)
def test_a_code_that_nobody_gets(user: str, scope: str, uri: str, code: int) -> None:
    """As a browser would be told."""
    world, signing, proofs = started()
    world.set_user("carol", accountEnabled=False)
    app_id = world.app_ids["web"]
    proof = proofs.secret(app_id)
    assert outcome(signing.code(user, app_id, scope, proof=proof, redirect_uri=uri)) == code
    assert (
        outcome(signing.code("bob@contoso.com", app_id, READ, proof=proof, redirect_uri=REDIRECTS["web"]))
        == "1"
    )


@pytest.mark.parametrize(
    ("user", "scope", "found"),
    [
        ("bob@contoso.com", READ, "0"),
        ("bob@contoso.com", "api://api/user.write", 65001),
        ("nobody@contoso.com", READ, 50034),
    ],
)
def test_a_device_gets_the_tokens_of_its_user(user: str, scope: str, found: Any) -> None:
    """Nobody is asked for consent on the way."""
    world, signing, _ = started()
    assert outcome(signing.device(user, world.app_ids["public"], scope)) == found


def test_an_api_gets_its_user_s_token_for_the_next() -> None:
    """With a proof of its own, and with consent."""
    world, signing, proofs = started()
    world.grant("web", "middle", "user.read")
    proof = proofs.secret(world.app_ids["web"])
    first = asyncio.run(
        signing.code("bob@contoso.com", world.app_ids["web"], "openid api://middle/user.read", proof=proof)
    )
    assert isinstance(first, IssuedToken)
    assert first.id_token is not None
    assert first.text
    middle = world.app_ids["middle"]
    asks = "api://api/user.read"
    own = proofs.secret(middle)
    assert outcome(signing.on_behalf_of(first, middle, asks, proof=own)) == "1"
    assert outcome(signing.on_behalf_of(first, middle, "api://api/user.write", proof=own)) == 65001
    assert outcome(signing.on_behalf_of(first, middle, asks)) == 7000218


def test_a_secret_is_made_once_for_each_end() -> None:
    """One that lasts, and one that ends when it is said to; of an application that is not there none."""
    world, signing, proofs = started()
    daemon, scope = world.app_ids["daemon"], "api://api/.default"
    lasting = proofs.secret(daemon)
    ended, later = (proofs.secret(daemon, NOW + dt.timedelta(hours=hours)) for hours in (-1, 1))
    assert proofs.secret(daemon) == lasting
    assert len({each["client_secret"] for each in (lasting, ended, later)}) == 3
    ends = [row["endDateTime"] for row in world.application("daemon")["passwordCredentials"]]
    assert ends[:3] == ["2026-01-01T01:00:00Z", "2025-12-31T23:00:00Z", "2099-12-31T00:00:00Z"]
    assert len(ends) == 4
    found = [outcome(signing.itself(daemon, scope, proof=each)) for each in (lasting, ended, later)]
    assert found == ["1", 7000222, "1"]
    assert outcome(signing.itself(daemon, scope)) == 7000218
    assert outcome(signing.itself(seed.FABRIKAM, scope)) == 700016
    gone = proofs.secret(seed.FABRIKAM)
    assert gone == {"client_secret": "no such application"}
    assert outcome(signing.itself(daemon, scope, proof=gone)) == 7000215


def test_a_certificate_proves_whoever_lists_it() -> None:
    """Its dates stay; what others list, and what is no certificate, is left alone."""
    world, signing, proofs = started()
    daemon, scope = world.app_ids["daemon"], "api://api/.default"
    keys = [
        {"keyId": "k1", "key": base64.b64encode(OTHER).decode(), "displayName": "other"},
        {"keyId": "k2", "key": base64.b64encode(CERTIFICATE).decode(), "displayName": "ours"},
        {"keyId": "k3", "key": None},
    ]
    world.set("daemon", keyCredentials=keys)
    for _ in range(2):
        proof = proofs.certificate(daemon, thumbprint(CERTIFICATE))
        assert outcome(signing.itself(daemon, scope, proof=proof)) == "2"
    found = world.application("daemon")["keyCredentials"]
    assert [found[0], found[2]] == [keys[0], keys[2]]
    assert found[1]["key"] != keys[1]["key"]
    assert {**found[1], "key": ""} == {**keys[1], "key": ""}
    assert claims_of(proof) == {
        "iss": daemon,
        "sub": daemon,
        "aud": f"https://login.microsoftonline.com/{world.tenant.tenant_id}/v2.0",
        "iat": int(NOW.timestamp()),
        "nbf": int(NOW.timestamp()),
        "exp": int(NOW.timestamp()) + 300,
    }
    unknown = proofs.certificate(daemon, thumbprint(b"x"))
    assert outcome(signing.itself(daemon, scope, proof=unknown)) == 700027
    gone = proofs.certificate(seed.FABRIKAM, thumbprint(CERTIFICATE))
    assert claims_of(gone)["sub"] == seed.FABRIKAM
    assert "aud" not in claims_of(gone)
    world.clock.advance(5 * 365 * 24 * 3600)
    late = proofs.certificate(daemon, thumbprint(CERTIFICATE))
    assert outcome(signing.itself(daemon, scope, proof=late)) == 700027


@pytest.mark.parametrize(
    ("subject", "audience", "more", "found"),
    [
        ("repo:a", AUDIENCE, None, "2"),
        ("repo:b", AUDIENCE, None, 700213),
        ("Repo:A", AUDIENCE, None, 7002138),
        ("repo:a", "api://other", None, 700212),
        ("repo:c", AUDIENCE, {"repository": "x"}, 700213),
    ],
)
def test_a_workload_proves_an_application_that_names_it(
    subject: str, audience: str, more: Any, found: Any
) -> None:
    """By issuer, subject and audience, exactly."""
    world, signing, proofs = started()
    daemon = world.app_ids["daemon"]
    seed.add_federated_credential(
        world.tenant, world.application("daemon"), "ci", "https://ci.example", "repo:a"
    )
    proof = proofs.workload("https://ci.example", subject, audience, more)
    assert outcome(signing.itself(daemon, "api://api/.default", proof=proof)) == found
    said = claims_of(proof)
    assert {name: said[name] for name in ("iss", "sub", "aud", *(more or {}))} == {
        "iss": "https://ci.example",
        "sub": subject,
        "aud": audience,
        **(more or {}),
    }


def test_a_workload_of_an_issuer_that_nobody_names() -> None:
    """Its keys are known all the same."""
    world, signing, proofs = started()
    daemon = world.app_ids["daemon"]
    proof = proofs.workload("https://other.example", "repo:a")
    assert outcome(signing.itself(daemon, "api://api/.default", proof=proof)) == 70025
    seed.add_federated_credential(
        world.tenant, world.application("daemon"), "ci", "https://ci.example", "repo:a"
    )
    assert outcome(signing.itself(daemon, "api://api/.default", proof=proof)) == 700211
    assert list(proofs.issuers.configured) == ["https://other.example"]
    assert signing.service.issuers is proofs.issuers
    assert isinstance(SigningIn.of(world.directory, bits=1024).service.issuers, Issuers)


def test_an_application_of_another_tenant_signs_in_there() -> None:
    """Where it is named; the default one else."""
    world, signing, _ = started()
    far = seed.add_application(
        world.directory.tenants[seed.FABRIKAM],
        "Far",
        identifierUris=["api://far"],
        api={"requestedAccessTokenVersion": 2},
    )
    seed.add_service_principal(world.directory.tenants[seed.FABRIKAM], far)
    found = signing.application(far["appId"], "api://far", tenant=seed.FABRIKAM)
    assert isinstance(found, IssuedToken)
    assert found.claims["tid"] == seed.FABRIKAM
    here = signing.application(far["appId"], "api://far")
    assert isinstance(here, SignInRefused)
    assert here.code == 700016


def test_why_somebody_lacks_something() -> None:
    """Of a token its claim, of a person the assignment, of a request the consent."""
    world, signing, _ = started()
    token = signing.person("bob@contoso.com", world.app_ids["spa"], READ)
    assert isinstance(token, IssuedToken)
    assert token.scopes == {"user.read"}
    neither = "is assigned neither to bob@contoso.com nor to a group with that direct member: "
    assert signing.lacking(token, "roles", "Reader").startswith(f"Reader of Api {neither}")
    assert signing.lacking(token, "roles").startswith(f"A role of Api {neither}")
    world.set_principal("spa", appRoleAssignmentRequired=True)
    assert signing.unassigned("bob@contoso.com", world.app_ids["spa"]).startswith(f"Access of Spa {neither}")
    found = signing.unconsented("bob@contoso.com", world.app_ids["spa"], "api://api/user.write")
    assert found == ("Nobody consented to user.write of Api for Spa.", [world.app_ids["api"]])
