"""Each refused sign-in is counted once, and found at its client, at its API and at its person."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

import pytest

from entra_emulator.portal import stream
from entra_emulator.traffic import Exchange
from tests.conformance.login.login_outcomes import action, hidden
from tests.conformance.login.login_world import DAY, World
from tests.unit.emulator.portal.browsing import Browser, text_of
from tests.unit.emulator.portal.showing import visit

READ = "openid api://api/user.read"


@dataclass(frozen=True)
class Refusal:
    """How a refusal comes about, its code, and the client, person and API by which it is found."""

    code: int
    cause: Callable[[World], Any]
    client: str = "spa"
    person: str = ""
    api: str = ""


def signed_in(world: World, client: str = "spa", scope: str = READ) -> Any:
    """Sign Bob in, and return the tokens."""
    world.grant(client, "api", "user.read")
    return world.sign_in(client, "bob", scope)


def disabled_at_the_picker(world: World) -> None:
    """Choose somebody who was disabled while the page was open."""
    page = world.authorize("spa", READ)
    world.set_user("judy", accountEnabled=False)
    world.browser.post(action(page), data={"flow": hidden(page, "flow"), "user": world.user("judy")["id"]})


def not_assigned(world: World) -> None:
    """Choose somebody without a role."""
    world.set_principal("api", appRoleAssignmentRequired=True)
    world.choose(world.authorize("spa", READ), "judy")


def not_assigned_any_more(world: World) -> None:
    """Come back to an application that requires an assignment by now."""
    signed_in(world)
    world.set_principal("api", appRoleAssignmentRequired=True)
    world.authorize("spa", READ)


def declined(world: World) -> None:
    """Say no on the consent page."""
    page = world.choose(world.authorize("spa", READ), "judy")
    form = {"flow": hidden(page, "flow"), "user": hidden(page, "user"), "decision": "cancel"}
    world.browser.post(action(page), data=form)


def disabled_before_a_renewal(world: World) -> None:
    """Renew the token of somebody who was disabled."""
    tokens = signed_in(world, scope=f"{READ} offline_access")
    world.set_user("bob", accountEnabled=False)
    world.refresh("spa", tokens, READ)


def too_late(world: World) -> None:
    """Renew a page's token after two days."""
    tokens = signed_in(world, scope=f"{READ} offline_access")
    world.clock.advance(2 * DAY)
    world.refresh("spa", tokens, READ)


REFUSALS = (
    Refusal(50011, lambda world: world.authorize("spa", READ, redirect_uri="https://other/"), api="api"),
    Refusal(700016, lambda world: world.authorize("spa", READ, client_id="d" * 8), client=""),
    Refusal(90023, lambda world: world.authorize("spa", READ, prompt="other"), api="api"),
    Refusal(650053, lambda world: world.authorize("spa", "api://api/nothing"), api="api"),
    Refusal(500011, lambda world: world.authorize("spa", "api://nowhere/read")),
    Refusal(700051, lambda world: world.authorize("spa", READ, response_type="token"), api="api"),
    Refusal(501491, lambda world: world.authorize("spa", READ, code_challenge="short"), api="api"),
    Refusal(50058, lambda world: world.authorize("spa", READ, prompt="none"), api="api"),
    Refusal(50105, not_assigned, person="judy", api="api"),
    Refusal(50105, not_assigned_any_more, person="bob", api="api"),
    Refusal(50057, disabled_at_the_picker, person="judy", api="api"),
    Refusal(65004, declined, person="judy", api="api"),
    Refusal(
        90094, lambda world: world.choose(world.authorize("spa", "api://api/user.admin"), "judy"),
        person="judy", api="api",
    ),
    Refusal(50057, disabled_before_a_renewal, person="bob", api="api"),
    Refusal(700084, too_late, person="bob", api="api"),
    Refusal(9002313, lambda world: world.redeem_code("spa", "no code")),
    Refusal(7000215, lambda world: world.token(
        "daemon", {"grant_type": "client_credentials", "scope": "api://api/.default"}, secret="wrong",
    ), client="daemon", api="api"),
    Refusal(501051, lambda world: [
        world.set_principal("api", appRoleAssignmentRequired=True),
        world.app_only("daemon", "api://api/.default"),
    ], client="daemon", api="api"),
    Refusal(70003, lambda world: world.token("web", {"grant_type": "other"}), client="web"),
)  # fmt: skip


def is_refused(exchange: Exchange) -> bool:
    """Read from what was sent whether a client or a person was refused."""
    sent = exchange.response.decode(errors="replace") + unquote_plus(exchange.location)
    if "<h1>Sign in</h1>" in sent:
        return 'role="alert"' in sent
    return exchange.status >= 400 or re.search(r"AADSTS\d", sent) is not None


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: f"{refusal.code}-{refusal.cause.__name__}")
def test_a_refusal_is_found_where_somebody_looks(refusal: Refusal) -> None:
    """The headline, the filter and the lists agree with what was sent, whatever the status."""
    browser = Browser()
    world, traffic = browser.world, browser.emulator.traffic
    refusal.cause(world)

    refused = sum(map(is_refused, traffic))
    assert refused == 1
    page = text_of(browser.get("traffic?result=refused").text)
    assert f"{refused} of the last {len(list(traffic))} refused" in page
    assert page.count(f"AADSTS{refusal.code}") == 1

    here = visit(browser)
    lists = {
        "client": {"client_id": world.app_ids[refusal.client]} if refusal.client else None,
        "person": {"person_id": world.user(refusal.person)["id"]} if refusal.person else None,
        "api": {"api": world.principal(refusal.api)} if refusal.api else None,
    }
    for where, options in lists.items():
        if options is not None:
            codes = [row.seen.code for row in stream.sign_ins(here, 50, **options) if row.seen.code]
            assert codes == [refusal.code], where
