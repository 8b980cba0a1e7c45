"""A new property is a row of the table: in a copy of the packages four are added, and nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.unit.new_properties import FIRST, PATHS, PROSE, SECOND

ROOT = Path(__file__).parents[2]
RELAY = PATHS[2]
ROWS = """
    Property("isDeviceOnlyAuthSupported", "flag", cls="free", read="application", risk="flow", closed=False,
             logged="IsDeviceOnlyAuthSupported"),
    Property("addIns", "objects", cls="free", read="application", identity="id", risk="offer", noun="add-in",
             logged="AddIns"),
    Property("samlSingleSignOnSettings.relayState", "text", "servicePrincipal", cls="free", address=True,
             logged="SamlSingleSignOnSettings", on_principal="SamlSingleSignOnSettings"),
    Property("parentalControlSettings.legalAgeGroupRule", "text", cls="free", risk="text", text="prose"),
"""


def test_four_rows_are_enough(tmp_path: Path) -> None:
    """Plan, requests, apply, import, lint of a tenant, drift and the fleet's hosts know a flag, a list of
    entries, an address and a text by their rows alone.
    """
    for package in ("entra_config", "entra_emulator", "entra_fleet"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    table = tmp_path / "entra_config/properties.py"
    text = table.read_text(encoding="utf-8")
    start = "PROPERTIES = (\n"
    assert start in text
    table.write_text(text.replace(start, f"{start}{ROWS}"), encoding="utf-8")
    folder = tmp_path / "manifests"
    folder.mkdir()
    paths = f"{tmp_path}{os.pathsep}{ROOT}"
    done = subprocess.run(
        [sys.executable, "-P", "-m", "tests.unit.new_properties", str(folder)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    effects, drift = found.pop("effects"), found.pop("drift")
    assert effects == [
        ["flow", "any: isDeviceOnlyAuthSupported: true"],
        ["offer", f"any: {FIRST}"],
        ["setting", f'any (enterprise application): {RELAY}: "https://a.example/start"'],
    ]
    assert [each[:2] for each in drift] == [
        [f"add-in {SECOND} added to any", "offer"],
        ["isDeviceOnlyAuthSupported of any changed", "lost"],
        [f"{PROSE} of any changed", "text"],
        [f"{RELAY} of any changed", "setting"],
    ]
    # Of a value the log proves who wrote it; of a list and an object it has the people who may have.
    assert [each[2].startswith("by alice@contoso.com") for each in drift] == [False, True, False, False]
    assert ["alice@contoso.com" in each[2] for each in drift] == [True, True, False, True]
    assert found == {
        "sent": [True, True, True, True],
        "again": [],
        "read": [True, [FIRST]],
        "kept": {
            "isDeviceOnlyAuthSupported": True,
            "addIns": [{"id": FIRST, "type": "one", "properties": []}],
            "parentalControlSettings": {"legalAgeGroupRule": "Allow"},
        },
        "prose": True,
        "hosts": ["https://a.example"],
        "documented": [True, True, True, True],
    }
