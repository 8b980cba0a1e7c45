"""Snapshots as files through the portal: what is in them, what is refused, and by the same door."""

import json
from typing import Any

import httpx
import pytest

from entra_emulator import seed
from entra_emulator.portal.door import FIELD
from entra_emulator.snapshots import bounds
from entra_emulator.snapshots.compare import differences
from tests.conformance.login.login_world import SECRET, World
from tests.unit.emulator.portal.browsing import CONTOSO, SAME, Browser, group_of, text_of


@pytest.fixture
def browser() -> Browser:
    """Give a tenant with secrets, and the portal of it."""
    return Browser(World())


def saved(browser: Browser, name: str = "now") -> Any:
    """Save a snapshot as a file."""
    response = browser.post("snapshots/export", {"name": name})
    assert response.status_code == 200, text_of(response.text)
    assert response.headers["content-disposition"].startswith("attachment; ")
    assert response.headers["cache-control"] == "no-store"
    return response.json()


def brought(browser: Browser, content: bytes, *, called: str = "team.json", **form: str) -> httpx.Response:
    """Bring a file in."""
    browser.get("")
    given = {FIELD: browser.portal.door.token, **form}
    files = {"file": (called, content, "application/json")}
    return browser.client.post(f"{CONTOSO}/snapshots/import", data=given, files=files, headers=SAME)


def test_what_was_saved_comes_back_on_another_machine(browser: Browser) -> None:
    """A file is all that differs between two emulators: after it nothing does, and its secrets sign in."""
    alice, admins = browser.world.user("alice")["id"], group_of(browser, "MyApp Admins")
    browser.post("edit/take-out", {"group": admins, "member": alice, "sure": "yes"})
    content = json.dumps(saved(browser)).encode()
    other = Browser(World())
    response = brought(other, content)
    assert response.status_code == 200
    assert "Changes since team" in text_of(response.text)
    assert "Alice Archer in MyApp Admins" in text_of(response.text)
    other.post("snapshots/restore", {"name": "team", "sure": "yes"})
    assert differences(browser.world.directory, other.world.directory) == []
    requested = {"client_id": seed.ADMIN_APP_ID, "scope": "https://graph.microsoft.com/.default",
             "client_secret": seed.ADMIN_SECRET, "grant_type": "client_credentials"}  # fmt: skip
    token = other.client.post(f"/{seed.CONTOSO}/oauth2/v2.0/token", data=requested)
    assert token.status_code == 200, token.text


def test_no_file_holds_a_key_or_a_secret(browser: Browser) -> None:
    """Neither the keys that sign, nor the server's, nor a session, nor a secret in clear."""
    text = json.dumps(saved(browser))
    assert set(json.loads(text)) == {"kind", "version", "taken", "directory"}
    for secret in (SECRET, seed.ADMIN_SECRET, seed.DEPLOYER_SECRET, "PRIVATE KEY", browser.portal.door.token):
        assert secret not in text
    ring = browser.world.service.secrets()
    assert not any(part in text for part in _values(json.loads(ring)) if len(part) > 20)


def _values(data: Any) -> list[str]:
    if isinstance(data, dict):
        return [each for value in data.values() for each in _values(value)]
    if isinstance(data, list):
        return [each for value in data for each in _values(value)]
    return [data] if isinstance(data, str) else []


def test_what_is_in_a_file_is_not_trusted(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused by its place, and nothing is kept: no JSON, another kind, a wrong type, too much, no file."""
    good = saved(browser)
    wrong = json.loads(json.dumps(good))
    wrong["directory"]["tenants"][0]["users"][3]["accountEnabled"] = "<b>yes</b>"
    cases = {
        b"": "No file was chosen",
        b"\xff{}": "is not UTF-8",
        b"[" * 100_000: "is nested deeper",
        b'{"kind": "another"}': "is no snapshot",
        json.dumps(wrong).encode(): "users[3].accountEnabled",
        json.dumps({**good, "more": 1}).encode(): "which is no part of a snapshot",
    }
    before = browser.world.directory.dump()
    for content, words in cases.items():
        response = brought(browser, content, called="<b>.json")
        assert response.status_code == 400, words
        assert words in text_of(response.text), text_of(response.text)
        assert "<b>" not in response.text
    monkeypatch.setattr(bounds, "MOST_BYTES", 100)
    assert "is larger than" in text_of(brought(browser, json.dumps(good).encode()).text)
    assert browser.emulator.snapshots.kept() == []
    assert browser.world.directory.dump() == before


def test_a_file_has_a_name_that_a_snapshot_can_have(browser: Browser) -> None:
    """Its own, tamed; or the one that is typed; reserved ones are refused."""
    content = json.dumps(saved(browser)).encode()
    for called in ("../../etc/passwd.json", "C:\\files\\team one.json", "…", "now.json"):
        brought(browser, content, called=called)
    brought(browser, content, name="typed")
    assert [each.name for each in browser.emulator.snapshots.kept()] == [
        "passwd", "team one", "from a file", "typed",
    ]  # fmt: skip
    assert "cannot be called" in text_of(brought(browser, content, called="beginning.json").text)
    assert browser.post("snapshots/export", {"name": "nothing"}).status_code == 404
