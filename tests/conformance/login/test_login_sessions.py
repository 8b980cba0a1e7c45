"""Sessions of a browser: single sign-on, silent requests, several accounts."""

import pytest

from tests.conformance.login.login_world import World
from tests.conformance.login.signing_in import SCOPE

fact = pytest.mark.fact


@fact("prompt=none without a session", source="msal-js#1880", grade="R")
def test_silent_without_session(world: World) -> None:
    """Nobody signed in: `login_required` 50058 goes back, and no page is shown."""
    outcome = world.read(world.authorize("spa", SCOPE, prompt="none", response_mode="fragment"))
    assert (outcome.kind, outcome.error, outcome.code) == ("redirect", "login_required", 50058)


@fact("single sign-on", source="ED:refresh-tokens", grade="D")
def test_single_sign_on(world: World) -> None:
    """The second application in a browser needs no sign-in, and a silent request gets a code."""
    for client in ("spa", "web"):
        world.grant(client, "api", "user.read")
    world.sign_in("spa", "bob", SCOPE)
    assert "code" in world.read(world.authorize("web", SCOPE)).body
    assert "code" in world.read(world.authorize("web", SCOPE, prompt="none")).body
    assert world.read(world.authorize("web", SCOPE, prompt="login")).kind == "sign-in"
    assert world.read(world.authorize("web", SCOPE, prompt="select_account")).kind == "sign-in"


@fact("prompt=none with consent or assignment missing", source="ED:v2-oauth2-auth-code-flow", grade="D")
def test_silent_with_something_missing(world: World) -> None:
    """With a session, what would need a page is `interaction_required`."""
    world.sign_in("spa", "bob", "openid")
    missing = world.read(world.authorize("spa", SCOPE, prompt="none"))
    assert (missing.error, missing.code) == ("interaction_required", 65001)
    world.grant("spa", "api", "user.read")
    world.set_principal("api", appRoleAssignmentRequired=True)
    unassigned = world.read(world.authorize("spa", SCOPE, prompt="none"))
    assert (unassigned.error, unassigned.code) == ("interaction_required", 50105)


@fact("several sessions", source="ED:v2-oauth2-auth-code-flow", grade="D")
def test_two_accounts_in_one_browser(world: World) -> None:
    """Two accounts and no hint need a choice; `login_hint` or `sid` of one resolves silently."""
    world.grant("spa", "api", "user.read")
    world.sign_in("spa", "bob", SCOPE)
    world.sign_in("spa", "alice", SCOPE, prompt="select_account")
    assert world.read(world.authorize("spa", SCOPE)).kind == "sign-in"
    assert world.read(world.authorize("spa", SCOPE, prompt="none")).code == 16000
    found = world.read(world.authorize("spa", SCOPE, prompt="none", login_hint="alice@contoso.com"))
    assert world.redeem_code("spa", found.body["code"]).claims["preferred_username"] == "alice@contoso.com"


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
