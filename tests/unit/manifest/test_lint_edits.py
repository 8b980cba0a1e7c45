"""What a change makes lint silent of is told among the guards that it lowers: the comments of a pull request list it."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.manifest import edits, loader
from entra_config.manifest.environments.pins import Lock
from tests.unit.manifest.conftest import TENANT

IGNORE = "# entra-config: ignore[token-v1]"
HEAD = f"project: p\nenvironments: {{ dev: {{ tenantId: {TENANT} }} }}\n"


def reported(before: str, after: str) -> list[str]:
    """Write two sides of a manifest and return the guards that the second lowers."""
    sides = []
    for name, text in (("before", before), ("after", after)):
        folder = Path(name)
        folder.mkdir()
        (folder / "entra-config.yaml").write_text(HEAD + text, encoding="utf-8")
        sides.append((loader.load(folder), Lock()))
    return [guard.text for guard in edits.between(*sides).guards]


@pytest.mark.parametrize(
    ("before", "after", "guards"),
    [
        ("", f"{IGNORE} because x\n", ["lint is silent of token-v1 in entra-config.yaml because x"]),
        (
            "",
            f"{IGNORE} until 2027-01-31\n",
            ["lint is silent of token-v1 in entra-config.yaml until 31 Jan 2027, and nobody says why"],
        ),
        (f"{IGNORE} because x\n", f"\n\n{IGNORE} because x\n", []),
        (
            f"{IGNORE} because x\n",
            f"{IGNORE} because x\n" * 2,
            ["lint is silent of token-v1 in entra-config.yaml because x"],
        ),
        (f"{IGNORE} because x\n", "", []),
        (
            "",
            "policy: { lint: { domains: [example.com] } }\n",
            ["`policy.lint`: hosts below example.com count as the project's own"],
        ),
        (
            "policy: { lint: { locked: [a] } }\n",
            "policy: { lint: { locked: [] } }\n",
            ["`policy.lint`: comments may silence a"],
        ),
        (
            "policy: { lint: { rules: { r: { days: 30 } } } }\n",
            "policy: { lint: { rules: { r: { severity: off, applications: [a], because: x } } } }\n",
            ["`policy.lint`: r days 30 → severity off, applications a, because x"],
        ),
        ("policy: { lint: { rules: { r: { most: 0 } } } }\n", "", ["`policy.lint`: r most 0 → as ever"]),
    ],
)
def test_what_lint_is_silent_of_is_told(folder: Path, before: str, after: str, guards: list[str]) -> None:
    """Each comment once, wherever it moves to; each rule whose options change."""
    assert reported(before, after) == guards
