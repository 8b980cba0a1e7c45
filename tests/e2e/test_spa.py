"""The built SPA in a real Chromium: every state of it, and the whole story on emulator and API."""

import json
import os
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.chromium import key_of
from tests.e2e.loopback import ROOT, Loopback, control, running
from tests.workflows.standing import Standing

SPA = ROOT / "spa"
USERS = {"writer": "alice@contoso.com", "reader": "bob@contoso.com", "stranger": "mallory@contoso.com"}

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    """Build the application anew where a source is newer than the build, as the Makefile does: no test sees
    yesterday's.
    """
    made = SPA / "dist" / ".built"
    sources = [path for path in SPA.glob("*") if path.is_file()]
    sources += [path for name in ("src", "public", "scripts") for path in (SPA / name).rglob("*")]
    if not made.exists() or made.stat().st_mtime < max(path.stat().st_mtime for path in sources):
        run("build")
        made.touch()


def run(script: str, **variables: str) -> None:
    """Run one of the application's scripts; its own report is the failure's message."""
    env = {**os.environ, "SCREENSHOTS": str(ROOT / "output" / "screenshots"), "NO_COLOR": "1", **variables}
    done = subprocess.run(
        ["npm", "run", "--silent", script],
        cwd=SPA,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def describe(world: Loopback, control_url: str) -> Path:
    """Write down where everything runs, for the browser's script."""
    path = world.folder / "world.json"
    where = {"spa": world.spa, "api": world.api, "emulator": world.emulator, "control": control_url}
    path.write_text(
        json.dumps({**where, "trustedKey": key_of(world.tls.certificate), "users": USERS}), encoding="utf-8"
    )
    return path


@pytest.mark.pages
def test_every_state_says_what_helps_and_is_accessible() -> None:
    """Each state of the app is reached, breaks no content policy, and axe finds nothing in either colour
    scheme.
    """
    run("e2e:states")


def test_the_story_from_sign_in_to_sign_out(tmp_path: Path) -> None:
    """A Writer and a Reader sign in, work, gain and lose roles, sessions, consent and the API, as a
    browser sees it.
    """
    with running(tmp_path) as world, closing(Standing(tmp_path)) as standing:
        world.deployment.program = standing.program
        world.deployment.assign(USERS["writer"], "Writer")
        world.deployment.assign(USERS["reader"], "Reader")
        actions = {
            "assign": world.deployment.assign,
            "unassign": world.deployment.unassign,
            "revoke-consent": world.deployment.revoke_consent,
            "restore-consent": world.deployment.restore_consent,
            "stop-api": world.stop_api,
            "start-api": world.start_api,
        }
        with control(actions) as control_url:
            run("e2e:story", STORY_WORLD=str(describe(world, control_url)))
