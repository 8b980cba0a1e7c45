"""How the engine's code reads: what is known is said in types, and never read out of words again."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "entra_config"
PARSING = {
    "split", "rsplit", "partition", "rpartition", "removeprefix", "removesuffix", "startswith", "endswith", "replace",
}  # fmt: skip
SAID = {"key", "title", "noun", "label", "display_name", "application_key"}
# What people type (a role as APP/ROLE), and the words of manifests and of Graph, are read elsewhere.
ROOMS = (
    "kinds", "plan", "apply", "actual", "checks", "drift", "report", "states.py", "reconcile.py", "identity.py",
    "claimants.py", "pinning.py", "resource.py",
)  # fmt: skip


def sources(*rooms: str) -> Iterator[tuple[str, ast.Module]]:
    """Yield each module of some rooms, by its path in the package."""
    for room in rooms:
        place = PACKAGE / room
        for path in sorted(place.rglob("*.py")) if place.is_dir() else (place,):
            yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def parsed_back(tree: ast.Module) -> Iterator[int]:
    """Yield the line of each call that takes a key, a title or the like apart."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        held = node.func.value
        attribute = isinstance(held, ast.Attribute) and held.attr in SAID and node.func.attr in PARSING
        pattern = isinstance(held, ast.Name) and held.id == "re"
        by_pattern = pattern and any(isinstance(each, ast.Attribute) and each.attr in SAID for each in node.args)
        if attribute or by_pattern:
            yield node.lineno


def test_keys_and_titles_are_never_read_back() -> None:
    """What is in them is known by the kind's facts: a name may hold whatever separates the parts of a key."""
    found = [f"{name}:{line}" for name, tree in sources(*ROOMS) for line in parsed_back(tree)]
    planted = ast.parse('a = resource.address.key.split("/")\nb = re.split(r"[/:]", address.key)\nc = each.noun.startswith("o")')

    assert found == []
    assert list(parsed_back(planted)) == [1, 2, 3]
