"""What `entra-config emulator` adds to the emulator's own commands: tenants that a manifest names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from entra_config.cli import emulator
from entra_config.testing import populating
from entra_emulator import background, server
from entra_emulator.cli import main
from entra_emulator.server_options import ServerOptions
from entra_emulator.state.records import Run
from tests.unit.cli.ran import Run as Command

RUNNER = CliRunner()
RUNS = Run(7, "then", "127.0.0.1", 9443, "secret", "t", "c", "s")


def run(*words: str) -> Result:
    """Run a command."""
    return RUNNER.invoke(emulator.app, words, env={"ENTRA_CONFIG_EMULATOR_STATE": ""})


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Any]:
    """Start nothing; collect with what it would be."""
    monkeypatch.chdir(tmp_path)
    calls: list[Any] = []

    def start(options: ServerOptions, *, prepare: object) -> Run:
        calls.append((options, prepare))
        return RUNS

    monkeypatch.setattr(background, "start", start)
    monkeypatch.setattr(server, "serve", lambda options, *, prepare: calls.append(("here", options, prepare)))
    monkeypatch.setattr(populating, "prepare", lambda manifests, fleets: ("prepared", manifests, fleets))
    return calls


def test_a_manifest_and_a_fleet_fill_it_first(started: list[Any]) -> None:
    """Either, or both; in the foreground it serves here and says so."""
    both = ("start", "--state", "s", "--for", "m", "--for", "n", "--fleet", "f")
    assert run(*both).exit_code == 0
    assert run("start", "--state", "s", "--fleet", "f").exit_code == 0
    assert run("start", "--state", "s", "--for", "m").exit_code == 0
    m, n, f = Path("m"), Path("n"), Path("f")
    assert [each[1] for each in started] == [
        ("prepared", [m, n], [f]), ("prepared", [], [f]), ("prepared", [m], [])
    ]  # fmt: skip
    ran = run(*both, "--foreground")
    assert (ran.exit_code, ran.stdout) == (0, "")
    assert ran.stderr == "Serving the emulator's state in s on port 8443, Ctrl-C ends it.\n"
    assert started[3] == ("here", ServerOptions(Path("s")), ("prepared", [m, n], [f]))


def test_it_has_all_commands_and_options_of_the_emulator_s_own() -> None:
    """In the same order; of `start` two more, after --foreground."""
    own: Any = typer.main.get_command(main.app)
    ours: Any = typer.main.get_command(emulator.app)
    assert list(ours.commands) == list(own.commands)
    for name, command in own.commands.items():
        options = [each.opts for each in ours.commands[name].params]
        added = [["--for"], ["--fleet"]] if name == "start" else []
        assert [each for each in options if each not in added] == [each.opts for each in command.params]
        assert [each for each in options if each in added] == added


def test_messages_name_the_command_that_the_user_runs(run: Command, tmp_path: Path) -> None:
    """`entra-config emulator`, also where the engine asks for an emulator; `entra-emulator` in its own."""
    state = ("--state", str(tmp_path))
    advice = f" start --state {tmp_path}"
    assert f"\nentra-config emulator{advice}\n" in run("emulator", "status", *state).err
    assert "`entra-config emulator trust --yes`" in run("emulator", "trust", *state).out
    assert f"\nentra-emulator{advice}\n" in RUNNER.invoke(main.app, ["status", *state]).stderr
    assert "`entra-emulator trust --yes`" in RUNNER.invoke(main.app, ["trust", *state]).stdout
    assert 'eval "$(entra-emulator env)"' in RUNNER.invoke(main.app, ["env", "--help"]).stdout
