"""Client assertions: certificates, and tokens of other issuers by federated credentials."""

import base64
import hashlib
import json
import uuid
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from entra_config.emulator.login.issuers import Issuers
from tests.conformance.login.login_world import Outcome, World

fact = pytest.mark.fact
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
GITHUB = "https://token.actions.githubusercontent.com"
SUBJECT = "repo:example/myapp:environment:prod"
AUDIENCE = "api://AzureADTokenExchange"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def world(world: World) -> World:
    """Give a tenant whose daemon has a certificate, and GitHub's keys by configuration."""
    numbers = KEY.public_key().public_numbers()
    n = base64.urlsafe_b64encode(numbers.n.to_bytes(256, "big")).rstrip(b"=").decode()
    jwks = {"keys": [{"kty": "RSA", "use": "sig", "kid": "github-1", "n": n, "e": "AQAB"}]}
    world.service.issuers = Issuers({GITHUB: jwks})
    return world


def certificate(world: World, *, days: int = 30) -> x509.Certificate:
    """Register a certificate of KEY with the daemon."""
    import datetime as dt

    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "daemon")])
    now = world.clock.now()
    found = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(KEY.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=60))
        .not_valid_after(now + dt.timedelta(days=days))
        .sign(KEY, hashes.SHA256())
    )
    der = found.public_bytes(serialization.Encoding.DER)
    world.set("daemon", keyCredentials=[{"keyId": str(uuid.uuid4()), "key": base64.b64encode(der).decode()}])
    return found


def thumbprints(found: x509.Certificate) -> dict[str, str]:
    """Return the two thumbprints, padded as msal sends them."""
    der = found.public_bytes(serialization.Encoding.DER)
    encode = base64.urlsafe_b64encode
    return {
        "x5t": encode(hashlib.sha1(der).digest()).decode(),
        "x5t#S256": encode(hashlib.sha256(der).digest()).decode(),
    }


def ask(world: World, assertion: str) -> Outcome:
    """Present an assertion."""
    return world.app_only(
        "daemon", "api://api/.default", client_assertion_type=JWT_BEARER, client_assertion=assertion
    )


def claims_of(world: World, **changes: Any) -> dict[str, Any]:
    """Return the claims of a client's own assertion."""
    now = world.clock.now().timestamp()
    app_id = world.app_ids["daemon"]
    audience = f"https://localhost:8443{world.path('token')}"
    claims = {
        "aud": audience,
        "iss": app_id,
        "sub": app_id,
        "jti": "1",
        "iat": now,
        "exp": now + 600.0,
        **changes,
    }
    return {name: value for name, value in claims.items() if value is not None}


@fact("RS256 with x5t, PS256 with x5t#S256", source="clients, ED:certificate-credentials", grade="R")
@pytest.mark.parametrize(("algorithm", "header"), [("RS256", "x5t"), ("PS256", "x5t#S256"), ("RS512", "x5t")])
def test_certificate(world: World, algorithm: str, header: str) -> None:
    """A certificate's signature is accepted, padded thumbprints and float times included, and shows as
    "2".
    """
    found = certificate(world)
    assertion = jwt.encode(claims_of(world), KEY, algorithm, headers={header: thumbprints(found)[header]})
    assert ask(world, assertion).claims["azpacr"] == "2"


@fact("faults of a certificate assertion", source="msal-java#984", grade="R")
@pytest.mark.parametrize(
    ("change", "key", "header", "code", "status"),
    [
        ({"iss": "somebody"}, KEY, "x5t", 700021, 401),
        ({"sub": "somebody"}, KEY, "x5t", 700021, 401),
        ({"exp": 1000.0}, KEY, "x5t", 700024, 401),
        ({"nbf": 4000000000}, KEY, "x5t", 700024, 401),
        ({"aud": "https://elsewhere.example/token"}, KEY, "x5t", 700023, 401),
        ({"aud": None}, KEY, "x5t", 90014, 400),
        ({"iss": None}, KEY, "x5t", 90014, 400),
        ({}, OTHER_KEY, "x5t", 700027, 401),
        ({}, KEY, "", 5002723, 401),
        ({}, KEY, "wrong", 700027, 401),
    ],
)
def test_certificate_faults(  # noqa: PLR0917  # columns of a table
    world: World,
    change: dict[str, Any],
    key: Any,
    header: str,
    code: int,
    status: int,
) -> None:
    """Each fault of a certificate assertion has its own code."""
    found = certificate(world)
    values = {"": {}, "x5t": {"x5t": thumbprints(found)["x5t"]}, "wrong": {"x5t": "AAAA"}}
    outcome = ask(world, jwt.encode(claims_of(world, **change), key, "RS256", headers=values[header]))
    assert (outcome.code, outcome.status) == (code, status)


@fact(
    "what is no assertion",
    source="ED:reference-error-codes, AADSTS5002710, AADSTS5002738",
    grade="D",
    verdict="uncertain",
)
@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda claims: "nonsense", 50027),
        (lambda claims: "x." + jwt.encode(claims, "k" * 32, "HS256").split(".", 1)[1], 5002710),
        (lambda claims: jwt.encode(claims, "k" * 32, "HS256"), 5002738),
        (lambda claims: jwt.encode(claims, None, "none"), 5002738),
    ],
)
def test_no_assertion(world: World, make: Callable[[dict[str, Any]], str], code: int) -> None:
    """Text, broken headers, symmetric and absent signatures are refused."""
    certificate(world)
    assert ask(world, make(claims_of(world))).code == code


@fact(
    "an expired certificate", source="AADSTS700027; the answer was not seen", grade="D", verdict="uncertain"
)
def test_expired_certificate(world: World) -> None:
    """A certificate that is past its end signs nobody in."""
    found = certificate(world, days=-1)
    outcome = ask(
        world, jwt.encode(claims_of(world), KEY, "RS256", headers={"x5t": thumbprints(found)["x5t"]})
    )
    assert outcome.code == 700027
    assert "The key used is expired." in outcome.text


def federate(
    world: World,
    issuer: str = GITHUB,
    subject: str | None = SUBJECT,
    audience: str = AUDIENCE,
    expression: str | None = None,
) -> None:
    """Register a federated credential."""
    world.tenant.federated_identity_credentials.put(
        {
            "id": str(uuid.uuid4()),
            "_application": world.application("daemon")["id"],
            "name": "x",
            "issuer": issuer,
            "subject": subject,
            "audiences": [audience],
            "claimsMatchingExpression": {"value": expression, "languageVersion": 1} if expression else None,
        }
    )


def github(world: World, *, key: Any = KEY, kid: str = "github-1", **changes: Any) -> str:
    """Make a token as GitHub Actions does."""
    now = int(world.clock.now().timestamp())
    claims = {
        "iss": GITHUB,
        "sub": SUBJECT,
        "aud": AUDIENCE,
        "iat": now,
        "nbf": now - 300,
        "exp": now + 300,
        "ref": "x",
    }
    return jwt.encode({**claims, **changes}, key, "RS256", headers={"kid": kid})


@fact("a federated credential", source="workload-identity-federation documentation", grade="D")
def test_federated(world: World) -> None:
    """A token of the issuer whose issuer, subject and audience are registered gives a token with azpacr
    "2".
    """
    federate(world)
    assert ask(world, github(world)).claims["azpacr"] == "2"


@fact(
    "matching, in the order seen",
    source="dotnet/maui#31978, Azure/login#515",
    grade="R",
)
@pytest.mark.parametrize(
    ("registered", "sent", "code"),
    [
        (None, {}, 70025),
        ({"issuer": "https://other.example"}, {}, 700211),
        ({"issuer": f"{GITHUB}/"}, {}, 700211),
        ({"issuer": GITHUB.upper()}, {}, 700211),
        ({"audience": "api://other"}, {}, 700212),
        ({"subject": "repo:example/myapp:pull_request"}, {}, 700213),
        ({"subject": "repo:example/myapp:environment:*"}, {}, 700213),
        ({"subject": SUBJECT.replace("example", "Example")}, {}, 7002138),
        ({}, {"sub": "repo:example/myapp:ref:refs/heads/main"}, 700213),
        ({}, {"aud": "https://github.com/example"}, 700212),
        ({}, {"exp": 1000}, 700024),
    ],
)
def test_federated_mismatch(
    world: World, registered: dict[str, str] | None, sent: dict[str, Any], code: int
) -> None:
    """Each mismatch is named: issuer first, then audience, then subject, case included."""
    if registered is not None:
        federate(world, **registered)
    outcome = ask(world, github(world, **sent))
    assert (outcome.code, outcome.error, outcome.status) == (code, "invalid_client", 401)


BY_ID = " and claims['repository_id'] eq '56'"


@fact("flexible federated credentials", source="flexible-federated-credentials documentation", grade="D")
@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("claims['sub'] matches 'repo:example/myapp:*'" + BY_ID, 0),
        ("claims['sub'] matches 'repo:example/myapp:environment:pr??'" + BY_ID, 0),
        ("claims['sub'] matches 'repo:example/myapp:environment:prod'" + BY_ID, 0),
        (f"claims['sub'] eq '{SUBJECT}'" + BY_ID, 0),
        (
            "claims['sub'] matches '*' and claims['job_workflow_ref'] matches 'a/b/*@refs/heads/main'"
            + BY_ID,
            0,
        ),
        ("claims['sub'] matches 'repo:example/myapp:environment:pr?'" + BY_ID, 700213),
        ("claims['sub'] matches 'repo:example/myapp'" + BY_ID, 700213),
        ("claims['sub'] matches 'repo:example/myapp.environment:*'" + BY_ID, 700213),
        ("claims['sub'] eq 'repo:example/myapp:*'" + BY_ID, 700213),
        ("claims['sub'] matches '*' and claims['repository_id'] eq '5'", 700213),
        ("claims['sub'] matches '*' and claims['repository_owner_id'] eq '1'", 700213),
        (
            "claims['sub'] matches '*' and claims['job_workflow_ref'] matches 'a/b/*@refs/tags/*'" + BY_ID,
            700213,
        ),
    ],
)
def test_flexible(world: World, expression: str, code: int) -> None:
    """Each clause holds of the token's claims: `eq` to the letter, `matches` with wildcards, a claim that
    is not there never.
    """
    federate(world, subject=None, expression=expression)
    claims = {"repository_id": "56", "job_workflow_ref": "a/b/.github/workflows/deploy.yml@refs/heads/main"}
    assert ask(world, github(world, **claims)).code == code


@fact(
    "which refusal ends a sign-in that no expression meets, and whether its case counts",
    source="as of a subject; no such body was seen",
    grade="S",
    verdict="uncertain",
)
def test_flexible_case(world: World) -> None:
    """As with a subject that does not match; a claim in another case is another claim's value."""
    federate(world, subject=None, expression="claims['sub'] matches 'repo:Example/*'" + BY_ID)
    assert ask(world, github(world, repository_id="56")).code == 700213


@fact(
    "a quote inside of an expression's value",
    source="flexible-federated-credentials documentation; single quotes are escape characters",
    grade="D",
    verdict="uncertain",
)
def test_flexible_quotes(world: World) -> None:
    """Two stand for one."""
    federate(world, subject=None, expression="claims['sub'] eq 'it''s'" + BY_ID)
    assert ask(world, github(world, sub="it's", repository_id="56")).code == 0


@fact("signature and key", source="by analogy", grade="S", verdict="uncertain")
@pytest.mark.parametrize(("key", "kid"), [(OTHER_KEY, "github-1"), (KEY, "unknown")])
def test_federated_forgery(world: World, key: Any, kid: str) -> None:
    """A token that the issuer did not sign is refused."""
    federate(world)
    assert ask(world, github(world, key=key, kid=kid)).code == 700027


@fact(
    "an issuer that cannot be reached",
    source="AADSTS90061; the answer was not seen",
    grade="D",
    verdict="uncertain",
)
@pytest.mark.parametrize("issuer", ["https://localhost:9", "http://localhost:9"])
def test_unreachable_issuer(world: World, issuer: str) -> None:
    """Where the issuer's keys cannot be read over https the answer is 90061."""
    federate(world, issuer=issuer)
    assert ask(world, github(world, iss=issuer)).code == 90061


@fact("only issuers that a credential names are asked", source="this project", grade="C")
def test_no_requests_to_strange_issuers(world: World) -> None:
    """An assertion cannot make the emulator call a host that no credential names."""

    class Guarded(Issuers):
        """Fails where it would be asked."""

        async def key(self, issuer: str, kid: str) -> Any:
            """Refuse to look."""
            raise AssertionError(f"asked {issuer} for {kid}")

    world.service.issuers = Guarded()
    federate(world)
    assert ask(world, github(world, iss="https://internal.example")).code == 700211


@fact("secrets that expired", source="dotnet/sign#849", grade="R")
def test_expired_secret(world: World) -> None:
    """An expired secret is 7000222, an unknown one 7000215, and the text never holds what was sent."""
    app = world.application("daemon")
    expired = [{**row, "endDateTime": "2025-12-31T00:00:00Z"} for row in app["passwordCredentials"]]
    world.set("daemon", passwordCredentials=expired)
    assert world.app_only("daemon", "api://api/.default").code == 7000222
    form = {"grant_type": "client_credentials", "scope": "api://api/.default"}
    wrong = world.token("daemon", form, secret="not-the-secret")
    assert (wrong.code, "not-the-secret" in json.dumps(wrong.body)) == (7000215, False)
