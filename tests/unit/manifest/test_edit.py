"""Manifests edited in place: what each edit changes, to the letter, or why it is refused.

A group of `edits/*.yaml` has files, or the example's, and steps: an edit with its arguments, then the lines that it
changes, or its error. Nothing is written but by a step that says `write`. The first group of a file may have the files
of all groups that have none.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from entra_config.errors import EntraConfigError
from entra_config.manifest.editing import edit
from entra_config.manifest.editing.offboard import offboard
from tests.unit.manifest.conftest import HEAD
from tests.unit.manifest.splicing import put, remove

EXAMPLE = Path(__file__).parents[3] / "manifests"
EDITS: dict[str, Any] = {
    "add": edit.add,
    "rename": edit.rename,
    "remove": edit.remove,
    "assign": edit.assign,
    "unassign": edit.unassign,
    "offboard": offboard,
}


def _groups() -> Iterator[Any]:
    for path in sorted((Path(__file__).parent / "edits").glob("*.yaml")):
        shared: dict[str, str] = {}
        for group in yaml.safe_load(path.read_text(encoding="utf-8")):
            if "it" not in group:
                shared = group["files"]
                continue
            files = {} if "root" in group else group.get("files", shared)
            yield pytest.param({**group, "files": files}, id=f"{path.stem}: {group['it']}")


def _write(files: dict[str, str]) -> None:
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")


def _read() -> dict[str, str]:
    return {str(path): path.read_text(encoding="utf-8") for path in sorted(Path().rglob("*.yaml"))}


@pytest.mark.parametrize("group", [*_groups()])
def test_an_edit_changes_these_lines_or_is_refused(folder: Path, group: dict[str, Any]) -> None:
    """Each step on the files that the step before it left."""
    if "root" in group:
        shutil.copytree(EXAMPLE, group["root"])
    _write(group["files"])
    for step in group["steps"]:
        _write(step.get("files", {}))
        before = _read()
        (name,) = step.keys() & EDITS.keys()
        made, error = None, ""
        try:
            made = EDITS[name](Path(group.get("root", "")), **step[name])
        except EntraConfigError as refused:
            error = str(refused)
        assert _read() == before
        assert error.replace(f"{folder}/", "") == step.get("error", "")
        if made:
            lines = [
                line for line in made.diff.splitlines() if line[:1] in "+-" and not line.startswith("---")
            ]
            assert lines == step["diff"].splitlines()
            assert (made.breaking, [*made.notes]) == (step.get("breaking", False), step.get("notes", []))
            if step.get("write"):
                made.write()


BLOCK = """\
applications:
  api:
    type: api
    displayName: API
    appRoles:
      # the first one
      Reader:
        description: Reads.      # everything
        allowedMemberTypes: [User]

      # the last one
      Admin:
        description: >-
          Administers
          everything.
appRoleAssignments:
  api:
    Reader:
      groups:
        - All Staff   # everybody
        - Others
"""


def test_line_ends_stay() -> None:
    """A file with Windows' line ends keeps them."""
    path = Path("entra-config.yaml")
    path.write_bytes((HEAD + BLOCK).replace("\n", "\r\n").encode())
    edit.add(path, "api", "New", description="x").write()
    raw = path.read_bytes()
    assert raw.count(b"\n") == raw.count(b"\r\n") == (HEAD + BLOCK).count("\n") + 1


def test_an_empty_value_ends_where_it_stands() -> None:
    """The comment below it is the next entry's, and stays with that, whatever comes of the value."""
    text = "a:\n  b:\n  # of d\n  d: 1\n"

    assert put(text, ("a", "b"), ["v"]) == "a:\n  b: [v]\n  # of d\n  d: 1\n"
    assert remove(text, "a", "b") == "a:\n  # of d\n  d: 1\n"
