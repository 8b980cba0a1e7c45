"""Schema extensions: who defines which, what may be changed, who finds and who deletes them."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.callers import Caller
from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import World

PATH = "/schemaExtensions"
OTHER = "0e000000-0000-4000-8000-000000000001"
SENT = {"id": "courses", "targetTypes": ["User"], "properties": [{"name": "size", "type": "integer"}]}
TYPED = [{"name": "size", "type": "Integer"}]
TARGETS = ["administrativeUnit", "application", "contact", "device", "event", "group", "message",
           "organization", "post", "todoTask", "todoTaskList", "user"]  # fmt: skip
NAMESPACE = (
    "400 Request_BadRequest: Your organization must own the namespace {} as a part of one of the verified "
    "domains."
)
DENIED = "403 Authorization_RequestDenied: "
NO_PRIVILEGE = f"{DENIED}Insufficient privileges to complete the operation."
NO_WRITE = f"{DENIED}Cannot perform this extension schema write operation."
INVALID = "400 Request_BadRequest: Invalid value specified for property '{}' of resource 'SchemaExtension'."
MISSING = "400 Request_BadRequest: A value is required for property '{}' of resource 'SchemaExtension'."
SCOPE = "Application.ReadWrite.All"


def definition(**properties: Any) -> Row:
    """Return a definition as the directory holds it."""
    held = {"id": "contoso_courses", "description": "d", "owner": seed.ADMIN_APP_ID, "properties": TYPED}
    return {**held, "status": "InDevelopment", "targetTypes": ["User"]} | properties


def world(*rows: Row) -> World:
    """Return a world in which Contoso holds these definitions, and an application that Alice owns."""
    made = World()
    owned = made.app("Owned", app_id=OTHER)
    made.tenant.owners.add(owned["id"], made.user("alice")["id"])
    for row in rows:
        made.tenant.tables["schemaExtensions"].put(row)
    return made


def caller(made: World, who: str) -> Caller:
    """Return the admin application, Alice through it, Bob through it, or Alice through her own."""
    if who == "app":
        return made.as_app()
    name, _, through = who.partition(" ")
    return made.as_user(name, SCOPE, app_id=OTHER if through else seed.ADMIN_APP_ID)


@pytest.mark.parametrize(
    ("who", "owner", "expected"),
    [
        ("app", None, "201"),
        ("app", seed.ADMIN_APP_ID.upper(), "201"),
        ("app", OTHER, "201"),
        ("app", "0e000000-0000-4000-8000-00000000000f", NO_PRIVILEGE),
        ("alice", OTHER.upper(), "201"),
        ("alice through", None, "201"),
        ("alice", None, NO_PRIVILEGE),
        ("bob", OTHER, NO_PRIVILEGE),
        ("bob", "0e000000-0000-4000-8000-00000000000f", NO_PRIVILEGE),
    ],
)
def test_who_may_define_one(who: str, owner: str | None, expected: str) -> None:
    """Hold that a user defines for applications that she owns, an application for any of the tenant."""
    made = world()
    sent = SENT | ({"owner": owner} if owner else {})
    assert made.short("POST", PATH, sent, caller=caller(made, who)) == expected
    owners = [row["owner"] for row in made.tenant.tables["schemaExtensions"]]
    by = OTHER if who == "alice through" else seed.ADMIN_APP_ID
    assert owners == ([(owner or by).lower()] if expected == "201" else [])


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"id": None}, MISSING.format("id")),
        ({"id": ""}, MISSING.format("id")),
        ({"properties": []}, MISSING.format("properties")),
        ({"targetTypes": []}, MISSING.format("targetTypes")),
        ({"id": "1courses"}, INVALID.format("id")),
        ({"id": "contoso_"}, INVALID.format("id")),
        ({"id": "contoso_a-b"}, INVALID.format("id")),
        ({"id": "CONTOSO_c1"}, "201"),
        ({"id": "contoso.com_c1"}, NAMESPACE.format("contoso.com")),
        ({"id": "onmicrosoft_c1"}, NAMESPACE.format("onmicrosoft")),
        ({"status": "InDevelopment"}, "201"),
        ({"status": "Available"}, INVALID.format("status")),
        ({"targetTypes": ["USER", "todotask"]}, "201"),
        ({"targetTypes": TARGETS}, "201"),
        ({"targetTypes": ["User", "servicePrincipal"]}, INVALID.format("targetTypes")),
        ({"properties": [{"name": "a", "type": "LargeInteger"}]}, INVALID.format("properties")),
        ({"properties": [{"name": "a", "type": None}]}, INVALID.format("properties")),
        ({"properties": [{"name": None, "type": "String"}]}, INVALID.format("properties")),
        ({"properties": [{"name": "a_b", "type": "String"}]}, INVALID.format("properties")),
        ({"properties": [*TYPED, {"name": "SIZE", "type": "String"}]}, INVALID.format("properties")),
        ({"properties": [*TYPED, {"name": "a b", "type": "String"}]}, INVALID.format("properties")),
        ({"properties": [*TYPED, {"name": "b", "type": "Text"}]}, INVALID.format("properties")),
        ({"owner": seed.ADMIN_APP_ID, "more": 1}, "400 Request_BadRequest: Invalid property 'more'."),
    ],
)  # fmt: skip
def test_what_may_be_defined(sent: dict[str, Any], expected: str) -> None:
    """Hold what a name, a state, targets and properties may be."""
    assert world().short("POST", PATH, SENT | sent) == expected


def test_domains_below_which_names_are_given() -> None:
    """Hold that the name has to be that of a verified domain directly below a public one."""
    made = world()
    for domain in ("sub.tailspin.org", "tailspin.org", "wingtip.de", "litware.com.br"):
        made.tenant.choices = made.tenant.choices.with_domain(domain)
    for name, status in (("tailspin_a", 201), ("sub_a", 400), ("wingtip_a", 400), ("litware_a", 400)):
        assert made.send("POST", PATH, SENT | {"id": name}).status == status


@pytest.mark.parametrize("elsewhere", [False, True])
def test_names_are_taken_everywhere(elsewhere: bool) -> None:
    """Hold that no two tenants have definitions of the same name, whatever its case."""
    made = world()
    row = definition(id="contoso_Courses", owner=OTHER)
    (made.other if elsewhere else made.tenant).tables["schemaExtensions"].put(row)
    text = "400 Request_BadRequest: Another object with the same value for property id already exists."
    assert made.short("POST", PATH, SENT | {"id": "contoso_courses"}) == text
    assert made.short("POST", PATH, SENT | {"id": "contoso_course"}) == "201"


MORE = [*TYPED, {"name": "kind", "type": "string"}]


@pytest.mark.parametrize(
    ("sent", "after"),
    [
        ({"description": "other"}, {"description": "other"}),
        ({"description": None}, {"description": None}),
        ({"properties": MORE}, {"properties": [*TYPED, {"name": "kind", "type": "String"}]}),
        ({"targetTypes": ["Group", "User"]}, {"targetTypes": ["Group", "User"]}),
        ({"status": "Available"}, {"status": "Available"}),
        ({"status": "InDevelopment", "id": "contoso_courses"}, {}),
        ({"owner": seed.ADMIN_APP_ID.upper()}, {}),
        ({"owner": OTHER}, {}),
        ({"status": "Deprecated"}, INVALID.format("status")),
        ({"id": "other"}, "400 Request_BadRequest: Property 'id' is read-only and cannot be set."),
        ({"properties": MORE[1:]}, INVALID.format("properties")),
        ({"properties": []}, INVALID.format("properties")),
        ({"properties": [{"name": "size", "type": "String"}]}, INVALID.format("properties")),
        ({"targetTypes": ["Group"]}, INVALID.format("targetTypes")),
        ({"targetTypes": []}, INVALID.format("targetTypes")),
    ],
)
def test_changes_add(sent: dict[str, Any], after: str | dict[str, Any]) -> None:
    """Hold that properties and targets are added alone, and that states follow one another."""
    row = definition()
    made = world(row)
    expected = after if isinstance(after, str) else "204"
    assert made.short("PATCH", f"{PATH}/contoso_courses", sent) == expected
    held = row if isinstance(after, str) else row | after
    assert list(made.tenant.tables["schemaExtensions"]) == [held]


def test_who_finds_them() -> None:
    """Hold that the owner finds its own, everybody what is available, and nobody else's."""
    made = world(
        definition(id="a_own"),
        definition(id="b_theirs", owner=OTHER),
        definition(id="c_open", owner=OTHER, status="Available"),
        definition(id="d_old", owner=OTHER, status="Deprecated"),
        definition(id="e_old", status="Deprecated"),
    )
    made.other.tables["schemaExtensions"].put(definition(id="f_far"))
    made.other.tables["schemaExtensions"].put(definition(id="g_open", status="Available"))

    def found(who: str) -> list[str]:
        response = made.get(PATH, caller=caller(made, who))
        assert (response.status, response.body is None) == (200, False)
        return [row["id"] for row in (response.body or {})["value"]]

    assert found("app") == ["a_own", "c_open", "e_old", "g_open"]
    assert found("bob") == ["c_open", "g_open"]
    assert found("alice") == ["b_theirs", "c_open", "d_old", "g_open"]
    assert made.get(f"{PATH}/G_OPEN").status == 200
    missing = (
        "404 Request_ResourceNotFound: Resource 'f_far' does not exist or one of its queried "
        "reference-property objects are not present."
    )
    assert made.short("GET", f"{PATH}/f_far") == missing
    assert made.short("PATCH", f"{PATH}/g_open", {}) == NO_WRITE


@pytest.mark.parametrize(
    ("row", "who", "expected"),
    [
        (definition(), "app", "204"),
        (definition(owner=OTHER), "alice", "204"),
        (definition(status="Available"), "app", NO_WRITE),
        (definition(status="Deprecated"), "app", NO_WRITE),
        (definition(owner=OTHER, status="Available"), "bob", NO_WRITE),
    ],
)
def test_what_may_be_deleted(row: Row, who: str, expected: str) -> None:
    """Hold that its owner deletes what is in development."""
    made = world(row)
    assert made.short("DELETE", f"{PATH}/{row['id']}", caller=caller(made, who)) == expected
    assert list(made.tenant.tables["schemaExtensions"]) == ([] if expected == "204" else [row])
