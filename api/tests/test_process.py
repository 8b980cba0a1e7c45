"""The process: it starts without Entra, tells so, and stops when told to."""

import asyncio
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.testclient import TestClient

from api.app import create
from api.tests.conftest import V2, settings
from api.tests.issuer import TENANT, Clock, KeyServer, sign, user_claims

ROOT = Path(__file__).parents[2]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _process(
    folder: Path, values: dict[str, Any], *command: str, **environment: str
) -> Iterator[subprocess.Popen[str]]:
    # What the image holds: the package without its tests.
    shutil.copytree(ROOT / "api", folder / "api", ignore=shutil.ignore_patterns("tests", "__pycache__"))
    (folder / "api.json").write_text(json.dumps(values), encoding="utf-8")
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("SERVER_", "SSL_CERT"))
    }
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=inherited
        | {
            "SERVER_SETTINGS_FILE": str(folder / "api.json"),
            "SERVER_DATABASE": str(folder / "records.sqlite3"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _response(url: str) -> httpx.Response:
    for _ in range(1200):
        try:
            return httpx.get(url, trust_env=False, verify=False)  # its certificate is of this start
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail(f"{url} did not answer")


def test_it_lives_waits_for_entra_and_stops(tmp_path: Path) -> None:
    """Without keys the process is alive but not ready; SIGTERM ends it in order; its log is JSON; it
    writes no other file, whatever it serves TLS with.
    """
    closed = f"https://127.0.0.1:{_free_port()}"
    urls = {
        "PROTECTED": False,
        "AUTHORITY": f"{closed}/{TENANT}",
        "ISSUER": f"{closed}/{TENANT}/v2.0",
        "JWKS_URL": f"{closed}/keys",
        "OPENID_CONFIGURATION_URL": f"{closed}/openid-configuration",
    }
    port = _free_port()
    served = {"SERVER_EMULATOR": "1", "SERVER_PORT": str(port), "SERVER_TLS": "on"}
    with _process(tmp_path, V2 | urls, "api", **served) as process:
        alive = _response(f"https://127.0.0.1:{port}/healthz")
        assert (alive.status_code, "server" in alive.headers) == (200, False)
        ready = _response(f"https://127.0.0.1:{port}/readyz")
        assert (ready.status_code, ready.json()["keys"]) == (503, False)
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=60)
    assert {path.name for path in tmp_path.iterdir()} == {"api", "api.json", "records.sqlite3"}
    assert not list((tmp_path / "api").rglob("__pycache__"))
    messages = [json.loads(line)["message"] for line in output.splitlines()]
    assert {"signing keys not refreshed", "started", "stopped"} <= set(messages)
    assert messages.index("stopped") > messages.index("started")
    assert "Application startup complete." in messages, "nothing of what uvicorn says"
    assert not [each for each in messages if "HTTP/1.1" in each], "a line of uvicorn's beside each of ours"
    assert process.returncode in (0, -signal.SIGTERM)


def test_uvicorn_refuses_to_start_on_an_emulator_in_production(tmp_path: Path) -> None:
    """A protected environment with an emulator's issuer ends before it serves anything."""
    values = V2 | {"JWKS_URL": "https://localhost:9443/keys"}
    with _process(tmp_path, values, "uvicorn", "api.main:app", "--port", "0", SERVER_EMULATOR="1") as process:
        output, _ = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "is protected: an emulator (localhost) must not sign its tokens" in output


def test_a_request_in_flight_is_finished(tmp_path: Path) -> None:
    """A shutdown waits for who is being served, then closes the database."""
    app = create(settings(tmp_path), transport=KeyServer().transport())
    entered, stopping = threading.Event(), threading.Event()

    async def slow() -> str:
        entered.set()
        await asyncio.to_thread(stopping.wait, 120)
        app.state.store.check()
        return "served"

    app.add_api_route("/slow", slow)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, timeout_graceful_shutdown=20))
    with ThreadPoolExecutor() as pool:
        stopped = pool.submit(server.run)
        while not server.started:
            time.sleep(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        response = pool.submit(httpx.get, f"http://127.0.0.1:{port}/slow", trust_env=False)
        assert entered.wait(120)
        server.should_exit = True
        stopping.set()
        assert response.result(120).json() == "served"
        stopped.result(120)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        app.state.store.check()


def test_a_key_server_that_hangs_delays_nothing_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The API starts and answers 503 although the key server accepts and says nothing."""
    monkeypatch.setattr("api.app.FETCH_TIMEOUT_SECONDS", 0.05)

    async def hang(_request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    app = create(settings(tmp_path), transport=httpx.MockTransport(hang), now=Clock())
    with TestClient(app) as client:
        response = client.get("/me", headers={"Authorization": f"Bearer {sign(user_claims())}"})
    assert (response.status_code, response.headers["Retry-After"]) == (503, "30")


def _refused(folder: Path, before: str = "") -> str:
    """Run `python -m api` where it cannot start; return what it says, which is no traceback."""
    code = f"{before}import runpy; runpy.run_module('api', run_name='__main__')"
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SERVER_")}
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "Traceback" not in ran.stderr
    return ran.stderr


def test_what_is_not_installed_is_named_with_the_line_that_installs_it(tmp_path: Path) -> None:
    """Without uvicorn the API says which line brings it, and the line names a file that is there."""
    said = _refused(tmp_path, "import sys; sys.modules['uvicorn'] = None; ")
    assert said.startswith(f"error: uvicorn is not installed: {sys.executable} -m pip install")
    lock = Path(said.split()[-1])
    assert "uvicorn==" in lock.read_text(encoding="utf-8")


def test_a_part_of_the_api_that_is_not_there_is_a_bug_and_no_advice() -> None:
    """No installation brings it: the trace says where it is missed."""
    code = "import sys; sys.modules['api.certificate'] = None; import runpy; "
    ran = subprocess.run(
        [sys.executable, "-c", code + "runpy.run_module('api', run_name='__main__')"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert "ModuleNotFoundError" in ran.stderr
    assert "is not installed" not in ran.stderr


def test_settings_that_contradict_each_other_are_an_error_in_a_sentence(tmp_path: Path) -> None:
    """Not a traceback: whoever reads the log of a task that does not start sees what to change."""
    values = V2 | {"JWKS_URL": "https://localhost:9443/keys"}
    (tmp_path / "api.json").write_text(json.dumps(values), encoding="utf-8")
    before = f"import os; os.environ['SERVER_SETTINGS_FILE'] = {str(tmp_path / 'api.json')!r}; "
    said = _refused(tmp_path, before + "os.environ['SERVER_EMULATOR'] = '1'; ")
    assert said.startswith("error: ")
    assert "is protected: an emulator (localhost) must not sign its tokens" in said


def test_without_settings_it_says_where_they_come_from(tmp_path: Path) -> None:
    """Each setting that lacks is a line, and the last one tells what writes them."""
    said = _refused(tmp_path).splitlines()
    assert said[0] == "error: the settings do not fit"
    assert "TENANT_ID: Field required" in said
    assert "entra-config settings -e ENV --values" in said[-1]
