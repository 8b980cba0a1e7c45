"""The program itself: help without imports, usage errors, bugs, signals."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import pytest
import typer

from entra_config.cli import main
from entra_config.emulator import background
from entra_config.emulator.run_file import ServerOptions
from tests.unit.cli.ran import ROOT, Run

ENTRA_CONFIG = (sys.executable, "-m", "entra_config.cli.main")
HEAVY = (
    "rich", "httpx", "azure", "msgraph", "msgraph_core", "pydantic", "yaml", "cryptography", "starlette",
    "asyncio", "importlib.metadata",
)  # fmt: skip


def environment(**more: str) -> dict[str, str]:
    """Return an environment in which a subprocess finds the package and nothing else of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ENTRA_CONFIG_")}
    return kept | {"PYTHONPATH": str(ROOT)} | more


@pytest.mark.parametrize("command", [("--help",), *[(name, "--help") for name in main.COMMANDS]])
def test_help_imports_nothing_heavy(command: tuple[str, ...]) -> None:
    """Help of the program and of a command needs none of the libraries that a tenant needs."""
    loaded_now = f"[name for name in {HEAVY!r} if name in sys.modules]"
    code = f"import sys; from entra_config.cli import main; main.main({command!r}); print({loaded_now})"
    ran = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment()
    )

    assert ran.stdout.strip().splitlines()[-1] == "[]"


def test_a_plan_imports_neither_pydantic_nor_azure_nor_an_emulator(tmp_path: Path) -> None:
    """What is told needs no conversion, what is printed no schema, and who gets in is tried with `--tests`
    alone.
    """
    never = (
        "pydantic", "azure", "msal", "msgraph_core", "pygments", "importlib.metadata",
        "starlette", "cryptography", "entra_config.emulator", "entra_config.testing",
    )  # fmt: skip
    code = (
        "import sys; from entra_config.cli import main\n"
        "try: main.run()\n"
        f"except SystemExit as end: print(end.code, [name for name in {never!r} if name in sys.modules])"
    )
    with background_emulator(tmp_path / "state") as state:
        env = environment(ENTRA_CONFIG_EMULATOR_STATE=str(state), ENTRA_CONFIG_CLOUD="emulator")
        command = [
            sys.executable,
            "-c",
            code,
            "plan",
            "-e",
            "dev",
            "-f",
            str(ROOT / "manifests"),
            "--format",
            "text",
        ]
        ran = subprocess.run(command, capture_output=True, text=True, check=False, env=env, cwd=tmp_path)

    assert "Plan: 21 to add" in ran.stdout, ran.stderr
    assert ran.stdout.strip().splitlines()[-1] == "0 []"


@contextmanager
def background_emulator(state: Path) -> Iterator[Path]:
    """Run an emulator in a process of its own."""
    background.start(ServerOptions(state=state, port=0))
    try:
        yield state
    finally:
        background.end(state)


def test_the_version_is_told_with_commit_and_extras() -> None:
    """`python -m entra_config --version` says version, the checkout's commit and the extras that are
    installed; exit code 0.
    """
    ran = subprocess.run(
        [sys.executable, "-m", "entra_config", "--version"],
        capture_output=True,
        text=True,
        check=False,
        env=environment(),
    )
    head = subprocess.run(
        ["git", "-C", str(ROOT), "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    ).stdout

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[0] == f"entra-config {version('entra-config')} (commit {head[:12]})"
    assert "emulator" in ran.stdout.splitlines()[1]


@pytest.mark.parametrize("module", ["uvicorn", "jinja2"])
def test_a_command_that_lacks_its_extra_says_the_line_that_installs_it(
    run: Run, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    """Without the emulator's libraries `emulator start` says what to install, and that it is no bug."""
    for name in [
        name
        for name in sys.modules
        if name.startswith("entra_config.emulator") or name.split(".")[0] == module
    ]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    ran = run("emulator", "start")

    assert ran.code == 1
    assert "the extra `emulator`, which is not installed: pip install " in ran.err
    assert "[emulator]" in ran.err
    assert "bug" not in ran.err


def test_a_module_that_no_extra_brings_is_a_bug(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken installation is not talked away."""

    def broken(*_: object) -> None:
        raise ModuleNotFoundError("No module named 'nowhere'", name="nowhere")

    monkeypatch.setattr("entra_config.cli.wiring.manifest", broken)
    ran = run("plan")

    assert ran.code == 1
    assert "This is a bug" in ran.err


@pytest.mark.parametrize("name", sorted(main.COMMANDS))
def test_the_list_of_commands_tells_what_they_say(name: str) -> None:
    """The texts of the list, which are there without importing a command, are the commands' own first
    sentences.
    """
    module_name, about = main.COMMANDS[name]
    module = importlib.import_module(f"entra_config.cli.{module_name}")
    command = main.load(name)

    assert about.endswith(".")
    assert command.name == name
    assert isinstance(module.app, typer.Typer)
    assert command.get_params(typer.Context(command)) or command.commands


@pytest.mark.parametrize(
    "arguments",
    [("plam",), ("plan", "--nope"), ("plan", "--cloud", "mars"), ("apply", "a", "b"), ("app-role", "x")],
)
def test_usage_errors_are_1(run: Run, arguments: tuple[str, ...]) -> None:
    """Click's 2 would read as `changes pending`."""
    ran = run(*arguments)

    assert ran.code == 1
    assert "Error: " in ran.err
    assert "Traceback" not in ran.err


def test_near_misses_are_named(run: Run) -> None:
    """A typo in a command is answered with the command."""
    assert "Did you mean 'plan'?" in run("plam").err


def test_manifest_errors_come_all_at_once_with_their_places(run: Run, folder: Path) -> None:
    """Each problem has file, line and column; no traceback, exit code 1."""
    path = folder / "manifests/access.yaml"
    path.write_text(path.read_text().replace("Admin:", "Admim:").replace("Reader:", "Raeder:"))
    ran = run("validate")

    assert ran.code == 1
    assert "manifests/access.yaml:4:5" in ran.err
    assert "manifests/access.yaml:6:5" in ran.err
    assert "Traceback" not in ran.err


def test_an_unexpected_error_is_a_bug_not_a_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever slips through is called a bug; -v shows where."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError("by \x1b[31mzero")

    monkeypatch.setattr("entra_config.cli.wiring.manifest", broken)
    silent, reported = run("plan"), run("plan", "-v")

    assert silent.code == reported.code == 1
    assert "This is a bug in entra-config" in silent.err
    assert "Traceback" not in silent.err
    assert "\x1b" not in silent.err
    assert "Traceback" in reported.err


def test_without_an_environment_all_are_named(run: Run) -> None:
    """Several environments and no -e is an error that lists them."""
    ran = run("plan")

    assert ran.code == 1
    assert "dev" in ran.err
    assert "prod" in ran.err


@pytest.mark.parametrize("name", ["ENTRA_CONFIG_ENVIRONMENT", "-e"])
def test_options_come_from_the_environment(run: Run, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Each common option has a variable."""
    if name == "-e":
        assert run("plan", "-e", "dev").code == 0
        return
    monkeypatch.setenv(name, "dev")
    assert run("plan").code == 0


def test_a_reader_that_has_enough_is_no_error() -> None:
    """`entra-config schema | head -1` ends without a traceback."""
    ran = subprocess.run(
        f"{sys.executable} -m entra_config.cli.main schema | head -1",
        shell=True, check=True, capture_output=True, text=True, env=environment(),
    )  # fmt: skip

    assert ran.stdout.startswith("{")
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_complete(run: Run, shell: str) -> None:
    """The script names the program, and what it asks for is answered."""
    assert "entra-config" in run("completion", shell).out


def test_completion_knows_commands_and_options() -> None:
    """The shell's question about `entra-config pl…` and `plan --form…` is answered."""
    env = {"_ENTRA_CONFIG_COMPLETE": "values_bash", "COMP_CWORD": "1"}

    def requested(words: str, cword: str) -> str:
        ran = subprocess.run(
            ENTRA_CONFIG,
            capture_output=True,
            text=True,
            check=False,
            env=environment(**env, COMP_WORDS="\n".join(words.split(" "))) | {"COMP_CWORD": cword},
        )
        return ran.stdout

    assert "plan" in requested("entra-config pl", "1")
    assert "--format" in requested("entra-config plan --form", "2")


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("plan -e ", ["dev", "prod"]),
        ("plan -e p", ["prod"]),
        ("plan --allow m", ["many"]),
        ("plan --allow many,l", ["many,last"]),
        ("plan --allow many,m", []),
        ("plan --target application.s", ["application.spa"]),
        ("access --role api/R", ["api/Reader"]),
        ("app-role assign api/W", ["api/Writer"]),
        ("credentials remove n", ["nightly"]),
        ("disable n", ["nightly"]),
        ("move key s", ["spa"]),
        ("move environment d", ["dev"]),
        ("plan --format m", ["markdown"]),
        ("plan -f nowhere -e ", []),
        ("plan -f broken.yaml -e ", []),
    ],
)
def test_completion_knows_the_values_of_the_manifest(typed: str, values: list[str], tmp_path: Path) -> None:
    """Environments, keys, roles, addresses and words, as far as they begin as typed; of a manifest that is
    not there or not YAML, none, and no traceback.
    """
    shutil.copytree(ROOT / "manifests", tmp_path / "manifests")
    (tmp_path / "broken.yaml").write_text("project: [")
    words = f"entra-config {typed}"
    ran = subprocess.run(
        ENTRA_CONFIG,
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=environment(
            _ENTRA_CONFIG_COMPLETE="values_bash",
            COMP_WORDS="\n".join(words.split(" ")),
            COMP_CWORD=str(len(words.split(" ")) - 1),
        ),
    )
    assert ran.stdout.split() == values
    assert not ran.stderr


def test_a_word_that_is_no_choice_is_told_with_the_choices(run: Run) -> None:
    """In plain words, of an option and of an argument; nothing of the library that compared it."""
    ran = run("completion", "tcsh")
    assert ran.code == 1
    assert "Invalid value for 'shell': 'tcsh' is not one of 'bash', 'zsh', 'fish', 'powershell'." in ran.err
    ran = run("access", "--format", "cvs")
    assert "Invalid value for '--format': 'cvs' is not one of 'text', 'json', 'csv', 'html'." in ran.err


@pytest.mark.parametrize("command", ["init -f {}/manifests", "emulator start --port 0 --state {}/emulator"])
def test_where_nothing_can_be_written_is_no_bug(command: str, run: Run, tmp_path: Path) -> None:
    """What the system says of the file is said; a file stands where a folder would be made."""
    (tmp_path / "file").touch()
    ran = run(*command.format(tmp_path / "file").split())
    assert ran.code == 1
    assert f"{tmp_path}/file" in ran.err
    assert "Not a directory" in ran.err
    assert "bug" not in ran.err


def test_the_demo_says_when_it_may_write_nowhere(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where no temporary folder can be written to, that is said and what to set; it is no bug."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "read-only"))
    ran = run("demo")
    assert ran.code == 1
    assert "none can be written to: set TMPDIR" in ran.err
    assert "bug" not in ran.err


def test_the_demo_tells_the_whole_story() -> None:
    """From an empty tenant to an empty tenant, with colours or without, reading nothing of the user's."""
    ran = subprocess.run(
        [*ENTRA_CONFIG, "demo"], capture_output=True, text=True, check=False, env=environment(), cwd="/"
    )

    assert ran.returncode == 0, ran.stderr
    for reported in (
        "21 to add, 0 to change, 0 to remove",
        "23 done, 0 failed",
        "No changes: 21 unchanged",
        "1 to add, 3 to change, 1 to remove, 17 unchanged",
        "Nothing of myapp/dev is live",
    ):
        assert reported in ran.stdout


STOPPED = """
import asyncio, os, signal, sys
from entra_config.cli import main
from entra_config.cli.demo.story import session
from entra_config.cli.options import Session
from entra_config.emulator.embedded import Embedded

class Slow:
    def __init__(self, inner): self.inner, self.writes = inner, 0
    async def handle_async_request(self, request):
        if b"\\"tags\\"" in request.content:
            self.writes += 1
            if self.writes == 1:
                os.kill(os.getpid(), signal.{signal})
                await asyncio.sleep(0.2)
        return await self.inner.handle_async_request(request)
    async def aclose(self): pass
    async def __aenter__(self): return self
    async def __aexit__(self, *_): pass

tenant = Embedded.create()
whole = session(tenant)
import httpx
class Transport(Slow, httpx.AsyncBaseTransport): pass
slow = Session(Transport(whole.transport), whole.credential)
code = main.main(["apply", "-e", "dev", "--auto-approve", "--events", "json"], slow)
again = main.main(["apply", "-e", "dev", "--auto-approve", "--quiet"], whole)
print("codes", code, again)
"""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_ends_apply_in_order(name: str, folder: Path) -> None:
    """What is in flight is finished, the rest is said to be not tried, exit code 1; the next apply goes
    on.
    """
    assert getattr(signal, name)
    ran = subprocess.run(
        [sys.executable, "-c", STOPPED.replace("{signal}", name)],
        capture_output=True,
        text=True,
        check=False,
        env=environment(),
        cwd=folder,
    )
    events = [json.loads(line) for line in ran.stdout.splitlines() if line.startswith('{"event"')]

    assert "codes 1 0" in ran.stdout, ran.stderr
    assert events[-1]["stopped"] is True
    assert events[-1]["done"] > 0
    assert events[-1]["notTried"] > 0
    assert events[-1]["failed"] == 0
    assert "stopping: what is in flight is finished" in ran.stderr


def test_a_problem_is_one_line_whatever_it_quotes(folder: Path, run: Run) -> None:
    """A key of the manifest begins no line of its own, and so neither an error nor a command of the
    runner.
    """
    root = folder / "manifests/entra-config.yaml"
    root.write_text(root.read_text() + '\n"x\\n::error::y\\nmanifests/a.yaml:1:1: fine": 1\n')

    lines = run("validate").err.splitlines()

    assert len(lines) == 1
    assert "`x\\u{a}::error::y\\u{a}manifests/a.yaml:1:1: fine`" in lines[0]
