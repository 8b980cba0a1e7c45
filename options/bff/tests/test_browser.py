"""The page and the server that signs in for it, in Chromium: the story, and sites that want its session."""

from pathlib import Path

import pytest

from options.bff.tests import story
from options.bff.tests.in_redis import in_redis
from options.bff.tests.world import Bff

pytestmark = [pytest.mark.options, pytest.mark.browser]


def test_the_story_and_what_other_sites_try(world: Bff, tmp_path: Path) -> None:
    """Sign-in, roles, 403, the end of a session, sign-out; then other sites, with and without our cookies."""

    def end_sessions() -> None:
        in_redis(world, "FLUSHALL")

    actions = {"end-sessions": end_sessions, "stop-server": world.stop, "start-server": world.start}
    kind: dict[str, str | bool] = {"cookie": "__Host-session", "onServer": True, "pageBeside": True}
    done = story.reported(tmp_path, world.base, actions, **kind)
    assert done.returncode == 0, done.stdout + done.stderr
