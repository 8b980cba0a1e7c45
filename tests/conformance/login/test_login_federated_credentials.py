"""Tokens of other issuers as client assertions, by federated credentials."""

import base64
import uuid
from typing import Any

import jwt
import pytest

from entra_emulator.login.issuers import Issuers
from tests.conformance.login.client_assertions import KEY, OTHER_KEY, present
from tests.conformance.login.login_world import World

fact = pytest.mark.fact
GITHUB = "https://token.actions.githubusercontent.com"
SUBJECT = "repo:example/myapp:environment:prod"
AUDIENCE = "api://AzureADTokenExchange"


@pytest.fixture
def world(world: World) -> World:
    """Give a tenant that has GitHub's keys by configuration."""
    numbers = KEY.public_key().public_numbers()
    n = base64.urlsafe_b64encode(numbers.n.to_bytes(256, "big")).rstrip(b"=").decode()
    jwks = {"keys": [{"kty": "RSA", "use": "sig", "kid": "github-1", "n": n, "e": "AQAB"}]}
    world.service.issuers = Issuers({GITHUB: jwks})
    return world


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
    assert present(world, github(world)).claims["azpacr"] == "2"


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
    outcome = present(world, github(world, **sent))
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
    assert present(world, github(world, **claims)).code == code


@fact(
    "which refusal ends a sign-in that no expression meets, and whether its case counts",
    source="as of a subject; no such body was seen",
    grade="S",
    verdict="uncertain",
)
def test_flexible_case(world: World) -> None:
    """As with a subject that does not match; a claim in another case is another claim's value."""
    federate(world, subject=None, expression="claims['sub'] matches 'repo:Example/*'" + BY_ID)
    assert present(world, github(world, repository_id="56")).code == 700213


@fact(
    "a quote inside of an expression's value",
    source="flexible-federated-credentials documentation; single quotes are escape characters",
    grade="D",
    verdict="uncertain",
)
def test_flexible_quotes(world: World) -> None:
    """Two stand for one."""
    federate(world, subject=None, expression="claims['sub'] eq 'it''s'" + BY_ID)
    assert present(world, github(world, sub="it's", repository_id="56")).code == 0


@fact("signature and key", source="by analogy", grade="S", verdict="uncertain")
@pytest.mark.parametrize(("key", "kid"), [(OTHER_KEY, "github-1"), (KEY, "unknown")])
def test_federated_forgery(world: World, key: Any, kid: str) -> None:
    """A token that the issuer did not sign is refused."""
    federate(world)
    assert present(world, github(world, key=key, kid=kid)).code == 700027


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
    assert present(world, github(world, iss=issuer)).code == 90061


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
    assert present(world, github(world, iss="https://internal.example")).code == 700211
