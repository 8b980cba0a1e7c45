"""Which live role or scope a label means: the table, row by row, and that it never gives one entry to two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from entra_config.kinds.entitlements import derived_id, ids, unclear
from entra_config.manifest.model import Application, Manifest
from entra_config.manifest.parts import AppRole, Scope
from tests.unit.plan.estates import manifest

MANIFEST = manifest()
ADOPTED = "0000aaaa-0000-4000-8000-000000000000"


def role(label: str, value: str | None = "", **more: Any) -> AppRole:
    """Make a role; its value is its label unless told otherwise."""
    return AppRole(label, label if value == "" else value, label, "Text.", ("User",), **more)


def scope(label: str, value: str = "", **more: Any) -> Scope:
    """Make a scope."""
    return Scope(label, value or label, label, "Text.", None, None, "admins", **more)


def api(*roles: AppRole, scopes: tuple[Scope, ...] = (), **more: Any) -> Application:
    """Make an application with these roles and scopes."""
    named = {each.label: each for each in roles}
    return Application("api", "api", {}, {each.label: each for each in scopes}, named, **more)


def own(label: str, number: int = 1, type_: str = "role", key: str = "api", of: Manifest = MANIFEST) -> str:
    """Return a derived id."""
    return derived_id(of, key, type_, label, number)


def live(**values: tuple[str, str]) -> dict[str, Any]:
    """Make what the tenant has: by any name, the id and value of a role."""
    return {
        "appRoles": [
            {"id": id_, "value": value, "displayName": name} for name, (id_, value) in values.items()
        ]
    }


CASES: Mapping[str, tuple[Application, dict[str, Any], dict[str, str]]] = {
    "1 an id wins over every value": (
        api(role("A", id=ADOPTED), role("B")),
        live(one=(ADOPTED, "B"), two=(own("B"), "A")),
        {"A": ADOPTED, "B": own("B")},
    ),
    "1 an id that is nowhere is kept for its label": (
        api(role("A", id=own("B")), role("B")),
        live(),
        {"A": own("B"), "B": own("B", 2)},
    ),
    "2 a value wins over the derived id": (
        api(role("A", "B"), role("B", "A")),
        live(one=(own("A"), "A"), two=(own("B"), "B")),
        {"A": own("B"), "B": own("A")},
    ),
    "2 an adopted one keeps its id": (api(role("A")), live(one=(ADOPTED, "A")), {"A": ADOPTED}),
    "3 the former label as value": (api(role("B", previously="A")), live(one=(ADOPTED, "A")), {"B": ADOPTED}),
    "3 a value wins over somebody's former label": (
        api(role("B", previously="A"), role("C", "A")),
        live(one=(ADOPTED, "A")),
        {"B": own("B"), "C": ADOPTED},
    ),
    "4 a value in another case": (api(role("Aa")), live(one=(ADOPTED, "aA")), {"Aa": ADOPTED}),
    "4 the value as it is written wins over another case": (
        api(role("Aa")),
        live(one=(own("Aa"), "aa"), two=(ADOPTED, "Aa")),
        {"Aa": ADOPTED},
    ),
    "4 another case wins over the derived id": (
        api(role("Aa")),
        live(one=(own("Aa"), "Z"), two=(ADOPTED, "AA")),
        {"Aa": ADOPTED},
    ),
    "4 the former label in another case": (
        api(role("B", previously="Aa")),
        live(one=(ADOPTED, "AA")),
        {"B": ADOPTED},
    ),
    "4 two in other cases are neither": (
        api(role("Aa")),
        live(one=(own("Aa"), "Z"), two=(ADOPTED, "AA"), three=(own("C"), "aa")),
        {"Aa": own("Aa")},
    ),
    "5 the derived id, whatever the value": (api(role("A", "Z")), live(one=(own("A"), "A")), {"A": own("A")}),
    "5 under the application's former key": (
        api(role("A", "Z"), previously="old"),
        live(one=(own("A", key="old"), "A")),
        {"A": own("A", key="old")},
    ),
    "5 of the former label": (
        api(role("B", "Z", previously="A")),
        live(one=(own("A"), "Y")),
        {"B": own("A")},
    ),
    "5 the newest of a series": (
        api(role("A", "Z")),
        live(one=(own("A"), "X"), two=(own("A", 2), "Y")),
        {"A": own("A", 2)},
    ),
    "6 a role without a value by its name": (
        api(role("Silent", None)),
        {"appRoles": [{"id": ADOPTED, "value": None, "displayName": "Silent"}]},
        {"Silent": ADOPTED},
    ),
    "new: a label used again has the next of its series": (
        api(role("A", "Root"), role("B", "A")),
        live(one=(own("A"), "A"), two=(own("B"), "B")),
        {"A": own("A", 2), "B": own("A")},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_table(name: str) -> None:
    """Each row decides what it says."""
    application, body, expected = CASES[name]

    assert ids(MANIFEST, application, body).roles == expected


def test_a_role_and_a_scope_of_one_value_share_one_id() -> None:
    """Whichever of both lives gives the id; new ones have the scope's."""
    both = api(role("Shared"), scopes=(scope("Shared"),))
    body = {"api": {"oauth2PermissionScopes": [{"id": ADOPTED, "value": "Shared"}]}}
    new, adopted = ids(MANIFEST, both, None), ids(MANIFEST, both, body)

    assert new.roles == new.scopes == {"Shared": own("Shared", type_="scope")}
    assert adopted.roles == adopted.scopes == {"Shared": ADOPTED}


def test_a_changed_value_of_an_adopted_role_asks_for_its_id() -> None:
    """Nothing else tells which role is meant; a role of ours, and a new one in an empty tenant, are clear."""
    changed = api(role("A", "Z", breaking=True))

    (found,) = unclear(MANIFEST, changed, live(one=(ADOPTED, "A")))
    assert found.candidates == (("A", ADOPTED),)
    assert unclear(MANIFEST, changed, live(one=(own("A"), "A"))) == []
    assert unclear(MANIFEST, changed, None) == []
    assert unclear(MANIFEST, api(role("A", "Z", breaking=True, id=ADOPTED)), live(one=(ADOPTED, "A"))) == []
