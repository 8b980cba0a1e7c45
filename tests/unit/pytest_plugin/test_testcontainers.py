"""The container's module against a stand-in for `testcontainers` that runs the same command as a process."""

from __future__ import annotations

import stat
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from entra_config import testcontainers
from entra_config.testcontainers import EmulatorContainer, EmulatorContainerError
from entra_emulator import seed
from entra_emulator.snapshots import files

MADE: list[StandIn] = []


class StandIn:
    """Docker's part: what is mounted at a path of the container is a folder here."""

    folder: Path
    host = "localhost"

    def __init__(self, image: str) -> None:
        """Remember the image."""
        self.image, self.said, self.process = image, {}, None
        self.ports: dict[str, tuple[str, int]] = {}
        MADE.append(self)

    def with_command(self, command: list[str]) -> StandIn:
        """Take the command."""
        self.said["command"] = command
        return self

    def with_kwargs(self, **kwargs: Any) -> StandIn:
        """Take what Docker is told besides."""
        self.said.update(kwargs)
        return self

    def with_volume_mapping(self, host: str, container: str, mode: str) -> StandIn:
        """Take a file."""
        self.said["volume"] = (host, container, mode)
        return self

    def start(self) -> StandIn:
        """Run the command here; the folders of the container are of this test."""
        here = {testcontainers.STATE: str(self.folder / "state"), "0.0.0.0": "127.0.0.1"}
        if "volume" in self.said:
            here[self.said["volume"][1]] = self.said["volume"][0]
        words = [here.get(word, word) for word in self.said["command"]]
        self.process = subprocess.Popen([sys.executable, "-m", "entra_emulator", *words])
        return self

    def stop(self) -> None:
        """End it."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(120)

    def exec(self, command: list[str]) -> tuple[int, bytes]:
        """Read a file of the container."""
        path = self.folder / command[1].removeprefix("/")
        return (0, path.read_bytes()) if path.exists() else (1, b"No such file")

    def get_logs(self) -> tuple[bytes, bytes]:
        """Tell what it said."""
        return b"", b"Serving.\nerror: no room\n"

    def get_container_host_ip(self) -> str:
        """Tell where Docker runs."""
        return self.host


@pytest.fixture(autouse=True)
def stand_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Put the stand-in where `testcontainers` would be."""
    module = types.ModuleType("testcontainers.core.container")
    module.DockerContainer = StandIn  # type: ignore[attr-defined]  # a module made by hand
    monkeypatch.setitem(sys.modules, "testcontainers", types.ModuleType("testcontainers"))
    monkeypatch.setitem(sys.modules, "testcontainers.core", types.ModuleType("testcontainers.core"))
    monkeypatch.setitem(sys.modules, "testcontainers.core.container", module)
    monkeypatch.setattr(StandIn, "folder", tmp_path, raising=False)
    MADE.clear()


def test_a_system_under_test_signs_in(tmp_path: Path) -> None:
    """It begins with a snapshot, gives tokens whose issuer is its own URL, and goes back between tests."""
    directory = seed.contoso()
    bob = seed.fixed_id(seed.CONTOSO, "user", "bob@contoso.com")
    directory.default.users.remove(bob)
    directory.default.members.drop(bob)
    files.write(tmp_path / "team.json", directory)
    with EmulatorContainer(snapshot=tmp_path / "team.json") as entra:
        token = entra.token(None, seed.DEPLOYER_APP_ID, "https://graph.microsoft.com/.default")
        claims = jwt.decode(token, options={"verify_signature": False})
        assert claims["tid"] == seed.CONTOSO
        assert entra.ca.read_text().startswith("-----BEGIN CERTIFICATE")
        entra.save("before")
        admin = entra.token(None, seed.ADMIN_APP_ID, "https://graph.microsoft.com/.default")
        with httpx.Client(verify=entra._trust(), headers={"Authorization": f"Bearer {admin}"}) as graph:
            users = f"{entra.origin}/v1.0/users"
            names = [user["userPrincipalName"] for user in graph.get(users).json()["value"]]
            assert "alice@contoso.com" in names
            assert "bob@contoso.com" not in names
            assert graph.delete(f"{users}/alice@contoso.com").status_code == 204
            entra.restore("before")
            assert graph.get(f"{users}/alice@contoso.com").status_code == 200
        with pytest.raises(EmulatorContainerError, match="there is no snapshot 'nope'"):
            entra.restore("nope")
        with pytest.raises(EmulatorContainerError, match="AADSTS700016"):
            entra.token(None, "00000000-0000-4000-8000-000000000000", "https://graph.microsoft.com/.default")
    (made,) = MADE
    assert made.process is not None
    assert made.process.poll() is not None


def test_the_container_has_no_rights(tmp_path: Path) -> None:
    """Loopback alone, nobody's rights, a read-only root, and a snapshot that it cannot change."""
    files.write(tmp_path / "team.json", seed.contoso())
    assert stat.S_IMODE((tmp_path / "team.json").stat().st_mode) == 0o600
    with EmulatorContainer("registry/emulator:1", snapshot=tmp_path / "team.json", user="10001:0") as entra:
        (made,) = MADE
        assert made.image == "registry/emulator:1"
        assert made.ports == {f"{entra.port}/tcp": ("127.0.0.1", entra.port)}
        assert (made.said["read_only"], made.said["cap_drop"], made.said["user"]) == (
            True,
            ["ALL"],
            "10001:0",
        )
        assert made.said["volume"] == (str(tmp_path / "team.json"), testcontainers.SNAPSHOT, "ro")


def test_docker_elsewhere_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The certificate is for this machine's names: another host is refused, and the container is stopped."""
    monkeypatch.setattr(StandIn, "host", "10.0.0.7")
    with pytest.raises(EmulatorContainerError, match=r"Docker runs on 10\.0\.0\.7"):
        EmulatorContainer().start()
    assert MADE[0].process is not None
    assert MADE[0].process.poll() is not None


def test_what_does_not_answer_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a while it is given up, with the reason."""
    monkeypatch.setattr(testcontainers, "READY_SECONDS", 0.2)
    monkeypatch.setattr(StandIn, "exec", lambda *_: (1, b""))
    with pytest.raises(EmulatorContainerError, match="did not answer within 0 s: error: no room"):
        EmulatorContainer().start()
    with pytest.raises(EmulatorContainerError, match="was not started"):
        _ = EmulatorContainer().ca
