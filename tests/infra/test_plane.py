"""Option D through the load balancer's stand-in, whose rules are those that MiniStack deployed: the real page
and API, the emulator as Entra, in Chromium and by HTTP. No load balancer of AWS was met.
"""

from __future__ import annotations

import json
import os
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.e2e.chromium import key_of
from tests.infra import page_world
from tests.infra.behind import Behind
from tests.infra.page_world import USERS
from tests.infra.templates import ROOT

pytestmark = pytest.mark.options


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    """Run all of it once."""
    with page_world.running(tmp_path_factory.mktemp("page") / "world") as running:
        yield running


def test_the_deployed_rules_let_good_tokens_and_preflights_by(world: Behind) -> None:
    """The check of tokens is the template's, with the tenant that `settings` wrote; 404 for other hosts."""
    (rule,) = (
        each
        for each in json.loads((world.base.folder / "deployed.json").read_text(encoding="utf-8"))["Rules"]
        if "jwt-validation" in {action["Type"] for action in each["Actions"]}
    )
    (config,) = (each["JwtValidationConfig"] for each in rule["Actions"] if "JwtValidationConfig" in each)
    assert config["AdditionalClaims"][0]["Values"] == [world.base.app_ids["api"]]
    trusted = ssl.create_default_context(cafile=str(world.base.tls.ca))
    with httpx.Client(base_url=world.api_origin, verify=trusted) as call:
        good = world.base.token(USERS["reader"], "spa", "user.read")
        response = call.get("/me", headers={"Authorization": f"Bearer {good}"})
        assert (response.status_code, response.json()["roles"]) == (200, ["Reader"])
        opened = call.get("/me")
        assert (opened.status_code, opened.json()["signInPage"]) == (401, world.origin)
        assert call.get("/me", headers={"Authorization": f"Bearer {good[:-4]}AAAA"}).status_code == 401
        log = world.log("balancer")
        assert log.count("/me jwt-validation: ") == 1
        requested = {"Origin": world.origin, "Access-Control-Request-Method": "GET"}
        assert call.options("/me", headers=requested).headers["access-control-allow-origin"] == world.origin
        assert call.get("/", headers={"Host": "other.example.com"}).status_code == 404


def test_a_writer_signs_in_and_writes_in_chromium(world: Behind, tmp_path: Path) -> None:
    """The page asks Entra itself and calls the API's host, past both walls; then the session ends at both."""
    place = tmp_path / "world.json"
    reported = {"origin": world.origin, "api": world.api_origin, "user": USERS["writer"]}
    reported["trustedKey"] = key_of(world.base.tls.certificate)
    place.write_text(json.dumps(reported), encoding="utf-8")
    shots = str(ROOT / "output" / "screenshots")
    done = subprocess.run(
        ["npx", "vitest", "run", "--config", "vitest.e2e.config.ts", "e2e/deployed.e2e.ts"],
        cwd=ROOT / "spa",
        env={**os.environ, "DEPLOYED_WORLD": str(place), "SCREENSHOTS": shots, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
