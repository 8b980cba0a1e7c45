"""An entity type that a reader of the README adds: one file and one line."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[3]
INVALID = (
    "400 Request_BadRequest: Invalid value specified for property '{}' of resource 'AdministrativeUnit'."
)
DENIED = "403 Authorization_RequestDenied: Insufficient privileges to complete the operation."
NAMES = "Included Updated Properties"


def test_an_entity_type_is_one_file_and_one_line(tmp_path: Path) -> None:
    """Add the README's file and line to a copy of the package, and send requests to the new collection."""
    package = tmp_path / "entra_emulator"
    shutil.copytree(PROJECT / "entra_emulator", package, ignore=shutil.ignore_patterns("__pycache__"))
    readme = (package / "README.md").read_text(encoding="utf-8")
    file, line = re.findall(r"^```python\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    entities = package / "graph" / "entities"
    (entities / "administrative_unit.py").write_text(file, encoding="utf-8")
    registry = entities / "__init__.py"
    first = "from entra_emulator.graph.entities.app_management_policy"
    text = registry.read_text(encoding="utf-8")
    registry.write_text(text.replace(first, line + first, 1), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "tests.unit.emulator.new_entity_type"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), str(PROJECT)))},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "create": [201, "Berlin", "Public", None],
        "context": "directory/administrativeUnits/$entity",
        "create without a name": "400 Request_BadRequest: A value is required for property 'displayName' of "
        "resource 'AdministrativeUnit'.",
        "create with a wrong value": INVALID.format("visibility"),
        "create with an id": "400 Request_BadRequest: Property 'id' is read-only and cannot be set.",
        "create as a reader": DENIED,
        "list as another": DENIED,
        "list": ["Berlin", "Paris"],
        "get": ["@odata.context", "id", "deletedDateTime", "displayName", "description", "visibility"],
        "get a property": "Berlin",
        "get nothing": "404",
        "update": "204",
        "update as a reader": DENIED,
        "update without a name": INVALID.format("displayName"),
        "filter": ["North"],
        "filter by another": "400",
        "select": [["displayName"], ["displayName"]],
        "count": "2",
        "delta": ["Berlin", "Paris"],
        "snapshot": ["Berlin", "Paris"],
        "delete as a reader": DENIED,
        "delete": "204",
        "delta of the deletion": ["Paris"],
        "audit": [
            ["Add administrative unit", "Add", "AdministrativeUnit", ["DisplayName", NAMES]],
            ["Add administrative unit", "Add", "AdministrativeUnit", ["DisplayName", NAMES]],
            ["Update administrative unit", "Update", "AdministrativeUnit", ["Description", NAMES]],
            ["Delete administrative unit", "Delete", "AdministrativeUnit", []],
        ],
    }
