"""The page behind an httpd that signs in for it, in Chromium: the story of option C, told of this one."""

import secrets
from pathlib import Path

import pytest

from options.bff.tests import story
from options.httpd.tests import world as worlds

pytestmark = [pytest.mark.options, pytest.mark.browser]


def test_the_story_and_what_other_sites_try(tmp_path: Path) -> None:
    """Sign-in, roles, 403, the end of a session, sign-out; then other sites, with and without our cookies."""
    with worlds.running(tmp_path / "world") as world:

        def end_sessions() -> None:
            world.stop("web")
            world.keys = [secrets.token_urlsafe(32)]
            world.start_web()

        kind: dict[str, str | bool] = {"cookie": "__Host-session_0", "onServer": False, "pageBeside": False}
        done = story.reported(tmp_path, world.base, {"end-sessions": end_sessions}, **kind)
        assert done.returncode == 0, done.stdout + done.stderr + world.log("web")[-4000:]
