"""How the engine's code reads: what is known is said in types, and never read out of words again."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE, FLEET = ROOT / "entra_config", "entra_fleet"
PARSING = {
    "split", "rsplit", "partition", "rpartition", "removeprefix", "removesuffix", "startswith", "endswith",
    "replace",
}  # fmt: skip
SAID = {"key", "title", "noun", "label", "display_name", "application_key"}
# The words of manifests are there to be read, and the emulator's package reads those of requests.
READ = {"manifest"}
ROOMS = {
    place.name
    for place in PACKAGE.iterdir()
    if (place.suffix == ".py" or (place / "__init__.py").exists()) and place.name not in READ
} | {FLEET}
# Whose work grows with the estate.
GROWING = {
    "kinds", "plan", "apply", "actual", "checks", "drift", "report", "states.py", "reconcile.py",
    "identity.py", "claimants.py", "pinning", "resource.py", "importing", "settings",
    f"{FLEET}/report",
}  # fmt: skip


def sources(rooms: set[str], pattern: str) -> Iterator[tuple[str, ast.Module]]:
    """Yield each module of some rooms that has a pattern, by its path in `entra_config` or the repository."""
    for room in sorted(rooms):
        top = ROOT if room.startswith(FLEET) else PACKAGE
        place = top / room
        for path in sorted(place.rglob("*.py")) if place.is_dir() else (place,):
            if re.search(pattern, text := path.read_text(encoding="utf-8")):
                yield path.relative_to(top).as_posix(), ast.parse(text)


def said(node: ast.expr) -> bool:
    """Tell whether it is a key, a title or the like: of something, or by itself."""
    return (isinstance(node, ast.Attribute) and node.attr in SAID) or (
        isinstance(node, ast.Name) and node.id in SAID
    )


def parsed_back(tree: ast.Module) -> Iterator[int]:
    """Yield the line of each call that takes a key, a title or the like apart."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        held = node.func.value
        taken_apart = said(held) and node.func.attr in PARSING
        pattern = isinstance(held, ast.Name) and held.id == "re"
        if taken_apart or (pattern and any(map(said, node.args))):
            yield node.lineno


# Who reads something out of one all the same, and why nothing goes wrong.
READ_BACK = {
    "bootstrap/declared.py": "of a manifest that it wrote, whose keys it chose",
    "entra_fleet/groups/classes.py": "takes an id off the end, which the facts know, and compares the rest",
    "importing/grouping.py": "nothing is read: the words that keys have in common are the key of a group",
    "settings/values.py": "nothing is read: a label becomes a part of a variable's name",
}


def test_keys_and_titles_are_never_read_back() -> None:
    """What is in them is known by the kind's facts: a name may hold whatever separates the parts of a key."""
    having = rf"\b(?:{'|'.join(SAID)})\b"
    found = {name for name, tree in sources(ROOMS, having) if any(parsed_back(tree))}
    planted = ast.parse(
        'a = resource.address.key.split("/")\nb = re.split(r"[/:]", address.key)\nc = '
        'each.noun.startswith("o")\nd = key.partition("/")'
    )

    assert found == {*READ_BACK}
    assert {"cli", FLEET, "lint", "importing", "settings", "credentials", "reconcile.py"} <= ROOMS
    assert list(parsed_back(planted)) == [1, 2, 3, 4]


def made_to_look_up(tree: ast.Module) -> Iterator[int]:
    """Yield the line of each `in` whose right side is put together for it: in a loop that is work for
    every pair.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            for operator, right in zip(node.ops, node.comparators, strict=True):
                united = isinstance(right, ast.BinOp) and isinstance(right.op, ast.BitOr | ast.Add)
                unpacked = isinstance(right, ast.Set | ast.List | ast.Tuple) and any(
                    isinstance(each, ast.Starred) for each in right.elts
                )
                if isinstance(operator, ast.In | ast.NotIn) and (united or unpacked):
                    yield node.lineno


def test_no_collection_is_made_to_look_one_thing_up() -> None:
    """A set of all applications that is made for each of them is the square of them, and no count of lines
    shows it.
    """
    found = [f"{name}:{line}" for name, tree in sources(GROWING, r"\bin\b") for line in made_to_look_up(tree)]
    planted = ast.parse(
        "a = [x for x in y if x in {*p, *q}]\nb = k not in m.listed | m.unmanaged\nc = x in {1, "
        "2}\nd = x in p + q"
    )

    assert found == []
    assert sorted(made_to_look_up(planted)) == [1, 2, 4]
