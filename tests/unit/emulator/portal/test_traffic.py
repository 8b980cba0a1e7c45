"""The traffic: who asked for what with which outcome, as it comes, and never a secret of it."""

import asyncio
import base64
import json
import re
from typing import Any

import pytest

from entra_emulator.portal.door import HEADER
from entra_emulator.traffic import Exchange
from tests.conformance.login.login_world import SECRET, World
from tests.unit.emulator.portal.browsing import CONTOSO, SAME, Browser, graph, text_of


@pytest.fixture
def browser() -> Browser:
    """Give an API with a client and a role, and sign-ins that need no consent."""
    world = World()
    world.grant("spa", "api", "user.read")
    world.assign("user:bob", "api", "Reader")
    return Browser(world)


def opened(browser: Browser, number: int = 0) -> str:
    """Give the text of a request that is opened: by default the newest."""
    number = number or browser.emulator.traffic.newest_first()[0].number
    return text_of(browser.get(f"traffic?open={number}").text)


def test_no_secret_is_ever_shown(browser: Browser) -> None:
    """Whatever was secret in a run of everything: on no page, in no line of the stream, in no curl."""
    world = browser.world
    secrets = {SECRET, "my-own-state-value", "my-own-nonce-value"}
    world.grant("daemon", "graph", "openid")
    outcome = world.sign_in(
        "web",
        "bob",
        "openid offline_access User.Read",
        state="my-own-state-value",
        nonce="my-own-nonce-value",
    )
    secrets |= {value for name, value in outcome.body.items() if name.endswith("_token")}
    world.refresh("web", outcome)
    secrets.add(world.app_only("daemon", "https://graph.microsoft.com/.default").body["access_token"])
    basic = base64.b64encode(f"{world.app_ids['daemon']}:{SECRET}".encode()).decode()
    browser.client.post(
        world.path("token"),
        data={"grant_type": "client_credentials"},
        headers={"Authorization": f"Basic {basic}"},
    )
    secrets.add(basic)
    device = browser.client.post(
        world.path("devicecode"), data={"client_id": world.app_ids["public"], "scope": "openid"}
    )
    secrets |= {device.json()["device_code"], device.json()["user_code"]}
    app = world.application("daemon")["id"]
    secrets.add(graph(browser, "POST", f"/applications/{app}/addPassword", {}).json()["secretText"])
    batched = {"id": "1", "method": "POST", "url": f"/applications/{app}/addPassword", "body": {}}
    batched["headers"] = {"Content-Type": "application/json", "Authorization": "Bearer in-the-batch"}
    part = graph(browser, "POST", "/$batch", {"requests": [batched]}).json()["responses"][0]
    secrets |= {part["body"]["secretText"], "in-the-batch"}
    person = {
        "displayName": "P", "userPrincipalName": "p@contoso.com", "mailNickname": "p", "accountEnabled": True,
        "passwordProfile": {"password": "Correct-Horse-9"},
    }  # fmt: skip
    graph(browser, "POST", "/users", person)
    graph(browser, "POST", "/users", "no object, with a secret: Correct-Horse-9")
    browser.client.post(
        "/v1.0/groups", content=b"{broken, Correct-Horse-9", headers={"Content-Type": "application/json"}
    )
    secrets.add("Correct-Horse-9")
    codes = [each.location for each in browser.emulator.traffic if "code=" in each.location]
    secrets |= {re.split(r"[&#]", each.split("code=")[1])[0] for each in codes}
    assert len(secrets) > 12
    assert not {each for each in secrets if len(each) < 8}
    shown = [browser.get(f"traffic?q={word}").text for word in ("", "token", "app")]
    for exchange in list(browser.emulator.traffic):
        shown.append(browser.get(f"traffic?open={exchange.number}").text)
        shown.append(browser.post(f"traffic/{exchange.number}/again").text)
    shown += [browser.get("").text, browser.get(f"registrations/{app}").text]
    for secret in secrets:
        assert not [page for page in shown if secret in page], secret


def test_the_stream_sends_what_the_filter_keeps(browser: Browser) -> None:
    """A request that comes while somebody listens: its line as the page has it, escaped."""
    browser.get("")
    cookie = "; ".join(f"{each.name}={each.value}" for each in browser.client.cookies.jar)
    headers = {**SAME, "Host": "localhost:8443", "Cookie": cookie, HEADER: browser.portal.door.token}
    sent = asyncio.run(_listen(browser, headers, "kind=graph"))
    assert sent[0]["status"] == 200
    events = b"".join(each.get("body", b"") for each in sent[1:]).decode()
    assert events.count("data: ") == 1
    found = json.loads(events.split("data: ")[1].split("\n")[0])
    assert "/&lt;b&gt;" in found["html"]
    assert "requests since the start" in found["words"]


async def _listen(browser: Browser, headers: dict[str, str], query: str) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []
    gone, begun, arrived = asyncio.Event(), asyncio.Event(), asyncio.Event()
    requested = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> dict[str, Any]:
        for message in requested:
            return message
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)
        if message["type"] == "http.response.body":
            (arrived if begun.is_set() else begun).set()

    raw = [
        (name.lower().encode(), value.encode()) for name, value in {**headers, "Content-Length": "0"}.items()
    ]
    scope = {
        "type": "http", "http_version": "1.1", "method": "POST", "path": f"{CONTOSO}/traffic/stream",
        "raw_path": b"/", "query_string": query.encode(), "headers": raw, "scheme": "https",
        "server": ("localhost", 8443), "client": ("127.0.0.1", 1), "root_path": "",
    }  # fmt: skip
    assert browser.emulator.site is not None
    listening = asyncio.create_task(browser.emulator.site(scope, receive, send))
    await asyncio.wait_for(begun.wait(), 10)
    for kind in ("Sign-in", "Graph"):
        browser.emulator.traffic.add(Exchange("2026-01-01T00:00:00Z", kind, "GET", "/v1.0/<b>", "", 404, 1.0))
    await asyncio.wait_for(arrived.wait(), 10)
    gone.set()
    await asyncio.wait_for(listening, 10)
    return sent


def test_a_batch_is_one_row(browser: Browser) -> None:
    """With the number of its parts; opened, each part has its own outcome, in the order of the request."""
    requested = [
        {"id": str(n), "method": "GET", "url": url} for n, url in enumerate(("/users", "/nothing", "/groups"))
    ]
    graph(browser, "POST", "/$batch", {"requests": requested})
    text = text_of(browser.get("traffic").text)
    assert re.search(r"POST /\$batch 200 \d+ ms Emulator admin · 3 parts, 1 refused", text)
    assert "GET /users 200" not in text
    parts = opened(browser)
    assert parts.index("GET /users 200") < parts.index("GET /nothing 400") < parts.index("GET /groups 200")
    assert "Resource not found for the segment 'nothing'" in parts
