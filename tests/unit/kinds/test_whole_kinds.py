"""A kind is its file, its line in the table and its rows: without them nothing names it, all else works."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
MANIFEST = """\
project: p
environments: { dev: { tenantId: 11111111-1111-1111-1111-111111111111 } }
applications:
  api: { type: api, displayName: API, appRoles: { Reader: Reads. }, scopes: { read: Reads. } }
  page: { type: spa, displayName: Page, apiPermissions: { api: { delegated: [read] } } }
"""


@dataclass(frozen=True)
class Part:
    """All that there is of a kind in the package: its file, its class, and the rows of its properties, where
    it brings its key of the manifest itself.

    `says` finds its name and its Graph path; `named` are files that have them for a reason of their own.
    """

    file: str
    class_: str
    rows: frozenset[str]
    says: str
    named: frozenset[str] = frozenset()


KINDS = {
    "logo": Part(
        "kinds/logo.py",
        "LogoKind",
        frozenset({"logo"}),
        r"\blogo\b|applicationLogo",
        # Graph's published schema of an application, with all its properties.
        frozenset({"manifest/data/graph_properties.json"}),
    ),
    "federated": Part(
        "kinds/federated_credential.py",
        "FederatedCredentialKind",
        frozenset(),
        r"federatedIdentityCredential|federatedCredential\b|kinds\.federated_credential",
        frozenset(
            {
                # The key of the manifest, which settings, bootstrap and lint read too, and its rows.
                "manifest/fields/signing_in.py",
                "properties.py",
                # Terraform's name of an import.
                "importing/terraform/export.py",
            }
        ),
    ),
}


def delete_rows(path: Path, rows: frozenset[str]) -> None:
    """Delete the rows of some properties from the table."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    gone: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Call(func=ast.Name("Property"), args=[ast.Constant(value), *_]) if value in rows:
                gone |= {*range(node.lineno - 1, node.end_lineno or node.lineno)}
    assert bool(gone) == bool(rows)
    path.write_text("".join(line for at, line in enumerate(lines) if at not in gone), encoding="utf-8")


@pytest.fixture(params=KINDS.values(), ids=KINDS, scope="module")
def part(request: pytest.FixtureRequest) -> Part:
    """Return one kind after another."""
    found: Part = request.param
    return found


@pytest.fixture(scope="module")
def copy(part: Part, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the package without the kind."""
    folder = tmp_path_factory.mktemp("copy")
    package = folder / "entra_config"
    shutil.copytree(ROOT / "entra_config", package, ignore=shutil.ignore_patterns("__pycache__"))
    (package / part.file).unlink()
    table = package / "kinds/table.py"
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if part.class_ not in line]
    assert len(kept) == len(lines) - 2
    table.write_text("".join(kept), encoding="utf-8")
    delete_rows(package / "properties.py", part.rows)
    return folder


def test_nothing_else_names_it(part: Part, copy: Path) -> None:
    """Neither its name nor its Graph path is in another file."""
    package = copy / "entra_config"
    files = (path for path in package.rglob("*") if path.suffix in {".py", ".md", ".json", ".yaml", ".css"})
    naming = {
        str(path.relative_to(package))
        for path in files
        if re.search(part.says, path.read_text(encoding="utf-8"))
    }

    assert naming == part.named


def test_all_else_works(copy: Path, tmp_path: Path) -> None:
    """Every module is imported, a manifest is applied, schema and reference are written."""
    (tmp_path / "entra-config.yaml").write_text(MANIFEST, encoding="utf-8")
    story = [sys.executable, str(ROOT / "tests/unit/kinds/without_a_kind.py"), str(tmp_path)]
    environ = os.environ | {"PYTHONPATH": str(copy)}
    ran = subprocess.run(story, env=environ, cwd=copy, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)

    assert found == {"package": str(copy / "entra_config"), "changes": 4, "complete": True, "empty": True}
