"""A kind is one file and one line: added to a copy of the package, it is planned, applied, found by drift
and reported.
"""

from __future__ import annotations

import filecmp
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
LINES = {
    "from entra_config.kinds.federated_credential": (
        "from entra_config.kinds.extension_property import ExtensionPropertyKind\n"
    ),
    "    FederatedCredentialKind(),": "    ExtensionPropertyKind(),\n",
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the package and add the kind to it: its file, and its line in the table."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(
        ROOT / "entra_config", folder / "entra_config", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "tests/unit/kinds/toy.py", folder / "entra_config/kinds/extension_property.py")
    table = folder / "entra_config/kinds/table.py"
    text = table.read_text(encoding="utf-8")
    for before, line in LINES.items():
        text = text.replace(before, f"{line}{before}", 1)
    table.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def seen(copy: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Tell the story with the copy."""
    story = [
        sys.executable,
        str(ROOT / "tests/unit/kinds/toy_story.py"),
        str(tmp_path_factory.mktemp("manifest")),
    ]
    environ = os.environ | {"PYTHONPATH": str(copy)}
    ran = subprocess.run(story, env=environ, cwd=copy, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def test_two_files_are_touched(copy: Path) -> None:
    """The kind's own and the table: nothing else differs from the package."""
    changed: list[str] = []

    def compare(pair: filecmp.dircmp[str]) -> None:
        here = Path(pair.right).relative_to(copy)
        changed.extend(str(here / name) for name in (*pair.diff_files, *pair.right_only, *pair.left_only))
        for below in pair.subdirs.values():
            compare(below)

    compare(filecmp.dircmp(ROOT / "entra_config", copy / "entra_config", ignore=["__pycache__"]))
    assert sorted(changed) == ["entra_config/kinds/extension_property.py", "entra_config/kinds/table.py"]


def test_it_is_planned_and_applied(seen: dict[str, Any]) -> None:
    """Each of the two plans is carried out whole, in steps of the kind's own, and the next one finds
    nothing to do.
    """
    first, second = seen["first"], seen["second"]

    assert [each[name] for each in (first, second) for name in ("complete", "empty")] == [True] * 4
    assert "+ extension property api/badge" in first["text"]
    assert "- extension property api/desk" in second["text"]
    kinds = [change["address"]["kind"] for change in first["json"]["changes"]]
    assert kinds.count("extensionProperty") == 2
    paths = [request["path"] for request in first["json"]["requests"]]
    assert sum(path.endswith("/extensionProperties") for path in paths) == 2
    assert "extension property" in first["markdown"]
    assert seen["destroyed"] is True


def test_what_somebody_did_is_found_in_every_format(seen: dict[str, Any]) -> None:
    """Drift reports the one that was planted and who may have done it, by the kind's own words; the next plan
    takes it away.
    """
    drift = seen["drift"]
    (finding,) = drift["json"]["findings"]

    assert finding["address"] == "extensionProperty.api/planted"
    assert finding["attribution"]["others"][0]["name"] == "mallory@contoso.com"
    assert finding["rule"] == "extension-property-added"
    assert "api/planted" in drift["text"]
    assert "api/planted" in drift["markdown"]
    assert "api/planted" in json.dumps(drift["sarif"])
    assert "- extension property api/planted" in seen["back"]
    assert seen["access"] is not None


def test_it_brings_a_section_of_its_own_to_the_manifest(seen: dict[str, Any]) -> None:
    """Read with its place and its mistakes, in the JSON Schema and the reference, and among what
    `ignoreChanges` may name.
    """
    assert [text.partition(": ")[2].partition(" Known:")[0] for text in seen["wrong"]] == [
        "`datatype` is no key of an extension property. Did you mean `dataType`?",
        (
            "`dataType`: `Text` is none of `Binary`, `Boolean`, `DateTime`, `Integer`, `LargeInteger` or "
            "`String`."
        ),
        '`targetObjects`: expected a list, found "User"',
    ]
    record = seen["schema"]["additionalProperties"]["properties"]
    assert record["dataType"]["anyOf"][0]["enum"][:2] == ["Binary", "Boolean"]
    assert seen["schema"]["maxProperties"] == 100
    assert "| `extensionProperties` | `extensionProperties` | watched |" in seen["reference"]
    assert seen["ignored"] == ["extensionProperties"]
    assert seen["position"].endswith("all.yaml:2:40")
    assert [each["name"] for each in seen["access"]["holders"]] == ["alice@contoso.com"]
