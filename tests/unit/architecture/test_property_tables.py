"""What is known of a property of Graph's is in one table: no other module has a table of its own."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pytest

from entra_config.manifest.fields import properties
from entra_config.properties import BY_PATH, rows_of
from tests.unit.architecture.sources import ROOT, list_package, name_place, nodes, tree

# A list, set, dict or match of so many properties is a table.
MOST = 2
SCHEMA = ROOT / "manifests/entra-config.schema.json"
# Each names properties for a reason of its own: what is said there holds for these alone.
EXCEPTIONS = {
    "importing/terraform/arguments.py": "what Terraform's provider calls them, which two neighbours ask",
    "kinds/application.py": "four lists have entries with labels of their own; what is compared undeclared",
    "kinds/expansion.py": "the bodies of requests, of which two lists leave out what is read-only",
}
# Graph's type in its published schema → ours; a `Guid` and an `enum` are texts.
TYPES = {
    "String": "text",
    "Guid": "text",
    "enum": "text",
    "Boolean": "flag",
    "Int32": "whole",
    "object": "object",
}


def keys(node: Any) -> Iterator[str]:
    """Yield the keys that a manifest may have, without Graph's own properties."""
    if isinstance(node, dict):
        for name, inner in node.items():
            if name == "properties" and isinstance(inner, dict):
                yield from inner
            if "properties." not in name:
                yield from keys(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from keys(inner)


@cache
def paths() -> frozenset[str]:
    """Return the paths with a dot, and the names that no manifest and no other language has."""
    declared = set(keys(json.loads(SCHEMA.read_text(encoding="utf-8"))))
    published = {*properties.table("application"), *properties.table("servicePrincipal")}
    dotted = {path for path in {*BY_PATH, *published} if "." in path and "@" not in path}
    rows = rows_of("application", "servicePrincipal", "federatedIdentityCredential")
    names = {row.path.rpartition(".")[2] for row in rows}
    return frozenset(dotted | {name for name in names - declared if name != name.lower()})


@cache
def constants(path: Path) -> dict[str, str]:
    """Return the texts that a module gives a name, its own and those that it imports."""
    found: dict[str, str] = {}
    for node in tree(path).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("entra_"):
            module = ROOT / f"{str(node.module).replace('.', '/')}.py"
            theirs = constants(module) if module.exists() else {}
            found |= {
                each.asname or each.name: theirs[each.name] for each in node.names if each.name in theirs
            }
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            found |= {each.id: node.value.value for each in node.targets if isinstance(each, ast.Name)}
    return found


def tables(path: Path) -> Iterator[str]:
    """Yield the place of each literal, or `match`, of more properties than a module may name together."""
    named = constants(path)
    for node in nodes(path):
        parts: list[ast.AST | None] = []
        if isinstance(node, ast.Dict):
            parts = [*node.keys, *node.values]
        elif isinstance(node, ast.Set | ast.Tuple | ast.List):
            parts = [*node.elts]
        elif isinstance(node, ast.Match):
            parts = [each for case in node.cases for each in ast.walk(case.pattern)]
        texts = {
            part.value if isinstance(part, ast.Constant) else named.get(part.id, "")
            for part in parts
            if isinstance(part, ast.Constant | ast.Name)
        }
        found = sorted(paths() & texts)
        if len(found) > MOST:
            yield f"{name_place(path)}: {', '.join(found)}"


def test_no_other_module_has_a_table_of_properties() -> None:
    """A fact about a property is a column of the table, so a new property is right everywhere."""
    found = [
        place
        for package in ("entra_config", "entra_fleet")
        for path in list_package(package)
        if name_place(path) != "properties.py"
        for place in tables(path)
    ]
    assert [place for place in found if place.partition(":")[0] not in EXCEPTIONS] == []
    assert {place.partition(":")[0] for place in found} == EXCEPTIONS.keys()


@pytest.mark.parametrize("entity", ["application", "servicePrincipal"])
def test_the_table_agrees_with_graphs_schema(entity: Literal["application", "servicePrincipal"]) -> None:
    """A value is of the type that Graph publishes, and what nobody writes is not in a manifest."""
    published = properties.table(entity)
    rows = [row for row in rows_of(entity) if row.path in published]
    for row in rows:
        shape = published[row.path]
        if type_ := shape.get("type"):
            one = TYPES[type_]
            assert row.type == (f"{one}s" if shape.get("collection") else one), row.path
        elif row.of == entity and row.path != "logo":
            assert row.cls in {"", "watched"}, row.path
    assert len(rows) > 10
