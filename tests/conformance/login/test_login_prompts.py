"""Every `prompt` beside every state of the browser and of consent; `max_age`, `auth_time` and the `claims`
parameter.
"""

import json
from typing import Any

import jwt
import pytest

from tests.conformance.login.login_world import Outcome, World

fact = pytest.mark.fact
SCOPE = "openid profile api://api/user.read"

# What comes of a request, by prompt (rows) and by who is signed in and what is hinted (columns).
BROWSERS = """
                nobody   bob      bob~bob  bob~alice both     both~alice sid
-               sign-in  code     code     sign-in   sign-in  code       code
login           sign-in  sign-in  sign-in  sign-in   sign-in  sign-in    sign-in
none            50058    code     code     50058     16000    code       code
consent         sign-in  consent  consent  sign-in   sign-in  consent    consent
select_account  sign-in  sign-in  90023    90023     sign-in  90023      sign-in
"""
# What comes once the user is known, by what was granted before and who it is.
CONSENTS = """
                granted  ungranted admins   admins-granted administrator
-               code     consent   approval code           consent
login           code     consent   approval code           consent
none            code     65001     65001    code           65001
consent         consent  consent   approval approval       consent
select_account  code     consent   approval code           consent
"""


def _cells(table: str) -> list[tuple[str, str, str]]:
    head, *rows = [line.split() for line in table.strip().splitlines()]
    return [
        (row[0].strip("-"), column, cell) for row in rows for column, cell in zip(head, row[1:], strict=True)
    ]


def _what(outcome: Outcome) -> str:
    if outcome.kind == "redirect":
        return "code" if "code" in outcome.body else str(outcome.code)
    return outcome.kind


@fact(
    "prompt by who is signed in and hinted",
    source="ED:v2-oauth2-auth-code-flow, msal-js#1880",
    grade="D",
)
@pytest.mark.parametrize(("prompt", "browser", "expected"), _cells(BROWSERS))
def test_prompts_by_browser(world: World, prompt: str, browser: str, expected: str) -> None:
    """Each prompt does what it says, whoever is signed in in the browser and whoever is hinted."""
    world.grant("spa", "api", "user.read")
    who, _, hint = browser.partition("~")
    parameters = {"prompt": prompt, "login_hint": f"{hint}@contoso.com" if hint else ""}
    for user in {"nobody": [], "both": ["bob", "alice"]}.get(who, ["bob"]):
        world.sign_in("spa", user, SCOPE, prompt="select_account")
    if who == "sid":
        parameters["sid"] = world.read(world.authorize("spa", SCOPE)).body["session_state"]
    assert _what(world.read(world.authorize("spa", SCOPE, **parameters))) == expected


@fact(
    "prompt by what was consented",
    source="ED:application-consent-experience, opencode#50519",
    grade="D",
)
@pytest.mark.parametrize(("prompt", "consents", "expected"), _cells(CONSENTS))
def test_prompts_by_consent(world: World, prompt: str, consents: str, expected: str) -> None:
    """Each prompt asks for consent only where it is missing or asked for again, and never where the user
    may not give it.
    """
    user = "grace" if consents == "administrator" else "bob"
    scope = "openid api://api/user.admin" if consents not in {"granted", "ungranted"} else SCOPE
    if consents in ("granted", "admins-granted"):
        world.grant("spa", "api", scope.rpartition("/")[2])
    world.sign_in("spa", user, "openid")
    response = world.choose(world.authorize("spa", scope, prompt=prompt), user)
    outcome = world.read(response)
    assert _what(outcome) == expected
    if prompt == "none":
        assert outcome.error in ("", "interaction_required")


@fact("one prompt and no other", source="screenpipe#4257, opencloud#871, adal-js#678", grade="R")
@pytest.mark.parametrize(
    "prompt", ["consent select_account", "login consent", "none login", "admin_consent", "LOGIN", "nonsense"]
)
def test_unsupported_prompts(world: World, prompt: str) -> None:
    """Two values, or an unknown one, end on the sign-in page with 90023: nothing goes back to the client."""
    outcome = world.read(world.authorize("spa", SCOPE, prompt=prompt))
    assert (outcome.kind, outcome.code) == ("page", 90023)
    assert "AADSTS90023: Unsupported 'prompt' value." in outcome.text


@fact(
    "prompt=create",
    source="compass-calendar#3662 names it, the page of the code flow does not",
    grade="S",
    verdict="uncertain",
)
def test_prompt_create(world: World) -> None:
    """Signing up is for external tenants: here it is no prompt."""
    assert world.read(world.authorize("spa", SCOPE, prompt="create")).code == 90023


@fact("a session that is not there", source="vscode#286723, sp-dev-docs#10126", grade="R")
def test_unknown_session(world: World) -> None:
    """A silent request for another session is `interaction_required` 160021, not the one that is there."""
    world.grant("spa", "api", "user.read")
    world.sign_in("spa", "bob", SCOPE)
    outcome = world.read(
        world.authorize("spa", SCOPE, prompt="none", sid="00000000-1111-2222-3333-444444444444")
    )
    assert (outcome.error, outcome.code) == ("interaction_required", 160021)
    assert (
        world.read(world.authorize("spa", SCOPE, sid="00000000-1111-2222-3333-444444444444")).kind
        == "sign-in"
    )


# -- max_age --------------------------------------------------------------------------------------------


def _signed_in(world: World, user: str, **parameters: str) -> dict[str, Any]:
    response = world.choose(world.authorize("spa", SCOPE, **parameters), user)
    return world.redeem_code("spa", world.read(response).body["code"]).id_claims


@fact("max_age: signing in again", source="msal-python#444, #412", grade="R")
def test_max_age(world: World) -> None:
    """Within the age the session does, after it the user signs in again, with 0 always."""
    world.grant("spa", "api", "user.read")
    world.sign_in("spa", "bob", SCOPE)
    world.clock.advance(100)
    assert _what(world.read(world.authorize("spa", SCOPE, max_age="120"))) == "code"
    assert _what(world.read(world.authorize("spa", SCOPE, max_age="0"))) == "sign-in"
    world.clock.advance(20)
    page = world.authorize("spa", SCOPE, max_age="120")
    assert _what(world.read(page)) == "sign-in"
    assert _what(world.read(world.choose(page, "bob"))) == "code"
    assert _what(world.read(world.authorize("spa", SCOPE, max_age="120"))) == "code"


@fact(
    "max_age: auth_time, and exp that follows it", source="keycloak#46078, msal-python#444, #455", grade="R"
)
@pytest.mark.parametrize(("max_age", "lives"), [("0", 0), ("600", 600)])
def test_auth_time(world: World, max_age: str, lives: int) -> None:
    """With max_age the id_token says when the user signed in, and ends as that is too old: with 0 at once."""
    world.grant("spa", "api", "user.read")
    claims = _signed_in(world, "bob", max_age=max_age)
    now = int(world.clock.now().timestamp())
    assert (claims["auth_time"], claims["exp"], claims["iat"]) == (now, now + lives, now - 300)
    world.clock.advance(100)
    if lives:
        later = _signed_in(world, "bob", max_age=max_age)
        assert (later["auth_time"], later["exp"]) == (now, now + lives)


@fact(
    "max_age: an id_token lives an hour at most",
    source="ED:configurable-token-lifetimes",
    grade="D",
    verdict="uncertain",
)
def test_long_max_age(world: World) -> None:
    """A long max_age makes no id_token live longer; no report says what Entra does."""
    world.grant("spa", "api", "user.read")
    claims = _signed_in(world, "bob", max_age="86400")
    assert claims["exp"] - claims["iat"] == 3900


@fact(
    "max_age: the access token lives as ever",
    source="msal-python#444 speaks of one of the two",
    grade="S",
    verdict="uncertain",
)
def test_max_age_and_access_token(world: World) -> None:
    """Only the id_token ends with the age of the sign-in, and a refresh asks for no age."""
    world.grant("spa", "api", "user.read")
    response = world.choose(world.authorize("spa", f"{SCOPE} offline_access", max_age="60"), "bob")
    first = world.redeem_code("spa", world.read(response).body["code"])
    assert first.claims["exp"] - first.claims["iat"] >= 3900
    second = world.refresh("spa", first, f"{SCOPE} offline_access")
    assert second.id_claims["exp"] - second.id_claims["iat"] == 3900


@fact(
    "max_age and prompt=none",
    source="OpenID Connect Core 3.1.2.6; the code was never recorded",
    grade="S",
    verdict="uncertain",
)
def test_silent_and_too_old(world: World) -> None:
    """A silent request that needs a fresh sign-in is `login_required`."""
    world.grant("spa", "api", "user.read")
    world.sign_in("spa", "bob", SCOPE)
    outcome = world.read(world.authorize("spa", SCOPE, prompt="none", max_age="0"))
    assert (outcome.error, outcome.code) == ("login_required", 50058)


@fact("max_age that is no number", source="no report", grade="S", verdict="uncertain")
@pytest.mark.parametrize("max_age", ["-1", "soon", "1.5", "9" * 10])
def test_bad_max_age(world: World, max_age: str) -> None:
    """It is refused, not ignored: whoever sends it wants a fresh sign-in."""
    outcome = world.read(world.authorize("spa", SCOPE, max_age=max_age))
    assert (outcome.kind, outcome.error, outcome.code) == ("redirect", "invalid_request", 90023)


# -- claims ---------------------------------------------------------------------------------------------


@fact(
    "claims parameter: id_token", source="MSAL's page on claims requests, OpenID Connect Core 5.5", grade="D"
)
@pytest.mark.parametrize("member", [None, {"essential": True}], ids=["null", "essential"])
def test_id_token_claims(world: World, member: dict[str, Any] | None) -> None:
    """What the request names comes with the id_token, if it is an optional claim that the user has; the
    rest does not.
    """
    world.grant("spa", "api", "user.read")
    assert {"auth_time", "login_hint", "acct", "upn", "sid"}.isdisjoint(_signed_in(world, "bob"))
    wanted = dict.fromkeys(("auth_time", "login_hint", "acct", "upn", "family_name", "nonsense"), member)
    claims = _signed_in(world, "bob", claims=json.dumps({"id_token": wanted}))
    assert claims["auth_time"] == int(world.clock.now().timestamp())
    assert claims["login_hint"].startswith("O.")
    assert {name: claims.get(name) for name in wanted if name not in {"auth_time", "login_hint"}} == {
        "acct": 0,
        "upn": "bob@contoso.com",
        "family_name": "Baker",
        "nonsense": None,
    }
    assert claims["exp"] - claims["iat"] == 3900


@fact(
    "claims that come with `profile`",
    source="ED:optional-claims-reference, aaddevsup 2022-03",
    grade="D",
)
def test_claims_of_the_profile(world: World) -> None:
    """Without the scope `profile` names and login hint do not come, whoever asks for them."""
    world.grant("spa", "api", "user.read")
    wanted = json.dumps({"id_token": dict.fromkeys(("upn", "family_name", "login_hint", "acct"))})
    world.set("spa", optionalClaims={"idToken": [{"name": "given_name"}]})
    page = world.choose(world.authorize("spa", "openid api://api/user.read", claims=wanted), "bob")
    claims = world.redeem_code("spa", world.read(page).body["code"]).id_claims
    assert {"upn", "family_name", "given_name", "login_hint", "acct"} & set(claims) == {"acct"}


@fact(
    "login_hint is opaque, and names the user",
    source="ED:optional-claims-reference, aaddevsup 2022-03",
    grade="R",
)
def test_login_hint_claim(world: World) -> None:
    """The claim is no address; as parameter it picks its user among several, who then need not choose."""
    world.grant("spa", "api", "user.read")
    world.set("spa", optionalClaims={"idToken": [{"name": "login_hint"}]})
    hints = {
        user: world.sign_in("spa", user, SCOPE, prompt="select_account").id_claims["login_hint"]
        for user in ("bob", "alice")
    }
    assert all(hint.startswith("O.Ci") and "@" not in hint for hint in hints.values())
    assert _what(world.read(world.authorize("spa", SCOPE))) == "sign-in"
    found = world.read(world.authorize("spa", SCOPE, prompt="none", login_hint=hints["bob"]))
    assert world.redeem_code("spa", found.body["code"]).claims["preferred_username"] == "bob@contoso.com"
    for nonsense in ("O.", "O.x", "O.CiQ", hints["bob"][:-9]):
        assert world.read(world.authorize("spa", SCOPE, prompt="none", login_hint=nonsense)).code == 50058


@fact(
    "claims parameter: implicit id_token, and /token",
    source="tests/e2e/test_spa.py; MSAL sends it twice",
    grade="R",
)
def test_claims_in_both_places(world: World) -> None:
    """/authorize and /token both take it, and an id_token from /authorize has its claims too."""
    world.grant("web", "api", "user.read")
    world.set(
        "web",
        web={"implicitGrantSettings": {"enableIdTokenIssuance": True, "enableAccessTokenIssuance": False}},
    )
    page = world.authorize(
        "web", SCOPE, response_type="code id_token", claims='{"id_token":{"auth_time":null}}'
    )
    response = world.choose(page, "bob")
    body = world.read(response).body
    assert "auth_time" in jwt.decode(body["id_token"], options={"verify_signature": False})
    claims = world.redeem_code("web", body["code"], claims='{"id_token":{"login_hint":null}}').id_claims
    assert {"auth_time", "login_hint"} <= set(claims)


@fact(
    "claims parameter: acrs",
    source="claims-challenge documentation; no Conditional Access here",
    grade="D",
    verdict="uncertain",
)
def test_authentication_contexts(world: World) -> None:
    """A context that is asked for is met, since no policy stands in its way: both tokens say so."""
    world.grant("spa", "api", "user.read")
    wanted = {"acrs": {"essential": True, "value": "c1"}}
    text = json.dumps({"id_token": wanted, "access_token": wanted})
    response = world.choose(world.authorize("spa", SCOPE, claims=text), "bob")
    outcome = world.redeem_code("spa", world.read(response).body["code"])
    assert (outcome.claims["acrs"], outcome.id_claims["acrs"]) == (["c1"], ["c1"])


@fact("claims parameter: xms_cc for an API that lists it", source="claims-challenge documentation", grade="D")
def test_client_capabilities(world: World) -> None:
    """The known capabilities that a client declares come with the token of an API that lists the claim,
    and of no other.
    """
    world.grant("spa", "api", "user.read")
    text = json.dumps({"access_token": {"xms_cc": {"values": ["CP1", "foo"]}}})
    unlisted = world.app_only("daemon", "api://api/.default", claims=text)
    world.set("api", optionalClaims={"accessToken": [{"name": "xms_cc"}]})
    response = world.choose(world.authorize("spa", SCOPE, claims=text), "bob")
    person = world.redeem_code("spa", world.read(response).body["code"])
    daemon = world.app_only("daemon", "api://api/.default", claims=text)
    silent = world.app_only("daemon", "api://api/.default")
    found = [outcome.claims.get("xms_cc") for outcome in (unlisted, person, daemon, silent)]
    assert found == [None, ["CP1"], ["CP1"], None]


@fact("claims parameter that is no JSON object", source="no report", grade="S", verdict="uncertain")
@pytest.mark.parametrize("text", ["{", "[]", "1", '{"id_token":1}', '{"access_token":[]}'])
def test_bad_claims(world: World, text: str) -> None:
    """It is refused at both endpoints."""
    outcome = world.read(world.authorize("spa", SCOPE, claims=text))
    assert (outcome.kind, outcome.error, outcome.code) == ("redirect", "invalid_request", 9002313)
    world.grant("spa", "api", "user.read")
    code = world.read(world.choose(world.authorize("spa", SCOPE), "bob")).body["code"]
    refusal = world.redeem_code("spa", code, claims=text)
    assert (refusal.kind, refusal.code, refusal.status) == ("refusal", 9002313, 400)


# -- what is disabled -----------------------------------------------------------------------------------


@fact(
    "500014 an API whose service principal is disabled",
    source="msal-dotnet#4905, AzureAD-Attack-Defense#43",
    grade="R",
)
def test_disabled_resource(world: World) -> None:
    """Nobody gets a token for it: not a user, not by refresh, not on behalf, not an application."""
    world.grant("spa", "api", "user.read")
    world.grant("middle", "api", "user.read")
    world.grant("spa", "middle", "user.read")
    signed_in = world.sign_in("spa", "bob", f"{SCOPE} offline_access")
    middle = world.sign_in("spa", "bob", "openid api://middle/user.read")
    page = world.authorize("spa", SCOPE)
    code = world.read(page).body["code"]
    world.set_principal("api", accountEnabled=False)
    responses = [
        world.redeem_code("spa", code),
        world.refresh("spa", signed_in, "api://api/user.read"),
        world.on_behalf_of("middle", middle.body["access_token"], "api://api/user.read"),
        world.app_only("daemon", "api://api/.default"),
    ]
    assert [(response.kind, response.code, response.status) for response in responses] == [
        ("refusal", 500014, 400)
    ] * 4
    assert responses[0].text.startswith(
        "AADSTS500014: The service principal for resource 'api://api' is disabled. This indicate"
    )
    assert world.read(world.authorize("spa", SCOPE)).code == 500014
    world.set_principal("api", accountEnabled=True)
    assert world.app_only("daemon", "api://api/.default").kind == "token"


@fact("500014 which OAuth error comes with it", source="no body was recorded", grade="S", verdict="uncertain")
def test_error_of_a_disabled_resource(world: World) -> None:
    """It is `invalid_resource`, as for one that is not there."""
    world.set_principal("api", accountEnabled=False)
    assert world.app_only("daemon", "api://api/.default").error == "invalid_resource"


@fact(
    (
        "a registration that is deactivated (`isDisabled`) gets no token, in no tenant; by which code is "
        "not documented"
    ),
    source="deactivate-application-portal documentation",
    grade="D",
    verdict="uncertain",
)
def test_deactivated_registration(world: World) -> None:
    """As a client it is refused by 7000112 and as an API by 500014, as where its service principal is
    disabled.
    """
    world.grant("spa", "api", "user.read")
    world.set("api", isDisabled=True)
    assert world.app_only("daemon", "api://api/.default").code == 500014
    world.set("api", isDisabled=False)
    world.set("daemon", isDisabled=True)
    assert world.app_only("daemon", "api://api/.default").code == 7000112
    world.set("daemon", isDisabled=None)
    assert world.app_only("daemon", "api://api/.default").kind == "token"


# -- what the tenant chose ------------------------------------------------------------------------------


@fact("users may not consent", source="ED:permissions-consent-overview", grade="D")
def test_users_may_not_consent(world: World) -> None:
    """Where users may not consent they get the page that asks for an administrator, who may; what is
    granted stays.
    """
    world.directory.choose({"contoso.com": {"usersMayConsent": False}})
    refused = world.sign_in("spa", "bob", SCOPE)
    assert (refused.kind, refused.code) == ("approval", 90094)
    assert world.sign_in("spa", "alice", SCOPE, prompt="login").kind == "token"
    world.grant("spa", "api", "user.read")
    assert world.sign_in("spa", "bob", SCOPE, prompt="login").kind == "token"
    assert world.read(world.choose(world.authorize("spa", SCOPE, prompt="consent"), "bob")).kind == "approval"
