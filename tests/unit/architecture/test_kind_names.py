"""Kinds are named by themselves alone, and no room tells them apart by name."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator

import pytest

from entra_config.kinds.table import KINDS
from tests.unit.architecture.sources import list_files, name_place, nodes

NAMES = {kind.name for kind in KINDS}
# Those that own the names, the stranger and the table whose names are Graph's, and what translates between
# the two.
OWN = ("kinds/", "entra_emulator/", "emulator_labels/", "properties.py")
# `application` and `owner` are words of other things as well: of them only what is told apart is looked at.
WORDS = {"application", "owner"}
# A key of the manifest is called as a kind is: who reads it, and who writes it.
KEY, READ_OR_WRITE = "enterpriseApplication", ("manifest/", "importing/application.py")
# Where a kind's name stands in an address or beside a `.kind`, and why.
NAMED = {
    "manifest/environments/placeholders.py: Address('application', key)": "a placeholder says which",
    "report/drift_wording.py: who.kind": "of who did something",
    "lint/power.py: permission.kind == 'application'": "of a permission, delegated or application",
    "lint/power.py: each.kind == 'application'": "of a permission, delegated or application",
    "lint/rules/permission_app_where_delegated.py: each.kind == 'application'": "the same",
    "lint/rules/permission_unconsented.py: each.kind == 'application'": "the same",
}


def others() -> Iterator[tuple[str, ast.AST]]:
    """Yield each node of the files that own no kind, with the file's place."""
    for path in list_files():
        place = name_place(path)
        if not place.startswith(OWN):
            yield from ((place, node) for node in nodes(path))


def test_kinds_are_named_by_themselves_alone() -> None:
    """Nobody else says a word that is nothing but a kind's name."""
    said = {(place, node.value) for place, node in others() if isinstance(node, ast.Constant)}
    naming = {(place, word) for place, word in said if word in NAMES - WORDS}

    assert {each for each in naming if each[1] != KEY or not each[0].startswith(READ_OR_WRITE)} == set()
    assert naming


def reported_apart(places: Iterable[tuple[str, ast.AST]]) -> Iterator[str]:
    """Yield each address made of a kind's name, and each `.kind` that is held against one: as it is
    written, or by a constant of any module.
    """
    places = tuple(places)
    constants = {
        name.id
        for _, node in places
        if isinstance(node, ast.Assign) and says(node.value)
        for name in node.targets
        if isinstance(name, ast.Name)
    }
    for place, node in places:
        match node:
            case ast.Call(func=ast.Name("Address") | ast.Attribute(attr="Address")):
                held, against = [ast.Attribute(attr="kind")], [*node.args[:1], *node.keywords]
            case ast.Compare():
                held, against = [node.left, *node.comparators], [node.left, *node.comparators]
            case ast.Match():
                held, against = [node.subject], [case.pattern for case in node.cases]
            case ast.Subscript():
                held, against = [node.slice], [node.value]
            case _:
                continue
        of_kind = any(
            isinstance(inner, ast.Attribute) and inner.attr == "kind"
            for each in held
            for inner in ast.walk(each)
        )
        if of_kind and any(says(inner, constants) for each in against for inner in ast.walk(each)):
            yield f"{place}: {ast.unparse(node.subject if isinstance(node, ast.Match) else node)}"


def says(node: ast.AST, constants: Collection[str] = ()) -> bool:
    """Tell whether a node is a kind's name, or one of the constants that are."""
    match node:
        case ast.Constant(value):
            return isinstance(value, str) and value in NAMES
        case ast.Name(name) | ast.Attribute(attr=name):
            return name in constants
    return False


def test_no_room_tells_kinds_apart_by_name() -> None:
    """What it needs to know, the kind says, or the type of a resource's facts."""
    assert {*reported_apart(others())} == {*NAMED}


@pytest.mark.parametrize(
    "written",
    [
        "Address('owner', key)",
        "Address(kind='owner', key=key)",
        "resource.Address(held.APPLICATION, key)",
        "change.before.address.kind == APPLICATION",
        "change.before.address.kind in {'application', 'owner'}",
        "'application' != address_of(change).kind",
        "{'owner': 1}[place.kind]",
        "match ref.address.kind:\n    case 'a' | 'application':\n        pass",
    ],
)
def test_a_kind_that_is_told_apart_is_seen(written: str) -> None:
    """In each way to write it."""
    walked = ast.walk(ast.parse(f"APPLICATION = 'application'\n{written}"))

    assert len([*reported_apart(("here", node) for node in walked)]) == 1
