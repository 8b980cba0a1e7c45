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
# The row that the tool has of one of them.
KNOWN = '    Property("parentalControlSettings.legalAgeGroupRule", "text", default="Allow"),\n'


def test_four_rows_are_enough(tmp_path: Path) -> None:
    """Plan, apply, lint, drift, import and schema, the reference and the hosts of a fleet know a flag,
    a list of entries, an address and a text by their rows alone: noun, risk, rule, place and who did it.
    """
    for package in ("entra_config", "entra_emulator", "entra_fleet"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    table = tmp_path / "entra_config/properties.py"
    text = table.read_text(encoding="utf-8")
    start = "PROPERTIES = (\n"
    assert start in text
    assert KNOWN in text
    table.write_text(text.replace(KNOWN, "").replace(start, f"{start}{ROWS}"), encoding="utf-8")
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
    bodies = json.dumps(found.pop("bodies"))
    assert all(text in bodies for text in ("isDeviceOnlyAuthSupported", FIRST, "Allow", "a.example"))
    assert "tenant-user-consent" in found.pop("lint")
    # The log proves who wrote a value; of a list and an object it has the people who may have.
    maybe = ["alice@contoso.com", "Emulator deployer"]
    assert found == {
        "effects": [
            ["flow", "medium", "any: isDeviceOnlyAuthSupported: true"],
            ["offer", "medium", f"any: {FIRST}"],
            ["setting", "medium", f'any (enterprise application): {RELAY}: "https://a.example/start"'],
        ],
        "apply": 0,
        "again": [],
        "read": [True, [FIRST]],
        "drift": [
            [f"add-in {SECOND} added to any", "medium", "add-in-added", 10, *maybe],
            [
                "isDeviceOnlyAuthSupported of any changed",
                "medium",
                "is-device-only-auth-supported-changed",
                9,
                "alice@contoso.com",
            ],
            [f"{PROSE} of any changed", "low", "parental-control-settings-legal-age-group-rule-changed", 11],
            [
                f"{RELAY} of any changed",
                "medium",
                "saml-single-sign-on-settings-relay-state-changed",
                12,
                *maybe,
            ],
        ],
        "imported": 0,
        "kept": {
            "isDeviceOnlyAuthSupported": True,
            "addIns": [{"id": FIRST, "type": "one", "properties": []}],
            "parentalControlSettings": {"legalAgeGroupRule": "Allow"},
        },
        "schema": [True, True],
        "prose": True,
        "hosts": ["https://a.example"],
        "documented": [True, True, True, True],
    }
