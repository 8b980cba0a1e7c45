"""Every page that a person gets from the emulator, and the drift report, in Chromium: axe, phone and
desktop, both schemes.
"""

import json
import os
import re
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from entra_emulator import background, seed, server_options
from entra_emulator.portal.pages import PAGES
from entra_emulator.state import state_files
from tests.e2e.chromium import SCREENSHOTS, key_of
from tests.e2e.page_list import NAMES, pages, portal_pages
from tests.e2e.page_objects import CLIENT, prepare

REPORTS = ("drift", "plan", "access", "fleet")
pytestmark = [pytest.mark.browser, pytest.mark.pages]


def device_codes(origin: str, trust: ssl.SSLContext, number: int) -> list[str]:
    """Ask for user codes, as devices do."""
    form = {"client_id": CLIENT, "scope": "openid User.Read"}
    url = f"{origin}/{seed.CONTOSO}/oauth2/v2.0/devicecode"
    responses = [httpx.post(url, data=form, verify=trust).raise_for_status() for _ in range(number)]
    return [str(response.json()["user_code"]) for response in responses]


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, Any]]]:
    """Open every page in one browser; give the emulator's origin and what was found, by page."""
    folder = tmp_path_factory.mktemp("pages")
    state = folder / "emulator"
    running = background.start(server_options.ServerOptions(state, port=0), prepare=prepare)
    try:
        codes = device_codes(running.origin, background.trust_of(state), 2)
        listed = [
            {
                "name": name,
                "url": f"{running.origin}{path}" if path.startswith("/") else path,
                "heading": heading,
                "steps": steps,
                "paper": name.startswith(REPORTS),
                "large": name == "fleet-of-many",
            }
            for name, (path, heading, steps) in pages(folder, codes).items()
        ]
        world = {
            "pages": listed,
            "screenshots": str(SCREENSHOTS),
            "trustedKey": key_of(state / state_files.CERTIFICATE_FILE),
        }
        world["chromium"] = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        (folder / "world.json").write_text(json.dumps(world), encoding="utf-8")
        command = ["node", str(Path(__file__).with_name("page_audit.mjs")), str(folder / "world.json")]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=480)
        assert done.returncode == 0, done.stdout[-1000:] + done.stderr[-3000:]
        yield running.origin, {found["name"]: found for found in map(json.loads, done.stdout.splitlines())}
    finally:
        background.end(state)


@pytest.mark.parametrize("name", NAMES)
def test_the_page_is_accessible_and_whole_by_itself(audited: tuple[str, dict[str, Any]], name: str) -> None:
    """No axe violation, no sideways scrolling at 320 px, no complaint of the browser, and no request but
    for the page. A report is whole and dark on white on paper too, whatever is filtered out of the screen.
    """
    origin, found = audited

    # The browser itself says that the page of what is not there is answered 404.
    said = [each for each in found[name]["complaints"] if name != "missing" or "status of 404" not in each]
    assert said == []
    beyond = [url for url in found[name]["requests"] if not url.startswith((f"{origin}/", "file://"))]
    assert beyond == []
    if name.startswith(REPORTS):
        assert len(found[name]["requests"]) == 1


def test_every_route_of_the_portal_is_looked_at() -> None:
    """Each page that the portal shows is one of the list above: a new one has to be added to it."""
    seen = [path.partition("?")[0] for path, *_ in portal_pages().values()]
    missing = {
        route
        for route in PAGES
        if not any(re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", route), path) for path in seen if path != "/")
    }
    assert missing <= {"/portal/{tenant}"}


def test_every_page_is_looked_at(audited: tuple[str, dict[str, Any]]) -> None:
    """The list of names and the list of pages are the same."""
    assert sorted(audited[1]) == sorted(NAMES)
