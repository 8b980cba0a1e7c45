"""The app's wrapping by itself: what a request leaves behind when no answer began."""

import asyncio
from typing import Any, NoReturn

import pytest

from api import middleware
from api.logs import correlation_id


def test_a_request_without_an_answer_is_logged_and_leaves_no_id_behind(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Its status is none that HTTP has; what is logged after it is not its."""
    seen: list[str] = []

    async def broken(*_: Any) -> None:
        seen.append(correlation_id.get())
        raise OSError("cut off")

    async def unused(*_: Any) -> NoReturn:
        raise AssertionError("nothing is sent")

    async def run() -> str:
        scope = {"type": "http", "method": "GET", "path": "/me", "headers": []}
        with pytest.raises(OSError, match="cut off"):
            await middleware.RequestContext(broken, lambda: "an-id-of-ours")(scope, unused, unused)
        return correlation_id.get()

    with caplog.at_level("INFO", "api.requests"):
        assert asyncio.run(run()) == ""  # the text, not what is falsy
    assert seen == ["an-id-of-ours"]
    assert [vars(line)["status"] for line in caplog.records] == [0]
