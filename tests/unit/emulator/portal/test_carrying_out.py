"""What becomes of a change that somebody said yes to: the request, where the browser is led, a refusal."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.responses import Response

from entra_emulator import seed
from entra_emulator.fault_plan import FaultPlan, FaultRule
from entra_emulator.graph.call import HttpReply
from entra_emulator.portal import edits
from entra_emulator.portal.proposal import Proposal, Request, request_line, requests, segments
from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.browsing import CONTOSO, Browser
from tests.unit.emulator.portal.showing import Showing, names, plain, visit

CUT = "The connection was cut by a fault that is on: nobody knows whether it was done."
FORBIDDEN = (
    "Graph refused with 403 Authorization_RequestDenied: Insufficient privileges to complete the operation."
)


@pytest.fixture
def browser() -> Browser:
    """Give the portal of the example tenant."""
    return example.browser()


def done(browser: Browser, edit: str, form: Mapping[str, str], query: str = "") -> tuple[Showing, Response]:
    """Send the form of a change; names stand for ids in it."""
    ids = {name: row_id for row_id, name in names(browser.world).items()}
    given = {name: ids.get(value, value) for name, value in form.items()}
    opened = visit(browser, query, given, edit=edit)
    return opened, asyncio.run(edits.carry_out(opened))


YES = {"sure": "yes"}
BOB = {"user": "user:Bob Baker"}


@pytest.mark.parametrize(
    ("edit", "form", "address"),
    [
        ("disable-user", BOB, f"{CONTOSO}/users/user:Bob Baker"),
        ("disable-user", {**BOB, "then": f"{CONTOSO}/groups?q=a"}, f"{CONTOSO}/groups?q=a"),
        ("disable-user", {**BOB, "then": "https://evil.example/"}, f"{CONTOSO}/users/user:Bob Baker"),
        ("disable-user", {**BOB, "then": "/portal\\evil"}, f"{CONTOSO}/users/user:Bob Baker"),
        ("disable-user", {**BOB, "then": "/portal/\r\nSet-Cookie: a"}, f"{CONTOSO}/users/user:Bob Baker"),
        ("add-principal", {"application": "app:Alone", "then": CONTOSO + "/x"}, f"{CONTOSO}/x"),
        ("add-principal", {"application": "app:Alone"}, f"{CONTOSO}/enterprise/sp:Alone"),
    ],
)
def test_a_change_leads_on(browser: Browser, edit: str, form: dict[str, str], address: str) -> None:
    """Hold where: what was made, the page that the form names, else the object; never beyond the portal."""
    seed.add_application(browser.world.tenant, "Alone")
    opened, response = done(browser, edit, {**form, **YES})
    known = names(browser.world)

    assert (opened.template, response.status_code) == ("", 303)
    (key,) = browser.portal.done
    joined = f"{address}{'&' if '?' in address else '?'}done={key}"
    assert plain(response.headers["location"], known) == plain(joined, known)
    last = browser.emulator.snapshots.last
    assert last is not None, "the moment before it is kept"


@pytest.mark.parametrize(
    ("edit", "form", "shown"),
    [
        ("nothing", {}, "edit_gone.html 404 There is no such change."),
        ("disable-user", {}, "edit_gone.html 404 There is no such user any more."),
        ("disable-user", {**BOB, "sure": "no"}, "edit.html 200 "),
        ("disable-user", BOB, "edit.html 200 "),
        ("new-user", {"name": "New", "sure": "yes"}, "edit.html 200 "),
    ],
)
def test_nothing_is_done_before_all_is_said_and_somebody_said_yes(
    browser: Browser, edit: str, form: dict[str, str], shown: str
) -> None:
    """Hold the page that asks, and that Graph was not called."""
    opened, response = done(browser, edit, form)

    told = opened.values.get("reason") or opened.values.get("refusal") or ""
    assert f"{opened.template} {response.status_code} {told}" == shown
    assert list(browser.emulator.traffic) == []
    assert browser.emulator.snapshots.last is None


def test_a_question_keeps_what_was_given_but_for_what_it_asks(browser: Browser) -> None:
    """Hold the request's line, what goes with the form, and that an answer of before does not."""
    ids = {name: row_id for row_id, name in names(browser.world).items()}
    given = {"holder": "bob@contoso.com", "resource": "Api", "role": "x", "sure": "yes", "as": "somebody"}
    opened = visit(browser, urlencode(given), edit="assign")
    response = edits.show(opened)

    assert (response.status_code, opened.template) == (200, "edit.html")
    assert opened.values["given"] == {"holder": "bob@contoso.com", "resource": "Api"}
    assert opened.values["line"] == f"POST /servicePrincipals/{ids['sp:Api']}/appRoleAssignedTo"
    assert (opened.values["refusal"], opened.values["edit"]) == ("", "assign")


@pytest.mark.parametrize(
    ("plan", "person", "status", "refusal"),
    [
        ({}, "bob", 403, FORBIDDEN),
        ({"cut_before_rate": 1.0}, "grace", 200, CUT),
        ({"throttle_rate": 1.0}, "grace", 429, "Graph refused with 429"),
        ({"error_rate": 1.0, "error_status": 500}, "grace", 500, "Graph refused with 500"),
    ],
)
def test_a_refusal_stands_on_the_question(
    browser: Browser, plan: dict[str, Any], person: str, status: int, refusal: str
) -> None:
    """Hold Graph's words and its status; of a cut nobody knows."""
    browser.emulator.faults.set(FaultPlan.from_data(plan))
    ids = {name: row_id for row_id, name in names(browser.world).items()}
    opened = visit(browser, "", {"user": ids["user:Erin Evans"], **YES}, edit="disable-user")
    opened.request.cookies[opened.actor_cookie] = browser.world.user(person)["id"]
    response = asyncio.run(edits.carry_out(opened))

    assert (opened.template, response.status_code) == ("edit.html", status)
    assert opened.values["refusal"].startswith(refusal)
    assert browser.emulator.snapshots.last is None


def test_a_secret_is_shown_once_on_a_page(browser: Browser) -> None:
    """Hold that it is the one that was made, and that no address has it."""
    opened, response = done(browser, "add-secret", {"application": "app:Daemon", "name": "mine", **YES})
    (made, _) = browser.world.application("daemon")["passwordCredentials"]

    assert (opened.template, response.status_code, "location" in response.headers) == (
        "secret.html",
        200,
        False,
    )
    assert opened.values["secret"].startswith(made["hint"])
    assert len(opened.values["secret"]) > 30
    assert plain(opened.values["back"], names(browser.world)) == "~/registrations/app:Daemon"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"error": {"code": "c", "message": "m"}}', "Graph refused with 400 c: m"),
        (b'{"error": {"code": "c"}}', "Graph refused with 400."),
        (b'{"error": "c"}', "Graph refused with 400."),
        (b"[]", "Graph refused with 400."),
        (b"", "Graph refused with 400."),
    ],
)
def test_a_reply_without_an_error_of_graphs_form_is_its_status(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, body: bytes, words: str
) -> None:
    """Hold the sentence."""

    async def reply(_: object) -> HttpReply:
        return HttpReply(400, [], body)

    monkeypatch.setattr(browser.emulator, "call_graph", reply)
    opened, _ = done(browser, "disable-user", {**BOB, **YES})

    assert opened.values["refusal"] == words


def test_a_question_shows_all_requests() -> None:
    """Hold the line of the question, and the path as Graph gets it."""
    once = Proposal("", "", "", "PATCH", "groups/a b/members/c/$ref", "")

    assert request_line(once) == "PATCH /groups/a b/members/c/$ref"
    assert request_line(replace(once, first=Request(once.method, once.path, {}))) == (
        "PATCH /groups/a b/members/c/$ref, twice"
    )
    assert request_line(replace(once, first=Request("POST", "x", {}))) == (
        "POST /x, then PATCH /groups/a b/members/c/$ref"
    )
    assert segments(requests(once)[0]) == ["v1.0", "groups", "a%20b", "members", "c", "$ref"]


@pytest.mark.parametrize("fails", [0, 1])
def test_the_second_request_follows_the_first(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, fails: int
) -> None:
    """Hold what is said where the first one was done, and the second was refused or cut."""
    ids = {name: row_id for row_id, name in names(browser.world).items()}
    replies = [HttpReply(204, [], b""), HttpReply(409 if fails else 204, [], b"")]
    bodies: list[bytes] = []

    async def reply(call: Any) -> HttpReply:
        bodies.append(call.body)
        return replies[len(bodies) - 1]

    monkeypatch.setattr(browser.emulator, "call_graph", reply)
    form = {"application": ids["app:Other"], "role": ids["role:Other/Reader"], **YES}
    opened = visit(browser, "", form, edit="remove-role")
    response = asyncio.run(edits.carry_out(opened))

    assert [ids["role:Other/Reader"].encode() in body for body in bodies] == [True, False]
    if fails:
        assert opened.values["refusal"] == ("The first request was done. Graph refused with 409.")
    else:
        assert response.status_code == 303


def test_a_restore_that_is_half_done_says_so(browser: Browser) -> None:
    """The registration is back: its question is not asked again, and the page has Graph's refusal."""
    app, principal = (browser.world.application("api")["id"], browser.world.principal("api")["id"])
    example.change(browser, "DELETE", f"/applications/{app}")
    browser.emulator.faults.set(FaultPlan(rules=[FaultRule("respond", method="POST", skip=1)]))
    opened, response = done(browser, "restore", {"object": app, **YES})

    assert (opened.template, response.status_code) == ("edit_gone.html", 404)
    assert opened.values["heading"] == "The change was made in part"
    assert opened.values["reason"].startswith("The first request was done. Graph refused with 503")
    tenant = browser.world.tenant
    assert (app in tenant.applications, principal in tenant.deleted_items) == (True, True)
