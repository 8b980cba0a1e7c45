"""The server: loopback only, ready when it says so, saved when it ends, many idle connections."""

import json
import os
import re
import signal
import socket
import ssl
import stat
import time
from pathlib import Path

import httpx
import jwt
import pytest
from typer.testing import CliRunner

from entra_emulator import background, hosts, listening, seed
from entra_emulator.cli.commands import start_server
from entra_emulator.cli.main import app
from entra_emulator.directory import Tenants
from entra_emulator.server_options import ServerOptions
from entra_emulator.state import records, runs

RUNNER = CliRunner()


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("emulator.localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.2", False),
        ("localhost.example.com", False),
    ],
)
def test_which_hosts_are_loopback(host: str, loopback: bool) -> None:
    """Only what nobody else reaches counts as loopback."""
    assert hosts.is_loopback(host) is loopback


def test_a_network_host_must_be_told_twice(tmp_path: Path) -> None:
    """A host that others reach is refused unless the second option says that it is meant."""
    with pytest.raises(listening.NotLoopbackError, match="--i-know-this-is-insecure-on-a-network"):
        listening.check_host("0.0.0.0", insecure_on_a_network=False)
    refused = RUNNER.invoke(app, ["start", "--state", str(tmp_path), "--host", "0.0.0.0"])
    assert refused.exit_code == 1
    assert not list(tmp_path.iterdir())
    listening.check_host("0.0.0.0", insecure_on_a_network=True)


@pytest.mark.parametrize("more", [(), ("--foreground",)])
def test_a_port_that_is_in_use_is_told_with_a_free_one(tmp_path: Path, more: tuple[str, ...]) -> None:
    """The number that was asked for, and one that nobody listens on; nothing is left in the folder."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        refused = RUNNER.invoke(app, ["start", "--state", str(tmp_path), "--port", str(taken), *more])

    assert refused.exit_code == 1
    found = re.search(r"error: port (\d+) of 127\.0\.0\.1 is in use; --port (\d+) is free", refused.output)
    assert found
    assert int(found[1]) == taken
    socket.create_server(("127.0.0.1", int(found[2]))).close()
    assert not list(tmp_path.glob("*run*"))


def test_the_life_of_an_emulator(tmp_path: Path) -> None:
    """It starts with what was prepared, answers when ready, says what it is, saves at SIGTERM, and comes
    back the same.
    """

    def prepare(directory: Tenants) -> None:
        seed.add_user(directory.default, "prepared@contoso.com", "Prepared Person")

    state = tmp_path / "state"
    found = start_server(ServerOptions(state, port=0, seed="x"), prepare=prepare)
    assert found is not None
    try:
        trust = background.trust_of(state)
        response = httpx.get(f"{found.origin}/", verify=trust, follow_redirects=True)
        assert response.headers["x-entra-emulator"] == "1"
        stranger = httpx.get(f"{found.origin}/", headers={"Host": "attacker.example"}, verify=trust)
        assert (stranger.status_code, stranger.json()["error"]["code"]) == (421, "MisdirectedRequest")
        assert "On this machine only, not Microsoft." in response.text
        assert background.start(ServerOptions(state, port=0)) == found
        token = RUNNER.invoke(app, ["token", "--state", str(state)]).stdout.strip()
        headers = {"Authorization": f"Bearer {token}"}
        url = f"{found.origin}/v1.0/applications"
        made = httpx.post(url, json={"displayName": "Kept"}, headers=headers, verify=trust)
        assert (made.status_code, made.headers["x-entra-emulator"]) == (201, "1")
        check_pages_may_call_graph(url, headers, trust)
        assert (
            httpx.get(
                f"{found.origin}/v1.0/users/prepared@contoso.com", headers=headers, verify=trust
            ).status_code
            == 200
        )
    finally:
        os.kill(found.pid, signal.SIGTERM)
    wait_for_end(state)
    names = [
        row["displayName"]
        for row in json.loads((state / "directory.json").read_text())["tenants"][0]["applications"]
    ]
    assert "Kept" in names
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in state.iterdir())
    again = background.start(ServerOptions(state, port=0))
    try:
        url = f"{again.origin}/v1.0/applications/{made.json()['id']}"
        assert httpx.get(url, headers=headers, verify=background.trust_of(state)).status_code == 200
        idle(again.port, state / "ca.pem", 1500)
    finally:
        assert background.end(state)
    assert not background.end(state)


@pytest.mark.parametrize(
    ("host", "listening", "ours"),
    [
        ("localhost:8443", "127.0.0.1", True),
        ("LOCALHOST", "127.0.0.1", True),
        ("graph.localhost:1", "127.0.0.1", True),
        ("127.0.0.1:8443", "127.0.0.1", True),
        ("[::1]:8443", "::1", True),
        ("attacker.example:8443", "127.0.0.1", False),
        ("localhost.attacker.example", "127.0.0.1", False),
        ("192.0.2.1:8443", "127.0.0.1", False),
        ("192.0.2.1:8443", "192.0.2.1", True),
        ("", "127.0.0.1", False),
    ],
)
def test_only_requests_for_this_host_are_answered(host: str, listening: str, *, ours: bool) -> None:
    """A name that somebody else's page has lead here is none of the emulator's."""
    assert hosts.names_us([(b"host", host.encode())], listening) is ours


def check_pages_may_call_graph(url: str, headers: dict[str, str], trust: ssl.SSLContext) -> None:
    """Ask leave as a browser does, then call as a page does."""
    requested = {"Origin": "https://localhost:5173", "Access-Control-Request-Method": "GET"}
    wanted = {"Access-Control-Request-Headers": "authorization,consistencylevel"}
    leave = httpx.options(url, headers={**requested, **wanted}, verify=trust)
    assert (leave.status_code, leave.headers["access-control-allow-origin"]) == (200, "*")
    assert leave.headers["access-control-allow-headers"] == "authorization,consistencylevel"
    response = httpx.get(url, headers={**headers, "Origin": "https://localhost:5173"}, verify=trust)
    assert (response.status_code, response.headers["access-control-allow-origin"]) == (200, "*")


def idle(port: int, ca: Path, count: int) -> None:
    """Keep many connections open and check that one more is served."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 2 * count)), hard))
    connections = [socket.create_connection(("127.0.0.1", port)) for _ in range(count)]
    context = ssl.create_default_context(cafile=str(ca))
    with httpx.Client(verify=context) as client:
        assert client.get(f"https://localhost:{port}/_emulator/health").status_code == 200
    for connection in connections:
        connection.close()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def wait_for_end(state: Path) -> None:
    """Wait until no emulator runs on a folder."""
    deadline = time.monotonic() + 120
    while runs.find_process(state) is not None:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_commands_without_an_emulator(tmp_path: Path) -> None:
    """Commands that need a running emulator say how to start one."""
    for command in ("status", "reset", "env", "token"):
        outcome = RUNNER.invoke(app, [command, "--state", str(tmp_path)])
        assert outcome.exit_code == 1
        assert "entra-emulator start" in outcome.stderr
    assert "No emulator runs here." in RUNNER.invoke(app, ["stop", "--state", str(tmp_path)]).stderr


def test_keys_rotate_and_stay_rotated(tmp_path: Path) -> None:
    """After a rotation old tokens are accepted until the old keys are retired, and a restart forgets
    neither.
    """
    found = background.start(ServerOptions(tmp_path, port=0))
    try:
        old = RUNNER.invoke(app, ["token", "--state", str(tmp_path)]).stdout.strip()
        kid = RUNNER.invoke(app, ["rotate-keys", "--state", str(tmp_path)]).stdout.strip()
        assert call(found, tmp_path, old) == 200
    finally:
        background.end(tmp_path)
    found = background.start(ServerOptions(tmp_path, port=0))
    try:
        assert call(found, tmp_path, old) == 200
        new = RUNNER.invoke(app, ["token", "--state", str(tmp_path)]).stdout.strip()
        assert jwt.get_unverified_header(new)["kid"] == kid
        RUNNER.invoke(app, ["rotate-keys", "--state", str(tmp_path), "--retire"])
        assert call(found, tmp_path, new) == 401
    finally:
        background.end(tmp_path)


def call(found: records.Run, state: Path, token: str) -> int:
    """Call Graph with a token."""
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.get(
        f"{found.origin}/v1.0/applications", headers=headers, verify=background.trust_of(state)
    ).status_code
