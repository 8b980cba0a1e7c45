"""The ids of an application's roles by label, and one name for each id."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.kinds import role_names
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.kinds.entitlement_stages import DEFAULT_ACCESS
from entra_config.manifest.model import Application, Manifest, RoleAssignees
from entra_config.manifest.parts import AppRole
from tests.unit.plan.estates import manifest as small


def role(id_: str, value: str | None, name: str) -> dict[str, Any]:
    """Return a live role."""
    return {"id": id_, "value": value, "displayName": name}


def manifest(*assigned: str) -> Manifest:
    """Return a manifest with an API of two roles, and roles to which somebody is assigned."""
    roles = {
        label: AppRole(label, value, label, "Text.", ("User",), id=id_)
        for label, value, id_ in (("Admin", "admin", "r1"), ("Silent", None, "r2"))
    }
    here = {(key, each): RoleAssignees(key, each) for key in ("api", "theirs") for each in assigned}
    api = Application("api", "api", {}, app_roles=roles)
    return replace(small(), applications={"api": api}, assignments=here)


BODY = {
    "appRoles": [
        role("r1", "other", "Admin"),
        role("r9-long-id", "Admin", "Old"),
        role("r8-long-id", "", "Gone"),
        {"id": "r7-long-id"},
    ]
}
THEIRS = {"appRoles": [role("t1", "Use", "Uses"), role("t2", None, "Reads"), role("t3", "Reads", "x")]}
DIRECTORY = Directory(
    "https://graph",
    live={
        "api": Live(Subject("api", BODY)),
        "theirs": Live(Subject("theirs", None, THEIRS, others=True)),
        "bare": Live(Subject("bare")),
    },
)


@pytest.mark.parametrize(
    ("key", "assigned", "expected"),
    [
        (
            "api",
            (),
            {
                "r1": "Admin",
                "r2": "Silent",
                "r9-long-id": "Admin@r9-long-",
                "r8-long-id": "Gone",
                "r7-long-id": "r7-long-id",
            },
        ),
        ("theirs", (), {"t1": "Use", "t2": "Reads", "t3": "Reads@t3"}),
        ("theirs", ("Uses", "Reads", "Never"), {"t1": "Uses", "t3": "Reads", "t2": "Reads@t2"}),
        ("theirs", ("Use", "Uses"), {"t1": "Use", "t2": "Reads", "t3": "Reads@t3"}),
        ("nowhere", ("Use",), {}),
    ],
)
def test_one_name_for_each_id(key: str, assigned: tuple[str, ...], expected: dict[str, str]) -> None:
    """The manifest's label where it has one; a name that is another's already has a piece of the id."""
    names = role_names.role_names(manifest(*assigned), DIRECTORY, key)
    assert names == {**expected, DEFAULT_ACCESS: "default"}


def test_what_the_manifest_calls_an_id() -> None:
    """Nothing where it has none, or the application is not ours."""
    found = [
        role_names.label_of(manifest(), DIRECTORY, key, id_)
        for key, id_ in (("api", "r1"), ("api", "r2"), ("api", "r9"), ("theirs", "t1"), ("nowhere", "t1"))
    ]
    assert found == ["Admin", "Silent", "", "", ""]
