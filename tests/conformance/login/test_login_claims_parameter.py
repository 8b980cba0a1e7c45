"""The `claims` parameter and the claims that it brings; `login_hint` as a claim."""

import json
from typing import Any

import jwt
import pytest

from tests.conformance.login.login_outcomes import ending
from tests.conformance.login.login_world import World
from tests.conformance.login.signing_in import SCOPE, signed_in

fact = pytest.mark.fact


@fact(
    "claims parameter: id_token", source="MSAL's page on claims requests, OpenID Connect Core 5.5", grade="D"
)
@pytest.mark.parametrize("member", [None, {"essential": True}], ids=["null", "essential"])
def test_id_token_claims(world: World, member: dict[str, Any] | None) -> None:
    """What the request names comes with the id_token, if it is an optional claim that the user has; the
    rest does not.
    """
    world.grant("spa", "api", "user.read")
    assert {"auth_time", "login_hint", "acct", "upn", "sid"}.isdisjoint(signed_in(world, "bob"))
    wanted = dict.fromkeys(("auth_time", "login_hint", "acct", "upn", "family_name", "nonsense"), member)
    claims = signed_in(world, "bob", claims=json.dumps({"id_token": wanted}))
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
    assert ending(world.read(world.authorize("spa", SCOPE))) == "sign-in"
    found = world.read(world.authorize("spa", SCOPE, prompt="none", login_hint=hints["bob"]))
    assert world.redeem_code("spa", found.body["code"]).claims["preferred_username"] == "bob@contoso.com"
    for nonsense in ("O.", "O.x", "O.CiQ", hints["bob"][:-9]):
        assert world.read(world.authorize("spa", SCOPE, prompt="none", login_hint=nonsense)).code == 50058
    world.tenant.users.remove(world.user("bob")["id"])
    assert hints["bob"] in world.authorize("spa", SCOPE, prompt="login", login_hint=hints["bob"]).text


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
@pytest.mark.parametrize(
    "text", ["{", "[]", "null", '{"id_token":1}', '{"id_token":false}', '{"access_token":[]}', "[" * 9_999]
)
def test_bad_claims(world: World, text: str) -> None:
    """It is refused at both endpoints."""
    outcome = world.read(world.authorize("spa", SCOPE, claims=text))
    assert (outcome.kind, outcome.error, outcome.code) == ("redirect", "invalid_request", 9002313)
    world.grant("spa", "api", "user.read")
    code = world.read(world.choose(world.authorize("spa", SCOPE), "bob")).body["code"]
    refusal = world.redeem_code("spa", code, claims=text)
    assert (refusal.kind, refusal.code, refusal.status) == ("refusal", 9002313, 400)
