"""What the audit log says of an object, of several, of a property or of a person; since when a consent is."""

import json
from collections.abc import Iterable
from typing import Any

import pytest

from entra_emulator.portal import trail
from entra_emulator.portal.given import consents_given, key_of
from entra_emulator.portal.visit import Visit
from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.showing import plain, visit

ADDED, REMOVED = "Add delegated permission grant", "Remove delegated permission grant"
ALICE = {"id": "alice-id", "userPrincipalName": "alice@contoso.com"}


def record(
    number: int, activity: str, targets: Iterable[Any], by: dict[str, Any] | None = None, call: str = ""
) -> dict[str, Any]:
    """Return a record of the minute `number` about some targets: ids, or ids with changed properties."""
    rows = []
    for target in targets:
        target_id, changed = target if isinstance(target, tuple) else (target, None)
        said = [{"displayName": name, "oldValue": old, "newValue": new} for name, old, new in changed or ()]
        rows.append(
            {
                "id": target_id,
                "displayName": f"once {target_id}",
                "modifiedProperties": None if changed is None else said,
            }
        )
    return {
        "activityDateTime": f"2026-01-01T00:{number:02}:00Z",
        "activityDisplayName": f" {activity} ",
        "correlationId": call or str(number),
        "initiatedBy": by or {"user": ALICE, "app": None},
        "targetResources": rows,
    }


APP = {"user": None, "app": {"servicePrincipalId": "sp-id", "displayName": "Pipeline"}}
VALUE = [("AppRole.Id", None, json.dumps("r1"))]
GONE = [("AppRole.Id", json.dumps("r1"), None)]
OTHER = [("AppRole.Id", None, json.dumps("r2")), ("Name", None, json.dumps("r1"))]


@pytest.fixture(scope="module")
def seen() -> Visit:
    """Give a tenant whose log has six records, the newest last."""
    browser = example.browser()
    bob = {"user": {"id": browser.world.user("bob")["id"], "userPrincipalName": "x"}, "app": None}
    browser.world.tenant.audit[:] = [
        record(1, "Add a", ["a"]),
        record(2, "Add b", ["b", ("a", VALUE)], APP),
        record(3, "Change c", ["c", ("d", GONE)], bob),
        record(4, "Change a", [("a", OTHER), "c"]),
        record(5, "Drop a", ["a", "b"], {"user": None, "app": None}),
        record(6, "Drop d", ["d"], bob),
    ]
    browser.world.tenant.audit[0]["targetResources"][0] |= {"displayName": None, "userPrincipalName": "a@x"}
    return visit(browser)


def minutes(found: Iterable[trail.TrailEntry]) -> list[int]:
    """Return of which minutes some entries are."""
    return [int(one.at[14:16]) for one in found]


@pytest.mark.parametrize(
    ("ids", "limit", "options", "found"),
    [
        (None, 10, {}, [6, 5, 4, 3, 2, 1]),
        (None, 2, {}, [6, 5]),
        (["a"], 10, {}, [5, 4, 2, 1]),
        (["a"], 3, {}, [5, 4, 2]),
        (["a", "c"], 10, {}, [5, 4, 3, 2, 1]),
        (["a", "c"], 10, {"every": True}, [4]),
        (["a", "b"], 10, {"every": True}, [5, 2]),
        ([], 10, {}, []),
        (["nothing"], 10, {}, []),
        (["a"], 10, {"value": ("AppRole.Id", "r1")}, [2]),
        (None, 10, {"value": ("AppRole.Id", "r1")}, [3, 2]),
        (None, 10, {"value": ("AppRole.Id", "r2")}, [4]),
        (None, 10, {"value": ("Name", "r1")}, [4]),
        (None, 10, {"by": {"alice-id"}}, [4, 1]),
        (None, 10, {"by": {"alice-id", "nobody"}}, [4, 1]),
        (None, 10, {"by": set()}, []),
    ],
)
def test_records_are_found_newest_first(
    seen: Visit, ids: list[str] | None, limit: int, options: dict[str, Any], found: list[int]
) -> None:
    """Hold those about any of the objects or about every one, of a property's value, and by some people."""
    assert minutes(trail.entries(seen, ids, limit, **options)) == found


def test_ten_are_shown_where_no_number_is_said(seen: Visit) -> None:
    """Hold that older ones are left out."""
    browser = example.browser()
    browser.world.tenant.audit[:] = [record(number, "Add", ["a"]) for number in range(12)]

    assert minutes(trail.entries(visit(browser), ["a"])) == [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]


@pytest.mark.parametrize(
    ("ids", "beginnings", "found"),
    [
        (["a"], ("Add",), 2),
        (["a"], ("Drop", "Add"), 5),
        (["a", "c"], ("Change", "Drop"), 4),
        (["d"], ("Change",), 3),
        (["a"], ("Nothing",), None),
        (["a", "d"], ("Drop",), None),
    ],
)
def test_the_last_record_of_a_sort_is_about_every_object(
    seen: Visit, ids: list[str], beginnings: tuple[str, ...], found: int | None
) -> None:
    """Hold that its activity begins with one of the words."""
    one = trail.last_of(seen, ids, *(f" {each}" for each in beginnings))

    assert minutes([one] if one else []) == ([found] if found else [])


def test_each_object_has_the_time_of_its_last_record(seen: Visit) -> None:
    """Hold the newest of each."""
    at = {"a": 5, "b": 5, "c": 4, "d": 6}

    assert trail.last_changes(seen.tenant) == {
        name: f"2026-01-01T00:{minute:02}:00Z" for name, minute in at.items()
    }


def test_a_page_looks_back_so_far(seen: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold that what is older is not found, by whatever question."""
    monkeypatch.setattr(trail, "READ", 3)

    assert minutes(trail.entries(seen)) == [6, 5, 4]
    assert trail.last_of(seen, ["d"], " Change") is None
    assert set(trail.last_changes(seen.tenant)) == {"a", "b", "c", "d"}
    monkeypatch.setattr(trail, "READ", 1)
    assert set(trail.last_changes(seen.tenant)) == {"d"}


def test_an_entry_has_names_for_what_is_there_and_what_was_known(seen: Visit) -> None:
    """Hold the person, the application, and nobody where the record names neither."""
    assert [plain(one, {}) for one in trail.entries(seen)] == [
        "2026-01-01T00:06:00Z Drop d: once d by Bob Baker",
        "2026-01-01T00:05:00Z Drop a: once a, once b by a removed object",
        "2026-01-01T00:04:00Z Change a: once a, once c by alice@contoso.com",
        "2026-01-01T00:03:00Z Change c: once c, once d by Bob Baker",
        "2026-01-01T00:02:00Z Add b: once b, once a by Pipeline",
        "2026-01-01T00:01:00Z Add a: a@x by alice@contoso.com",
    ]


def consent(
    number: int, activity: str, ends: tuple[str, str], kind: str, call: str = "", **more: Any
) -> dict[str, Any]:
    """Return a record of a consent of a kind at an API, for a client; `person` and `by` where it is one's."""
    side = 2 if activity == ADDED else 1
    said = {"ConsentType": kind, "PrincipalId": more.get("person", "")}
    changed: list[Any] = [[f"DelegatedPermissionGrant.{name}", None, None] for name in said]
    for change, value in zip(changed, said.values(), strict=True):
        change[side] = json.dumps(value)
    found = record(number, activity, [(ends[0], changed), ends[1], "a third"], more.get("by"), call)
    return found | {"activityDisplayName": activity}


EVERYBODY, ONE, SPA = "AllPrincipals", "Principal", ("api", "spa")


@pytest.mark.parametrize(
    ("records", "found"),
    [
        ([consent(1, ADDED, SPA, EVERYBODY)], {("api", ""): 1}),
        (
            [consent(1, ADDED, ("api", "web"), EVERYBODY), consent(2, ADDED, ("b", "spa"), EVERYBODY)],
            {("b", ""): 2},
        ),
        ([record(1, "Update", ["api", "spa"]), consent(2, ADDED, SPA, EVERYBODY)], {("api", ""): 2}),
        ([consent(1, ADDED, SPA, EVERYBODY), consent(2, ADDED, SPA, EVERYBODY)], {("api", ""): 1}),
        ([consent(1, ADDED, SPA, EVERYBODY), consent(2, REMOVED, SPA, EVERYBODY)], {}),
        (
            [
                consent(1, ADDED, SPA, EVERYBODY),
                consent(2, ADDED, SPA, EVERYBODY, "wider"),
                consent(3, REMOVED, SPA, EVERYBODY, "wider"),
            ],
            {("api", ""): 1},
        ),
        (
            [
                consent(1, ADDED, SPA, EVERYBODY),
                consent(2, REMOVED, SPA, EVERYBODY),
                consent(3, ADDED, SPA, EVERYBODY),
            ],
            {("api", ""): 3},
        ),
        ([consent(1, REMOVED, SPA, EVERYBODY)], {}),
        ([consent(1, ADDED, SPA, ONE, person="bob-id")], {("api", "bob-id"): 1}),
        ([consent(1, ADDED, SPA, ONE)], {("api", "alice-id"): 1}),
        ([consent(1, ADDED, SPA, ONE, by=APP)], {("api", "unknown"): 1}),
        (
            [
                consent(1, ADDED, SPA, EVERYBODY, person="bob-id"),
                consent(2, ADDED, SPA, ONE, person="bob-id"),
                consent(3, REMOVED, SPA, ONE, person="bob-id"),
            ],
            {("api", ""): 1},
        ),
        ([record(1, ADDED, [("api", []), "spa"]) | {"activityDisplayName": ADDED}], {("api", ""): 1}),
    ],
)  # fmt: skip
def test_a_consent_is_since_the_record_that_began_it(
    records: list[Any], found: dict[tuple[str, str], int]
) -> None:
    """Hold whose it is, that a wider one keeps the first record, and a withdrawal ends it."""
    browser = example.browser()
    browser.world.tenant.audit[:] = records
    given = consents_given(visit(browser), "spa")

    assert {key: int(one.at[14:16]) for key, one in given.items()} == found


@pytest.mark.parametrize(("person", "key"), [(None, ""), ("p", "p")])
def test_a_grant_has_the_key_of_its_record(person: str | None, key: str) -> None:
    """Hold that everybody's is nobody's."""
    assert key_of({"resourceId": "api", "principalId": person}) == ("api", key)
