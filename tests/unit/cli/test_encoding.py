"""No character and no encoding ends a command."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from entra_config.report import encoding
from tests.unit.cli.program import ROOT

ENCODINGS = ("ascii", "cp1252", "latin-1", "cp437", "utf-8")
COMMANDS = (
    "validate",
    "lint",
    "lint --format json",
    "schema",
    "--help",
    "plan --help",
    "plan -e nowhere",
    "app-role list",
)


def run(folder: Path, encoded: str, command: str, **more: object) -> subprocess.CompletedProcess[bytes]:
    """Run a command whose streams have an encoding."""
    environment = os.environ | {"PYTHONIOENCODING": encoded, "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-m", "entra_config", *command.split()]
    return subprocess.run(words, cwd=folder, env=environment, check=False, stderr=subprocess.PIPE, **more)  # type: ignore[call-overload,no-any-return]  # its overloads know no dictionary of options


@pytest.mark.parametrize("encoded", ENCODINGS)
def test_every_command_is_written_in_every_encoding(folder: Path, encoded: str) -> None:
    """A text has its signs in plain form, a document that programs read is UTF-8."""
    name = folder / "manifests/applications/api.yaml"
    name.write_text(name.read_text().replace("MyApp API", "MyApp → Приложение 😀", 1), encoding="utf-8")
    for command in COMMANDS:
        ran = run(folder, encoded, command, stdout=subprocess.PIPE)
        assert b"bug" not in ran.stderr, (command, ran.stderr)
        assert ran.returncode in (0, 1), command
        if command in ("schema", "lint --format json"):
            json.loads(ran.stdout)
        else:
            (ran.stdout + ran.stderr).decode(encoded)


def test_signs_have_a_plain_form_and_other_characters_their_escape() -> None:
    """What a person reads in ASCII tells the same."""
    encoding.accept_every_character()
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors=encoding.NAME)
    stream.write("▲ High · a → b … ü 😀")
    stream.flush()
    assert stream.buffer.getvalue() == b"^ High - a -> b ... \\xfc \\U0001f600"  # type: ignore[attr-defined]  # it is a BytesIO


@pytest.mark.parametrize("command", ["lint --format json", "lint", "schema"])
def test_a_full_disk_is_an_error_that_names_standard_output(folder: Path, command: str) -> None:
    """And no bug."""
    with Path("/dev/full").open("wb") as full:
        ran = run(folder, "utf-8", command, stdout=full)
    assert ran.returncode == 1
    assert ran.stderr.decode() == "error: standard output: No space left on device\n"
