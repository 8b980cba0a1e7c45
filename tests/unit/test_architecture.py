"""What the architecture promises of the code, read out of the code."""

from __future__ import annotations

import ast
import re
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "entra_config"


def imported(path: Path) -> set[str]:
    """Return the modules of the package that a file imports when it runs, wherever in it; annotations alone do not count."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or id(node) in skipped or not (node.module or "").startswith("entra_config"):
            continue
        for alias in node.names:
            whole = f"{node.module}.{alias.name}"
            is_module = (PACKAGE.parent / f"{whole.replace('.', '/')}.py").exists()
            found.add(whole if is_module else str(node.module))
    return found


def test_the_pipeline_reads_in_fifteen_modules() -> None:
    """`reconcile.py` names the rooms of the pipeline and nothing of their furniture."""
    rooms = imported(PACKAGE / "reconcile.py")

    assert {name.split(".")[1] for name in rooms} == {"states", "actual", "checks", "kinds", "plan", "apply", "errors"}
    assert len(rooms) <= 15


SUPPRESSED = re.compile(
    r"#\s*(?:noqa(?::\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)?|type:\s*ignore(?:\[[\w, -]+\])?|nosec\b|pragma:\s*no cover)(?P<reason>.*)"
)


def test_whoever_silences_a_checker_says_why() -> None:
    """Behind each `noqa`, `type: ignore` and the like stands a reason; nothing is switched off for a whole file."""
    root = PACKAGE.parent
    bare = [
        f"{path.relative_to(root)}:{number}"
        for folder in ("entra_config", "api", "bench", "dev", "tools", "tests", "examples")
        for path in sorted((root / folder).rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (found := SUPPRESSED.search(line)) and len(found["reason"].strip(" #,-:")) < 3
    ]

    assert bare == []
