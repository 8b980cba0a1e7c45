"""A manifest as a value: what its properties say, and what becomes of it where an environment goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from entra_config.errors import Position
from entra_config.manifest.model import Given, Named, RoleAssignees
from entra_config.manifest.parts import FederatedCredential
from entra_config.manifest.policy import Acknowledged, Removed
from entra_config.manifest.published.starter import title
from entra_config.manifest.sinks import DeclaredSecret
from entra_config.manifest.targets import Targets
from tests.unit.manifest.conftest import TENANT, Load, Problems
from tests.unit.manifest.declared import EXTERNAL, OWN

TEXT = "applications: { api: { type: api, displayName: API } }\n"
OURS = RoleAssignees("api", "Person", users=(Named("a@b.example"),))
TAKEN = RoleAssignees("gallery", "Any")
LEFT = RoleAssignees("gallery", "More", additive=True)


def test_a_manifest_that_says_little(load: Load) -> None:
    """Nothing is protected, pinned, assigned or left out unless something says so."""
    found = load(TEXT)
    plain = {
        "project": "myapp",
        "environment": "dev",
        "owner": "myapp/dev",
        "chosen": "-e dev",
        "tenant_id": TENANT,
        "protected": False,
        "deployers": None,
        "assignments": {},
        "grants": (),
        "listed": frozenset(),
        "unmanaged": frozenset(),
        "removed": {},
        "excluded": (),
        "pinned": {},
        "accepted": {},
        "rotated": {},
        "renamed": {},
        "rejected": frozenset(),
        "acknowledged": {},
        "environments": 1,
        "path_restrictions": {},
        "sinks": {},
        "fleet_tenant": "",
        "authority": "",
        "own_domains": (),
        "root": "entra-config.yaml",
    }

    assert {key: getattr(found, key) for key in plain} == plain
    assert replace(found, fleet_tenant="t").chosen == "-e dev --tenant NAME"


def test_what_is_assigned_is_found_by_application(load: Load) -> None:
    """By its roles; of one that nothing is said of there is nobody."""
    held = {("api", "Person"): OURS, ("gallery", "Any"): TAKEN, ("gallery", "More"): LEFT}
    found = replace(load(TEXT), assignments=held)

    assert found.assigned("gallery") == {"Any": TAKEN, "More": LEFT}
    assert found.assigned("client") == {}


def test_an_environment_that_is_destroyed(load: Load) -> None:
    """Its applications leave and are deleted; of others', what it listed is taken and what it added left."""
    gone = {"old": Removed("old", destroy=False)}
    before = replace(
        load(TEXT),
        assignments={("api", "Person"): OURS, ("gallery", "Any"): TAKEN, ("gallery", "More"): LEFT},
        grants=(Given(Named("HR"), "gallery"),),
        removed=gone,
        listed=frozenset({"api"}),
    )

    assert before.destroyed() == replace(
        before,
        applications={},
        grants=(),
        assignments={
            ("gallery", "Any"): replace(TAKEN, fate="taken"),
            ("gallery", "More"): replace(LEFT, fate="left"),
        },
        listed=frozenset({"gallery"}),
        removed={**gone, "api": Removed("api", destroy=True, position=Position("entra-config.yaml", 3, 17))},
    )


def test_an_environment_from_before(load: Load) -> None:
    """Nothing is declared in it, and its name, tenant and policy are the same."""
    empty = load(TEXT)
    full = replace(
        empty,
        enterprise_applications=EXTERNAL,
        assignments={("api", "Person"): OURS},
        grants=(Given(Named("HR"), "gallery"),),
        removed={"old": Removed("old", destroy=False)},
        settings=Targets("out"),
        excluded=("x",),
        listed=frozenset({"api"}),
        unmanaged=frozenset({"client"}),
        acknowledged={"api": ()},
    )

    assert full.undeployed() == replace(empty, applications={}, settings=Targets())


def test_what_is_acknowledged_until_a_day(load: Load) -> None:
    """Its roles and scopes, until the end of that day."""
    one = Acknowledged("1", frozenset({"r"}), frozenset({"s"}), date(2027, 1, 31))
    found = replace(load(TEXT), acknowledged={"api": (one, Acknowledged("2", frozenset({"t"})))})
    last = datetime(2027, 1, 31, 23, 59, tzinfo=UTC)

    held = {("1", "application", "r"), ("1", "delegated", "s"), ("2", "application", "t")}
    assert found.acknowledged_at("api", last) == held
    assert found.acknowledged_at("api", last + timedelta(minutes=1)) == {("2", "application", "t")}
    assert found.acknowledged_at("client", last) == frozenset()


def test_what_an_application_signs_in_with() -> None:
    """Secrets and key pairs that are made anew, and whether an expression is among what federates it."""
    day = timedelta(days=1)
    secret, pair = DeclaredSecret("a", "s", day, day), DeclaredSecret("b", "s", day, day, type="certificate")
    plain, flexible = FederatedCredential("x", "i", "s"), FederatedCredential("y", "i", "", expression="e")
    application = replace(OWN["client"], secrets={"a": secret}, generated={"b": pair})

    assert application.rotating == {"a": secret, "b": pair}
    assert not application.flexible
    assert not replace(application, federated_credentials={"x": plain}).flexible
    assert replace(application, federated_credentials={"x": plain, "y": flexible}).flexible


def test_who_is_assigned_is_known_by_type() -> None:
    """Where nothing is said of applications, none are among them."""
    assert OURS.by_type == (("user", OURS.users), ("group", ()), ("servicePrincipal", ()))
    assert replace(OURS, service_principals=(Named("HR"),)).applications == (Named("HR"),)


@pytest.mark.parametrize(("project", "expected"), [("myapp", "Myapp"), ("myApp-x", "MyApp-x"), ("a", "A")])
def test_a_project_has_a_title(project: str, expected: str) -> None:
    """Its name with a capital letter."""
    assert title(project) == expected


ID = "5c1b2f7e-0000-4000-8000-00000000000a"


def test_a_lock_file_of_another_tenant(load: Load, problems: Problems) -> None:
    """It is noted where the environment says its tenant; the right one's pins are read."""
    file = Path("entra-config.dev.lock.yaml")
    text = f"tenantId: {{}}\napplications: {{{{ api: {{{{ appId: {ID} }}}} }}}}\n"
    file.write_text(text.format(ID), encoding="utf-8")
    assert problems(TEXT) == [f"entra-config.yaml:2:22: the lock file {file} is of tenant {ID}"]

    file.write_text(text.format(TENANT), encoding="utf-8")
    found = load(TEXT)
    assert (found.pinned, found.accepted, found.rotated) == ({"api": ID}, {ID: frozenset()}, {ID: {}})
