"""What completes a line in a shell: commands, options, and the values of the manifest."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.unit.cli.program import ENTRA_CONFIG, environment
from tests.unit.cli.ran import ROOT


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("pl", ["plan"]),
        ("plan --form", ["--format"]),
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
        ("plan -f other.yaml -e ", []),
        ("disable -f other.yaml c", ["crm"]),
    ],
)
def test_completion_knows_the_values_of_the_manifest(typed: str, values: list[str], tmp_path: Path) -> None:
    """Environments, keys, roles, addresses and words, as far as they begin as typed; of a manifest that is
    not there, not YAML or of another shape, none, and no traceback.
    """
    shutil.copytree(ROOT / "manifests", tmp_path / "manifests")
    (tmp_path / "broken.yaml").write_text("project: [")
    (tmp_path / "other.yaml").write_text("environments: []\nenterpriseApplications: { crm: {} }\n")
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
