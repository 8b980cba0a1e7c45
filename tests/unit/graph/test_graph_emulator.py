"""A run against the emulator over HTTPS: found by its record, signed in, trusted by its own CA alone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from entra_config.cli.emulator_running import find_endpoint
from entra_config.errors import SignInError
from entra_config.graph.connect import connect
from entra_config.graph.request import Request
from entra_emulator import background, seed, server_options, tls
from entra_emulator.state import records, runs


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Start an emulator on a free port."""
    folder = tmp_path_factory.mktemp("emulator")
    background.start(server_options.ServerOptions(folder, port=0))
    yield folder
    background.end(folder)


def test_the_emulator_is_signed_in_to_and_asked_over_https(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever CA the environment names, and whatever proxy."""
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")

    async def go() -> None:
        async with await connect("emulator", emulator=find_endpoint(state)) as graph:
            assert graph.tenant_id == seed.CONTOSO
            assert graph.identity.app_id == seed.DEPLOYER_APP_ID
            responses = await graph.send([Request("GET", "/organization"), Request("GET", "/users?$top=1")])
            assert [response.status for response in responses] == [200, 200]
            (pages,) = await graph.lists([Request("GET", "/users?$top=5")])
            assert len(pages) > 5

    asyncio.run(go())


def test_a_refused_secret_is_an_error_in_entra_s_words(state: Path, tmp_path: Path) -> None:
    """The message is Entra's, and the secret is not in it."""
    run = share(state, tmp_path)
    records.write_run(tmp_path, replace(run, client_secret="wrong-secret"))
    with pytest.raises(SignInError, match="AADSTS") as caught:
        asyncio.run(connect("emulator", emulator=find_endpoint(tmp_path)))
    assert "wrong-secret" not in str(caught.value)


def test_another_ca_is_not_trusted(state: Path, tmp_path: Path) -> None:
    """A server that the folder's CA does not vouch for gets no secret."""
    run = share(state, tmp_path)
    (tmp_path / "ca.pem").unlink()
    tls.ensure(tmp_path, datetime.now(UTC))
    records.write_run(tmp_path, run)
    with pytest.raises(SignInError, match="cannot be used: process"):
        asyncio.run(connect("emulator", emulator=find_endpoint(tmp_path)))


def test_a_server_that_does_not_know_the_secret_is_not_asked(state: Path, tmp_path: Path) -> None:
    """The certificate alone is no proof."""
    records.write_run(tmp_path, replace(share(state, tmp_path), secret="another"))
    with pytest.raises(SignInError, match="cannot be used: process"):
        asyncio.run(connect("emulator", emulator=find_endpoint(tmp_path)))


def test_an_emulator_that_is_gone_is_an_error_that_says_how_to_start_one(state: Path, tmp_path: Path) -> None:
    """Nobody listens: the next command stands in the message."""
    records.write_run(tmp_path, replace(share(state, tmp_path), port=1))
    with pytest.raises(SignInError, match="emulator start"):
        asyncio.run(connect("emulator", emulator=find_endpoint(tmp_path)))


def share(state: Path, other: Path) -> records.Run:
    """Let another folder have the certificate of the running emulator; return its run."""
    tls.share(state, other)
    run = runs.find_run(state)
    assert run is not None
    return run
