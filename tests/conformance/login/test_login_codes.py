"""Codes: used once, by the client and with the verifier that they are for, in time."""

import pytest

from tests.conformance.login.login_outcomes import hidden, refused
from tests.conformance.login.login_world import REDIRECTS, World
from tests.conformance.login.signing_in import OFFLINE_SCOPE, code_for

fact = pytest.mark.fact


@fact("a code works once", source="identity-web#2489", grade="R")
def test_code_reuse(world: World) -> None:
    """The second use of a code is refused with 54005."""
    code = code_for(world, "web")
    assert world.redeem_code("web", code).kind == "token"
    assert refused(world.redeem_code("web", code), 54005, "invalid_grant", 400)


@fact(
    "a wrong verifier does not use the code up",
    source="AADSTS501481; that the code stays good was not seen",
    grade="D",
    verdict="uncertain",
)
@pytest.mark.parametrize("client", ["spa", "web", "public"])
def test_wrong_verifier(world: World, client: str) -> None:
    """501481 for a wrong verifier, from any client that sent a challenge; the right one works afterwards."""
    code = code_for(world, client)
    assert refused(world.redeem_code(client, code, code_verifier="wrong"), 501481, "invalid_grant", 400)
    assert refused(world.redeem_code(client, code, code_verifier=""), 501481, "invalid_grant", 400)
    assert world.redeem_code(client, code).kind == "token"


@fact("S256", source="ED:v2-oauth2-auth-code-flow", grade="D")
def test_s256(world: World) -> None:
    """A challenge by S256 is the hash of the verifier (the example of RFC 7636)."""
    challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    code = code_for(world, "web", code_challenge=challenge, code_challenge_method="S256")
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert world.redeem_code("web", code, code_verifier=verifier).kind == "token"


@fact(
    "a challenge of a wrong size",
    source="MicrosoftDocs/azure-docs#42906, ifitzpat/org-outlook#6; of a plain one not seen",
    grade="R",
    verdict="uncertain",
)
@pytest.mark.parametrize(
    ("method", "size", "accepted"),
    [
        ("S256", 42, False),
        ("S256", 43, True),
        ("S256", 44, False),
        ("plain", 42, False),
        ("plain", 129, False),
    ],
)
def test_challenge_of_a_wrong_size(world: World, method: str, size: int, accepted: bool) -> None:
    """A hash has 43 characters without padding, a plain verifier 43 to 128."""
    response = world.authorize("web", "openid", code_challenge="c" * size, code_challenge_method=method)
    assert (world.read(response).code == 501491) is not accepted


@fact("expired and foreign codes", source="ED:reference-error-codes", grade="D", verdict="uncertain")
def test_expired_and_foreign_codes(world: World) -> None:
    """A code lives ten minutes, belongs to one client and one redirect URI."""
    code = code_for(world, "web")
    assert world.redeem_code("web", code, redirect_uri="https://elsewhere.example").code == 500112
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECTS["web"]}
    assert world.token("foreign", form).code == 9002313
    world.clock.advance(601)
    assert refused(world.redeem_code("web", code), 70008, "invalid_grant", 400)


@fact("one resource at the token endpoint", source="aad_oauth#328", grade="R")
def test_one_resource_per_token(world: World) -> None:
    """Consent is collected for several resources, a token is for one: 28000."""
    both = "offline_access api://api/user.read api://other/user.read"
    page = world.response_consent(world.choose(world.authorize("web", both), "bob"))
    code = world.read(page).body["code"]
    assert refused(world.redeem_code("web", code, scope=both), 28000, "invalid_scope", 400)
    first = world.redeem_code("web", code)
    assert first.claims["aud"] == world.app_ids["api"]
    assert world.refresh("web", first, "api://other/user.read").claims["aud"] == world.app_ids["other"]


@fact("a forged page is refused", source="this project", grade="C")
def test_forged_flow(world: World) -> None:
    """A sign-in form that this emulator did not make is refused, and so is its code as anything else."""
    outcome = world.read(world.browser.post(f"/{world.tenant.tenant_id}/login", data={"flow": "forged"}))
    assert (outcome.kind, outcome.code) == ("page", 90023)
    flow = hidden(world.authorize("web", OFFLINE_SCOPE), "flow")
    assert world.redeem_code("web", flow).code == 9002313


@fact("PKCE is required of SPAs", source="ED:v2-oauth2-auth-code-flow", grade="D")
def test_spa_without_pkce(world: World) -> None:
    """A SPA's code without a challenge is not redeemed."""
    code = code_for(world, "spa", code_challenge="", code_challenge_method="")
    assert refused(world.redeem_code("spa", code, code_verifier=""), 9002325, "invalid_request", 400)
