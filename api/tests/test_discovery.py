"""The comparison of the settings with Entra's own description of the tenant."""

import asyncio
import logging
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from api.app import create
from api.auth.discovery import compare
from api.tests.conftest import V1, V2, settings
from api.tests.issuer import TENANT, Clock, KeyServer

V1_ISSUER = f"https://sts.windows.net/{TENANT}/"


@pytest.mark.parametrize(
    ("values", "server", "warnings"),
    [
        (V2, KeyServer(), []),
        (V1, KeyServer(issuer=V1_ISSUER), []),
        (V1, KeyServer(), ["settings contradict Entra"]),
        (V2, KeyServer(issuer=V1_ISSUER), ["settings contradict Entra"]),
        (V2, KeyServer(issuer=""), ["settings contradict Entra"]),
        (V2, KeyServer(failing=True), []),
    ],
)
def test_settings_of_the_other_token_version_are_noticed_at_start(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    values: dict[str, object],
    server: KeyServer,
    warnings: list[str],
) -> None:
    """Settings that would refuse every token are an error in the log before the first token comes."""
    app = create(settings(tmp_path, values), transport=server.transport(), now=Clock())
    with caplog.at_level(logging.WARNING), TestClient(app):
        assert [line.getMessage() for line in caplog.records if line.name == "api.discovery"] == warnings


@pytest.mark.parametrize(
    ("error", "said"),
    [(httpx.ConnectError("name not known"), "name not known"), (TimeoutError(), "TimeoutError")],
)
def test_why_entra_was_not_asked_stands_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, error: Exception, said: str
) -> None:
    """In its own words, or by its name where it has none."""

    async def fetch() -> bytes:
        raise error

    with caplog.at_level(logging.WARNING):
        asyncio.run(compare(fetch, settings(tmp_path).entra))
    assert [vars(line)["error"] for line in caplog.records if line.name == "api.discovery"] == [said]
