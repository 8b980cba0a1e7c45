"""What completes a line in a shell: commands, options, and the values of the manifest."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.unit.cli.program import ENTRA_CONFIG, environment
from tests.unit.cli.ran import ROOT, Run


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
