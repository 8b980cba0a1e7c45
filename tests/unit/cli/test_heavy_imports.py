"""What a command imports: help none of the libraries that a tenant needs, a plan no emulator."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from entra_config.cli import main
from entra_emulator import background
from entra_emulator.server_options import ServerOptions
from tests.unit.cli.program import environment
from tests.unit.cli.ran import ROOT

HEAVY = (
    "rich", "httpx", "azure", "msgraph", "msgraph_core", "pydantic", "yaml", "cryptography", "starlette",
    "asyncio", "importlib.metadata",
)  # fmt: skip


@pytest.mark.parametrize("command", [("--help",), *[(name, "--help") for name in main.COMMANDS]])
def test_help_imports_nothing_heavy(command: tuple[str, ...]) -> None:
    """Help of the program and of a command needs none of the libraries that a tenant needs."""
    loaded_now = f"[name for name in {HEAVY!r} if name in sys.modules]"
    code = f"import sys; from entra_config.cli import main; main.main({command!r}); print({loaded_now})"
    ran = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment()
    )

    assert ran.stdout.strip().splitlines()[-1] == "[]"


@pytest.mark.parametrize("command", ["validate", "lint"])
def test_offline_commands_import_nothing_that_reads_a_tenant(command: str) -> None:
    """Neither the reader of a tenant nor what sends requests is loaded to check a manifest."""
    online = ("asyncio", "ssl", "httpx", "entra_config.actual.read", "entra_config.graph.client")
    arguments = (command, "-f", str(ROOT / "manifests"))
    code = (
        f"import sys; from entra_config.cli import main; code = main.main({arguments!r}); "
        f"print(code, [name for name in {online!r} if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment()
    )

    assert ran.stdout.strip().splitlines()[-1] == "0 []", ran.stderr


def test_a_plan_imports_neither_pydantic_nor_azure_nor_an_emulator(tmp_path: Path) -> None:
    """What is told needs no conversion, what is printed no schema, and who gets in is tried with `--tests`
    alone.
    """
    never = (
        "pydantic", "azure", "msal", "msgraph_core", "pygments", "importlib.metadata",
        "starlette", "cryptography", "entra_config.testing",
    )  # fmt: skip
    # What finds an emulator that runs, and nothing that is one.
    found = tuple(f"entra_emulator.{name}" for name in ("api", "program", "state"))
    code = (
        "import sys; from entra_config.cli import main\n"
        "try: main.run()\n"
        "except SystemExit as end: print(end.code, [name for name in sys.modules if name in "
        f"{never!r} or name.startswith('entra_emulator.') and not name.startswith({found!r})])"
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
