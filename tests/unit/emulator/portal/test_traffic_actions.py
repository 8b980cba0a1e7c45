"""What the page of the traffic does: forgets, sends again; whose requests a page shows, and a shell line."""

import asyncio
import base64
import json
from dataclasses import replace
from typing import Any

import pytest

from entra_emulator.callers import Caller
from entra_emulator.fault_plan import FaultPlan
from entra_emulator.portal import stream
from entra_emulator.portal.exchanges import SeenExchange
from entra_emulator.seed import CONTOSO, FABRIKAM
from entra_emulator.traffic import Exchange, SignInFacts
from tests.conformance.login.login_world import ORIGIN
from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.browsing import CONTOSO as PAGES
from tests.unit.emulator.portal.browsing import Browser
from tests.unit.emulator.portal.showing import page, visit

FORM = "application/x-www-form-urlencoded"
JSON = "application/json; charset=utf-8"
TOKEN = f"/{CONTOSO}/oauth2/v2.0/token"


@pytest.fixture
def browser() -> Browser:
    """Give the portal of the example tenant."""
    return example.browser()


def token(**claims: Any) -> bytes:
    """Return the response of a sign-in with a token of some claims."""
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return json.dumps({"access_token": f"e30.{payload}.x"}).encode()


def sign_in(path: str = TOKEN, **more: Any) -> Exchange:
    """Return a sign-in as it came."""
    return Exchange("2026-01-01T00:00:00Z", "Sign-in", "POST", path, "", more.pop("status", 200), 1.0, **more)


def graph(method: str, path: str, caller: Caller | None = None, **more: Any) -> Exchange:
    """Return a call of Graph as it came."""
    return Exchange("2026-01-01T00:00:00Z", "Graph", method, path, "", 200, 1.0, caller=caller, **more)


SPA, PERSON = "client-id", "person-id"
ASKED = SignInFacts(SPA, PERSON, "api://a/b")
SEEN = {
    "a token": sign_in(response=token(azp=SPA, oid=PERSON, aud="api-id", roles=["Reader"])),
    "another token": sign_in(response=token(azp="other", oid="other", aud="other", roles=["Writer"])),
    "a refusal": sign_in(status=400, sign_in=replace(ASKED, code=50057)),
    "a page": sign_in(sign_in=ASKED),
    "elsewhere": sign_in(f"/{FABRIKAM}/oauth2/v2.0/token", response=token(azp=SPA, oid=PERSON, aud="api-id")),
    "Graph": graph("GET", "/v1.0/me", Caller("user", CONTOSO, PERSON, SPA)),
}


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({}, []),
        ({"client_id": SPA}, ["a refusal", "a token"]),
        ({"client_id": "other"}, ["another token"]),
        ({"person_id": PERSON}, ["a refusal", "a token"]),
        ({"client_id": "nothing", "person_id": PERSON}, ["a refusal", "a token"]),
        ({"client_id": SPA, "role": "Reader"}, ["a token"]),
        ({"client_id": SPA, "role": "Writer"}, []),
        ({"api": {"appId": "api-id"}}, ["a token"]),
        ({"api": {"appId": "x", "servicePrincipalNames": ["api://a"]}}, ["a refusal"]),
        ({"api": {"appId": "x", "servicePrincipalNames": None}}, []),
        ({"client_id": "other", "api": {"appId": "api-id"}}, ["another token", "a token"]),
    ],
)
def test_sign_ins_of_a_client_a_person_or_an_api(
    browser: Browser, options: dict[str, Any], found: list[str]
) -> None:
    """Hold that tokens and refusals of this tenant are shown, newest first, and pages and Graph are not."""
    browser.emulator.traffic.clear()
    for one in SEEN.values():
        browser.emulator.traffic.add(one)
    names = {id(one): name for name, one in SEEN.items()}

    assert [names[id(row.seen.raw)] for row in stream.sign_ins(visit(browser), **options)] == found
    assert len(stream.sign_ins(visit(browser), 1, **options)) == min(1, len(found))


def test_the_last_five_are_shown_where_no_number_is_said(browser: Browser) -> None:
    """Hold that older ones are left out, of sign-ins and of anything."""
    browser.emulator.traffic.clear()
    for _ in range(7):
        browser.emulator.traffic.add(sign_in(response=token(azp=SPA)))
    found = stream.sign_ins(visit(browser), client_id=SPA)

    assert [row.seen.raw.number for row in found] == [7, 6, 5, 4, 3]
    assert [row.seen.raw.number for row in stream.last(visit(browser), 2)] == [7, 6]


@pytest.mark.parametrize(
    ("one", "here"),
    [
        (graph("GET", "/v1.0/users", Caller("app", CONTOSO, "", "")), True),
        (graph("GET", "/v1.0/users", Caller("app", FABRIKAM, "", "")), False),
        (graph("GET", "/v1.0/users"), True),
        (sign_in(f"/{CONTOSO}/oauth2/v2.0/token"), True),
        (sign_in("/contoso%2Ecom/oauth2/v2.0/token"), True),
        (sign_in("/fabrikam.com/oauth2/v2.0/token"), False),
        (sign_in("/common/oauth2/v2.0/token"), True),
        (sign_in("/"), True),
    ],
)
def test_a_request_is_of_its_tenant_or_of_none_that_is_known(
    browser: Browser, one: Exchange, here: bool
) -> None:
    """Hold that a caller's tenant decides, else that of the path."""
    assert stream.of_tenant(visit(browser), SeenExchange(one)) is here


@pytest.mark.parametrize(
    ("one", "lines"),
    [
        (
            graph("GET", "/v1.0/groups"),
            ["-X GET", '-H "Authorization: Bearer $TOKEN"', f"{ORIGIN}/v1.0/groups"],
        ),
        (
            graph("PATCH", "/v1.0/groups/a b", headers={"content-type": JSON}, body=b'{"a": "it\'s"}'),
            [
                "-X PATCH",
                '-H "Authorization: Bearer $TOKEN"',
                f"-H 'Content-Type: {JSON}'",
                '-d \'{\n  "a": "it\'"\'"\'s"\n}\'',
                f"'{ORIGIN}/v1.0/groups/a b'",
            ],
        ),
        (
            sign_in(headers={"content-type": FORM}, body=b"client_secret=s&scope=a%20b"),
            [
                "-X POST",
                "--data-urlencode client_secret=masked",
                "--data-urlencode 'scope=a b'",
                f"{ORIGIN}{TOKEN}",
            ],
        ),
        (sign_in(headers={"content-type": JSON}), ["-X POST", f"{ORIGIN}{TOKEN}"]),
    ],
)
def test_a_request_for_a_shell(browser: Browser, one: Exchange, lines: list[str]) -> None:
    """Hold each line, what was secret masked, the token a variable."""
    found = stream.curl(visit(browser), SeenExchange(one))

    assert found == " \\\n  ".join([f'curl --cacert "$SSL_CERT_FILE" {lines[0]}', *lines[1:]])


def test_a_query_for_a_shell_is_masked(browser: Browser) -> None:
    """Hold that a code is not in it."""
    one = Exchange("", "Sign-in", "GET", "/common/x", "code=0.secret-1&a=1", 302, 1.0)

    assert stream.curl(visit(browser), SeenExchange(one)).endswith(f"'{ORIGIN}/common/x?code=masked&a=1'")


def test_what_came_is_forgotten(browser: Browser) -> None:
    """Hold that the page follows, and says how many came all the same."""
    browser.emulator.traffic.add(graph("GET", "/v1.0/users"))
    response = stream.clear(visit(browser))

    assert (response.status_code, response.headers["location"]) == (303, f"{PAGES}/traffic")
    opened = visit(browser)
    stream.show(opened)
    assert opened.values["total"] == "1 requests since the start, 0 of the last 0 refused"
    assert (opened.values["rows"], opened.values["more"]) == ([], False)


def test_a_long_page_says_that_there_is_more(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold that the newest stand on it."""
    monkeypatch.setattr(stream, "SHOWN", 2)
    for path in ("/v1.0/a", "/v1.0/b", "/v1.0/c"):
        browser.emulator.traffic.add(graph("GET", path))
    opened = visit(browser)
    stream.show(opened)

    assert [row.seen.path for row in opened.values["rows"]] == ["/c", "/b"]
    assert opened.values["more"] is True


def test_what_is_opened_is_of_this_tenant(browser: Browser) -> None:
    """Hold that a request of another is gone."""
    browser.emulator.traffic.add(graph("GET", "/v1.0/users", Caller("app", FABRIKAM, "", "")))
    opened = visit(browser, "open=1")
    stream.show(opened)

    assert (opened.values["opened"], opened.values["gone"], opened.values["rows"]) == (None, True, [])


def again(browser: Browser, number: str, **form: str) -> tuple[str, str]:
    """Send a request again; return the page, or where it leads."""
    opened = visit(browser, "", form, number=number)
    response = asyncio.run(stream.again(opened))
    assert response.status_code == (opened.status or 303)
    return (
        (page(opened, {}).partition("\n")[0], "") if opened.template else ("", response.headers["location"])
    )


def test_a_request_is_sent_again_as_its_caller(browser: Browser) -> None:
    """Hold that a write is asked about, that the new one is opened, and that nothing else is sent."""
    caller = Caller(
        "user", CONTOSO, browser.world.user("grace")["id"], SPA, frozenset({"User.ReadWrite.All"})
    )
    path, body = f"/v1.0/users/{browser.world.user('erin')['id']}", b'{"jobTitle": "Engineer"}'
    for one in (
        graph("GET", path, caller),
        graph("PATCH", path, caller, headers={"content-type": "application/json"}, body=body),
        graph("GET", path),
        sign_in(),
    ):
        browser.emulator.traffic.add(one)

    assert again(browser, "1") == ("", f"{PAGES}/traffic?open=5")
    (_, read) = browser.emulator.traffic.newest_first()[::4][::-1]
    assert (read.method, read.path, read.status, read.caller and read.caller.oid) == (
        "GET",
        path,
        200,
        caller.oid,
    )
    assert again(browser, "2") == ("again.html 200 at traffic", "")
    assert browser.world.user("erin")["jobTitle"] is None
    assert again(browser, "2", sure="yes") == ("", f"{PAGES}/traffic?open=6")
    assert browser.world.user("erin")["jobTitle"] == "Engineer"
    for number in ("3", "4", "99", "x"):
        assert again(browser, number) == ("gone.html 404 at traffic", "")
    browser.emulator.faults.set(FaultPlan(cut_before_rate=1.0))
    assert again(browser, "1") == ("", f"{PAGES}/traffic?open=7"), "that it was cut, its line says"
