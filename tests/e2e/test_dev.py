"""`make dev` as a new user starts it: one command, everything answers, Ctrl-C ends it all."""

import contextlib
import json
import os
import pty
import re
import select
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from entra_emulator import trust
from entra_emulator.state import runs, state_files
from tests.e2e.chromium import key_of
from tests.e2e.deployment import ROOT
from tests.e2e.loopback import free_ports

URLS = re.compile(r'spaUrl: "https://localhost:5173", apiUrl: "https://localhost:8000"')


def example(folder: Path, page: int, api: int) -> Path:
    """Copy the example with other ports, so that a test disturbs nobody's `make dev`."""
    manifest = folder / "manifests"
    (manifest / "applications").mkdir(parents=True)
    for name in ("applications/api.yaml", "applications/clients.yaml", "access.yaml", "entra-config.yaml"):
        text = (ROOT / "manifests" / name).read_text(encoding="utf-8")
        text = URLS.sub(f'spaUrl: "https://localhost:{page}", apiUrl: "https://localhost:{api}"', text)
        (manifest / name).write_text(text, encoding="utf-8")
    return manifest


def wait_for(path: Path, text: str, process: "subprocess.Popen[bytes]") -> str:
    """Wait until a text stands in a file; return all of it."""
    deadline = time.monotonic() + 90
    while True:
        read = path.read_text(encoding="utf-8", errors="replace")
        if text in read:
            return read
        assert process.poll() is None, read
        assert time.monotonic() < deadline, read
        time.sleep(0.2)


def start(folder: Path, manifest: Path, root: Path = ROOT) -> "subprocess.Popen[bytes]":
    """Start `python -m dev` of a project, its output in dev.log."""
    command = [sys.executable, "-m", "dev", "--manifest", str(manifest)]
    command += ["--state", str(folder / "state"), "--settings", str(folder / "settings")]
    env = {
        name: value for name, value in os.environ.items() if not name.startswith(("SERVER_", "ENTRA_CONFIG_"))
    }
    with (folder / "dev.log").open("wb") as log:
        return subprocess.Popen(command, cwd=root, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def test_one_command_runs_everything_and_ctrl_c_ends_it(tmp_path: Path) -> None:
    """The dev manifest is applied, API, page and emulator answer; after Ctrl-C nothing is left, and it
    starts again.
    """
    page, api = free_ports(2)
    manifest = example(tmp_path, page, api)
    for _ in range(2):
        process = start(tmp_path, manifest)
        try:
            reported = wait_for(tmp_path / "dev.log", "Ctrl-C ends everything", process)
            assert f"https://localhost:{page}" in reported
            trust = ssl.create_default_context(cafile=str(tmp_path / "state" / state_files.CA_FILE))
            with httpx.Client(verify=trust, trust_env=False, timeout=120) as client:
                config = client.get(f"https://localhost:{page}/config.json").raise_for_status().json()
                assert (config["environment"], config["apiBaseUrl"]) == ("dev", f"https://localhost:{api}")
                assert "/@vite/client" in client.get(f"https://localhost:{page}/").raise_for_status().text
                assert client.get(f"https://localhost:{api}/me").status_code == 401
                wanted = {
                    "client_id": config["clientId"],
                    "user": "alice@contoso.com",
                    "scope": f"{config['apiAppIdUri']}/user.read",
                }
                origin = config["authority"].rpartition("/")[0]
                token = (
                    client.post(f"{origin}/emulator/token", json=wanted)
                    .raise_for_status()
                    .json()["access_token"]
                )
                me = client.get(
                    f"https://localhost:{api}/me", headers={"Authorization": f"Bearer {token}"}
                ).json()
                assert "Writer" in me["roles"]
                assert list(_as_time_passes(client, origin, api, wanted, token)) == [
                    "200 of then",  # ten minutes on, it is still good
                    "401 The token has expired.",  # two hours on
                    "200 of now",  # a token of that time is good, too
                ]
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=60) == 0
        finally:
            process.kill()
        assert runs.find_run(tmp_path / "state") is None
        for port in (page, api):
            with (
                httpx.Client(verify=trust, trust_env=False) as client,
                contextlib.suppress(httpx.ConnectError),
            ):
                client.get(f"https://localhost:{port}/")
                raise AssertionError(f"something still answers on port {port}")


def _as_time_passes(
    client: httpx.Client, origin: str, api: int, wanted: dict[str, str], token: str
) -> Iterator[str]:
    """Move the emulator's clock, and tell what the API makes of a token of before and of one of then."""
    url = f"https://localhost:{api}/me"
    for seconds in (600, 7200):
        client.post(f"{origin}/_emulator/clock", json={"advance": seconds}).raise_for_status()
        response = client.get(url, headers={"Authorization": f"Bearer {token}"})
        yield f"{response.status_code} {response.json().get('detail', 'of then')}"
    fresh = client.post(f"{origin}/emulator/token", json=wanted).raise_for_status().json()["access_token"]
    response = client.get(url, headers={"Authorization": f"Bearer {fresh}"})
    yield f"{response.status_code} {response.json().get('detail', 'of now')}"


def test_a_taken_port_is_told_and_nothing_is_started(tmp_path: Path) -> None:
    """The manifest says where the page is, so another port would not do."""
    page, api = free_ports(2)
    manifest = example(tmp_path, page, api)
    with socket.create_server(("127.0.0.1", api)):
        process = start(tmp_path, manifest)
        assert process.wait(timeout=60) == 1
    assert f"port {api} is taken" in (tmp_path / "dev.log").read_text(encoding="utf-8")
    assert runs.find_run(tmp_path / "state") is None


def test_who_sits_at_a_terminal_is_offered_the_trust(tmp_path: Path) -> None:
    """Before anything is opened in a browser, `make dev` asks; after a yes the browsers know the CA."""
    page, api = free_ports(2)
    command = [sys.executable, "-m", "dev", "--manifest", str(example(tmp_path, page, api))]
    command += ["--state", str(tmp_path / "state"), "--settings", str(tmp_path / "settings")]
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("SERVER_", "ENTRA_"))}
    env = {name: value for name, value in ours.items() if name != "CI"} | {"HOME": str(tmp_path)}
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(ROOT)
        os.execvpe(command[0], command, env)
    shown = b""

    def wait(text: bytes) -> None:
        nonlocal shown
        deadline = time.monotonic() + 120
        while text not in shown:
            assert time.monotonic() < deadline, shown.decode(errors="replace")
            if select.select([terminal], [], [], 0.2)[0]:
                shown += os.read(terminal, 65536)

    try:
        wait(b"[y/N]")
        os.write(terminal, b"y\n")
        wait(b"Ctrl-C ends everything")
        assert shown.index(b"Trusted by browsers") < shown.index(b"The page")
        listed = ["certutil", "-L", "-d", f"sql:{tmp_path}/.pki/nssdb", "-n", trust.NICKNAME, "-a"]
        known = subprocess.run(listed, capture_output=True, text=True, check=True).stdout
        assert known.split() == (tmp_path / "state" / state_files.CA_FILE).read_text(encoding="ascii").split()
        os.write(terminal, b"\x03")
        wait(b"Ending")
    except BaseException:
        os.kill(child, signal.SIGINT)
        raise
    finally:
        _, status = os.waitpid(child, 0)
        os.close(terminal)
    assert status == 0


@pytest.mark.browser
def test_a_saved_role_appears_in_the_signed_in_page(tmp_path: Path) -> None:
    """A role is added in YAML while somebody is signed in: its plan is shown, it is applied, and the page has
    it, not loaded anew. What is wrong in the file is told, and nothing of it applied.
    """
    port, api = free_ports(2)
    manifest = example(tmp_path, port, api)
    process = start(tmp_path, manifest)
    watching = None
    try:
        wait_for(tmp_path / "dev.log", "Ctrl-C ends everything", process)
        requested = {
            "url": f"https://localhost:{port}/",
            "user": "alice@contoso.com",
            "trustedKey": key_of(tmp_path / "state" / state_files.CERTIFICATE_FILE),
            "role": "Auditor",
        }
        script = str(ROOT / "tests/e2e/dev_page.mjs")
        watching = subprocess.Popen(
            ["node", script, json.dumps(requested)], stdout=subprocess.PIPE, text=True
        )
        assert watching.stdout is not None
        before = json.loads(watching.stdout.readline())
        assert "Auditor" not in before["roles"]

        access = manifest / "access.yaml"
        said = access.read_text(encoding="utf-8")
        granted = said.rstrip() + "\n    Auditor: { users: [alice@contoso.com] }\n"
        access.write_text(granted, encoding="utf-8")
        wait_for(tmp_path / "dev.log", "Not applied: mend it and save again.", process)

        roles = manifest / "applications/api.yaml"
        text = roles.read_text(encoding="utf-8")
        auditor = "      Auditor: { displayName: Auditor, description: Looks into the books. }\n"
        roles.write_text(text.replace("    appRoles:\n", f"    appRoles:\n{auditor}"), encoding="utf-8")
        shown = wait_for(tmp_path / "dev.log", "Applied; the page renews its access.", process)
        assert "1 person gains Auditor" in shown

        after = json.loads(watching.stdout.readline())
        assert set(after["roles"]) == {*before["roles"], "Auditor"}
        assert after["stayed"]
        assert watching.wait(timeout=60) == 0
        constants = (tmp_path / "spa/src/generated/authorization.ts").read_text(encoding="utf-8")
        assert 'Auditor: "Auditor"' in constants
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
    finally:
        if watching:
            watching.kill()
        process.kill()


def test_the_applications_that_init_copies_run_at_once(tmp_path: Path) -> None:
    """`init --with-apps`, other ports, `python -m dev`: the page is of the project's name, and its API knows
    whoever signs in.
    """
    project = tmp_path / "shop"
    project.mkdir()
    init = [sys.executable, "-m", "entra_config", "init", "--project", "shop", "--with-apps"]
    subprocess.run(init, cwd=project, check=True, capture_output=True)
    (project / "spa/node_modules").symlink_to(ROOT / "spa/node_modules")
    port, api = free_ports(2)
    root = project / "manifests/entra-config.yaml"
    ports = f'spaUrl: "https://localhost:{port}", apiUrl: "https://localhost:{api}"'
    root.write_text(URLS.sub(ports, root.read_text(encoding="utf-8")), encoding="utf-8")
    process = start(tmp_path, project / "manifests", project)
    try:
        wait_for(tmp_path / "dev.log", "Ctrl-C ends everything", process)
        trust = ssl.create_default_context(cafile=str(tmp_path / "state" / state_files.CA_FILE))
        with httpx.Client(verify=trust, trust_env=False, timeout=120) as client:
            page = client.get(f"https://localhost:{port}/").raise_for_status().text
            config = client.get(f"https://localhost:{port}/config.json").raise_for_status().json()
            wanted = {"client_id": config["clientId"], "user": "alice@contoso.com"}
            wanted["scope"] = f"{config['apiAppIdUri']}/user.read"
            origin = config["authority"].rpartition("/")[0]
            response = client.post(f"{origin}/emulator/token", json=wanted).raise_for_status().json()
            head = {"Authorization": f"Bearer {response['access_token']}"}
            me = client.get(f"https://localhost:{api}/me", headers=head).raise_for_status().json()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
    finally:
        process.kill()
    assert "<title>Shop</title>" in page
    assert {"Reader", "Writer"} <= set(me["roles"])
