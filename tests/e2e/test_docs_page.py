"""`/docs` of the API signs in with the client that the manifest declares for it, in a real browser."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.e2e.chromium import key_of
from tests.e2e.loopback import ROOT, running

SCREENSHOTS = ROOT / "output" / "screenshots"


@pytest.mark.browser
def test_the_documentation_signs_in_and_calls(tmp_path: Path) -> None:
    """From the API's root to `/docs`; the client of the generated settings signs in by code and PKCE, without
    a secret; an operation answers 200; no page speaks to another host, and no content policy is broken.
    """
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    with running(tmp_path, page=False) as world:
        world.deployment.assign("alice@contoso.com", "Reader")
        requested = {
            "api": world.api,
            "user": "alice@contoso.com",
            "trustedKey": key_of(world.tls.certificate),
            "screenshot": str(SCREENSHOTS / "api-docs-emulator.png"),
        }
        ran = subprocess.run(
            ["node", str(ROOT / "tests/e2e/docs_page.mjs"), json.dumps(requested)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        seen = json.loads(ran.stdout)
        client = world.app_ids["docs"]
    assert f"OPENAPI_CLIENT_ID={client}" in (world.settings / "api.env").read_text(encoding="utf-8")
    assert (seen["status"], seen["body"]) == (200, {"items": [], "next": None})
    assert seen["authorize"]["client_id"] == client
    assert seen["authorize"]["redirect_uri"] == f"{world.api}/docs/oauth2-redirect.html"
    assert seen["authorize"]["code_challenge_method"] == "S256"
    assert seen["token"]["code_verifier"]
    assert "client_secret" not in seen["token"]
    assert set(seen["origins"]) == {world.api, world.emulator}
    assert seen["problems"] == []
