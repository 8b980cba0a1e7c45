"""`entra_verify.py` is worth something only as long as it shares nothing with what it checks."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.unit.architecture import sources
from tests.unit.verify.documents import Documents

FILE = sources.ROOT / "entra_verify.py"


def test_it_imports_the_standard_library_alone() -> None:
    """So it works wherever it is copied to."""
    names = set()
    for node in sources.nodes(FILE):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names.add(str(node.module).partition(".")[0])
    assert names - sys.stdlib_module_names == set()


def test_a_copy_runs_alone(tmp_path: Path) -> None:
    """In a folder of its own, with nothing on its path."""
    copy = tmp_path / "copy.py"
    copy.write_bytes(FILE.read_bytes())
    words = Documents().write(tmp_path)
    ran = subprocess.run(
        [sys.executable, "-I", "-S", str(copy), *words], check=False, capture_output=True, text=True
    )
    assert (ran.returncode, ran.stderr) == (0, "")


def test_the_wheel_has_the_file_and_the_command() -> None:
    """The command is the function that a copy runs."""
    project = tomllib.loads((sources.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    module, _, function = project["project"]["scripts"]["entra-verify"].partition(":")
    assert callable(getattr(importlib.import_module(module), function))
    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert included["entra_verify.py"] == "entra_verify.py"
