"""A state folder that somebody planted in a checkout: its certificate is never trusted, its server never
believed, its process never signalled.
"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

from entra_emulator import background, server, tls
from entra_emulator.cli.main import app
from entra_emulator.server_options import ServerOptions
from entra_emulator.state import records, runs
from entra_emulator.state.state_files import StateError
from tests import seeds
from tests.unit.emulator import planted

RUNNER = CliRunner()
LOOPBACK = {"localhost", "127.0.0.1/32", "::1/128"}
COMMANDS = (["trust"], ["env"], ["status"], ["stop"], ["token"], ["start"])


@pytest.fixture
def victim() -> Iterator[int]:
    """Give the id of a process that is not the emulator's."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield process.pid
    assert process.poll() is None
    process.kill()
    process.communicate()


def link(path: Path) -> None:
    """Put a link in the place of a file or folder."""
    path.rename(target := path.with_name(f"linked {path.name}"))
    path.symlink_to(target)


TRAPS: dict[str, Callable[[Path], object]] = {
    "another CA like ours": lambda state: (state / "ca.pem").write_bytes(
        planted.make_ca("as ours", two=False).ca
    ),
    "other users can write to the folder": lambda state: state.chmod(0o777),
    "other users can write to the CA": lambda state: (state / "ca.pem").chmod(0o666),
    "other users can write to the key": lambda state: (state / "server.key").chmod(0o620),
    "the folder is a link": link,
    "the folder is in a link": lambda state: link(state.parent),
    "the CA is a link": lambda state: link(state / "ca.pem"),
    "the keys of tokens are a link": lambda state: link(state / "sign-in.json"),
    "the folder belongs to another user": lambda state: os.chown(state, planted.OTHER_USER, -1),
    "the CA belongs to another user": lambda state: os.chown(state / "ca.pem", planted.OTHER_USER, -1),
    "other users can open the record": lambda _: (Path(os.environ["XDG_STATE_HOME"]) / records.FOLDER).chmod(
        0o750
    ),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_each_trap_alone_is_noticed(trap: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that the emulator made is vouched for, until it has one trap and nothing else is wrong. A
    start refuses the folder too, or replaces the CA.
    """
    if "another user" in trap and os.geteuid():
        pytest.skip("only root can give a file to another user")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "records"))
    state = tmp_path / "checkout/.entra-config/emulator"
    state.mkdir(parents=True)
    tls.ensure(state, dt.datetime.now(dt.UTC))
    (state / "sign-in.json").write_bytes(b"{}")
    monkeypatch.chdir(tmp_path / "checkout")
    trust = ["trust", "--state", str(state)]
    assert RUNNER.invoke(app, trust).exit_code == 0
    TRAPS[trap](state)
    refused = RUNNER.invoke(app, trust)
    assert isinstance(refused.exception, SystemExit | StateError), refused.exception
    assert refused.exit_code == 1
    if trap == "another CA like ours":
        tls.ensure(state, dt.datetime.now(dt.UTC))
        assert RUNNER.invoke(app, trust).exit_code == 0
    else:
        with pytest.raises(StateError):
            tls.ensure(state, dt.datetime.now(dt.UTC))


@pytest.mark.parametrize("start", seeds.sample("planted state", range(0, 1000, 20), 3))
def test_what_was_planted_is_never_believed(
    start: int, victim: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty folders, one command each: `trust` and `env` vouch for nothing that was planted, no foreign
    server or process is reached, and `start` has a CA of its own for loopback names alone, or refuses.
    """
    signals: list[tuple[int, int]] = []

    def kill(pid: int, number: int) -> None:
        if number:
            signals.append((pid, number))

    monkeypatch.setattr(os, "kill", kill)
    monkeypatch.setattr(background, "READY_SECONDS", 0.0)
    for seed in range(start, start + 20):
        rng = Random(seed)
        root = tmp_path / str(seed)
        root.mkdir()
        ca = planted.make_ca(rng.choice(planted.SHAPES), two=rng.random() < 0.2)
        with planted.serve(root, ca) as port:
            pid = rng.choice((-1, 0, 1, victim, os.getppid()))
            plant = planted.plant(root, rng, pid=pid, port=port, ca=ca)
            monkeypatch.chdir(root / "checkout")
            command = rng.choice(COMMANDS)
            words = judge(plant, command, by_relative_path=rng.random() < 0.5)
        assert words == "", f"seed {seed}, {command}, {plant.described}: {words}"
        assert signals == [], f"seed {seed}, {command}, {plant.described}: {signals}"
        changed = [path for path, data in plant.outside.items() if path.read_bytes() != data]
        assert changed == [], f"seed {seed}, {command}, {plant.described}: changed {changed}"


def judge(plant: planted.Plant, command: list[str], *, by_relative_path: bool) -> str:
    """Run a command, and return what it did that it must not do."""
    state = Path(".entra-config/emulator") if by_relative_path else plant.state
    if command == ["start"]:
        return judge_start(plant, state)
    result = RUNNER.invoke(app, [*command, "--state", str(state)])
    if command == ["stop"]:
        return "" if "Stopped." not in result.stderr else "it stopped a foreign server"
    return "" if result.exit_code else f"it believes the folder: {result.stdout[:200]}"


def judge_start(plant: planted.Plant, state: Path) -> str:
    """Prepare a folder as `emulator start` does before it serves, and judge the certificate."""
    try:
        found = tls.ensure(state, dt.datetime.now(dt.UTC))
    except Exception as error:  # noqa: BLE001  # whatever the refusal is called
        return "" if type(error).__name__ == "StateError" else f"it ends with {error!r}"
    ca, secrets = found.ca.read_bytes(), state / "sign-in.json"
    if ca == plant.ca or planted.names_of(ca) != (True, 0, LOOPBACK):
        return "it serves with a CA that was planted"
    if secrets.exists() and secrets.read_bytes() == plant.secrets:
        return "it signs tokens with keys that were planted"
    wrong = [path.name for path in (*vars(found).values(),) if path.stat().st_mode & 0o077]
    return f"others can read {wrong}" if wrong else ""


def test_an_emulator_of_the_user_is_believed_and_what_replaces_its_files_is_not(tmp_path: Path) -> None:
    """Its certificate is vouched for and its server found, until a checkout replaces the file; then the
    process is still the emulator's own, and can be ended.
    """
    state = tmp_path / "emulator"
    background.start(ServerOptions(state, port=0))
    try:
        for command in ("trust", "env", "status"):
            assert RUNNER.invoke(app, [command, "--state", str(state)]).exit_code == 0
        (state / "ca.pem").write_bytes(planted.make_ca("as ours", two=False).ca)
        for command in ("trust", "env", "status", "token", "start"):
            refused = RUNNER.invoke(app, [command, "--state", str(state)])
            assert refused.exit_code == 1
            error = refused.stderr or str(refused.exception)
            assert str(state / "ca.pem") in error
            assert f"\nentra-emulator start --state {state}" in error
    finally:
        assert background.end(state)
    refused = RUNNER.invoke(app, ["status", "--state", str(state)])
    assert (
        f"{state / 'ca.pem'} is not a file of this user's emulator, so a start replaces it" in refused.stderr
    )


def test_the_server_of_a_renamed_folder_is_reported_and_stopped_by_its_old_name(tmp_path: Path) -> None:
    """Commands on the new name report where the server runs, also when another emulator starts meanwhile."""
    old, new, other = tmp_path / "old", tmp_path / "new", tmp_path / "other"
    found = background.start(ServerOptions(old, port=0))
    old.rename(new)
    try:
        background.start(ServerOptions(other, port=0))
        assert background.end(other)
        for command in ("status", "stop", "env", "token", "start"):
            refused = RUNNER.invoke(app, [command, "--state", str(new)])
            assert refused.exit_code == 1
            assert f"the one of {old} (process {found.pid})" in refused.stderr
            assert f"\nentra-emulator stop --state {old}\n" in refused.stderr
        refused = RUNNER.invoke(app, ["status", "--state", str(old)])
        assert f"{old / 'ca.pem'} is missing, so process {found.pid} cannot be checked" in refused.stderr
    finally:
        assert "Stopped." in RUNNER.invoke(app, ["stop", "--state", str(old)]).stderr
    assert f"no emulator runs on {new}" in RUNNER.invoke(app, ["status", "--state", str(new)]).stderr


def test_two_folders_have_an_emulator_each(tmp_path: Path) -> None:
    """Each is found and ended by its own folder."""
    one, other = (background.start(ServerOptions(tmp_path / name, port=0)) for name in ("one", "other"))
    try:
        assert one.port != other.port
        assert background.end(tmp_path / "one")
        assert RUNNER.invoke(app, ["status", "--state", str(tmp_path / "one")]).exit_code == 1
        assert RUNNER.invoke(app, ["status", "--state", str(tmp_path / "other")]).exit_code == 0
    finally:
        assert background.end(tmp_path / "other")


def test_a_folder_has_one_server(tmp_path: Path) -> None:
    """Whoever starts a second one gets the first, also at the same moment, and none is left behind."""
    options = ServerOptions(tmp_path, port=0)
    with ThreadPoolExecutor() as pool:
        found = {run.result() for run in [pool.submit(background.start, options) for _ in range(3)]}
    try:
        assert len(found) == 1
        with pytest.raises(records.HeldError):
            server.serve(options)
    finally:
        assert background.end(tmp_path)
    assert not background.end(tmp_path)


def test_a_folder_is_held_once(tmp_path: Path) -> None:
    """Whoever holds it keeps the next one out."""
    with records.hold(tmp_path), pytest.raises(records.HeldError), records.hold(tmp_path):
        pass


def test_a_process_that_does_not_answer_is_known_by_its_start_time_and_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that hangs is not believed, but gets a signal, since the record names its very process."""
    found = background.start(ServerOptions(tmp_path, port=0))
    monkeypatch.setattr(runs, "is_proven", lambda *_: False)
    assert RUNNER.invoke(app, ["status", "--state", str(tmp_path)]).exit_code == 1
    records.write_run(tmp_path, replace(found, started="another time"))
    assert not background.end(tmp_path)
    records.write_run(tmp_path, found)
    assert background.end(tmp_path)
