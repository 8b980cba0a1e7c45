"""One record of the directory audit log as an event: who, when, on what, with which values."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from entra_config.drift import audit
from entra_config.drift.audit import Event
from entra_config.drift.model import Actor
from entra_config.properties import Reads

NOW = datetime(2026, 11, 20, 8, 30, 1, 123456, tzinfo=UTC)


def record(id_: str = "1", **more: Any) -> dict[str, Any]:
    """Make a record as Graph sends it."""
    return {
        "id": id_,
        "activityDateTime": "2026-11-20T08:30:01.1234567Z",
        "activityDisplayName": "Update application",
        "result": "success",
        **more,
    }


def event(**more: Any) -> Event:
    """Return the event of one record."""
    (one,) = audit.events([record(**more)])
    return one


def test_a_bare_record_is_of_a_microsoft_service_and_touches_nothing() -> None:
    """What is absent or null is nothing."""
    nobody = Actor("microsoft", "", "a Microsoft service")
    bare = Event("1", NOW, "Update application", nobody, (), {}, {}, frozenset(), "")
    assert event() == bare
    nulls = dict.fromkeys(("targetResources", "initiatedBy", "additionalDetails", "correlationId"))
    assert event(**nulls) == bare
    empty = {
        "initiatedBy": {"user": None, "app": None},
        "targetResources": [{"id": None, "modifiedProperties": None}],
    }
    assert event(**empty) == bare
    assert event(correlationId="c").correlation == "c"


def changed(name: str, old: Any = None, new: Any = None) -> dict[str, Any]:
    """Make a property of a record."""
    return {"displayName": name, "oldValue": old, "newValue": new}


def test_what_changed_is_decoded_and_named() -> None:
    """Of all objects of the record; names without values beside those with."""
    found = event(
        targetResources=[
            {
                "id": "o",
                "modifiedProperties": [
                    changed("DisplayName", '["A"]', '["B"]'),
                    changed("AppId", None, '"x"'),
                ],
            },
            {
                "id": "p",
                "modifiedProperties": [
                    changed("Included Updated Properties", None, '"DisplayName, Notes, "')
                ],
            },
            {"id": ""},
        ]
    )
    assert found.targets == ("o", "p")
    assert found.old == {"DisplayName": ["A"], "AppId": None}
    assert found.new == {"DisplayName": ["B"], "AppId": "x"}
    assert found.named == {"DisplayName", "AppId", "Notes"}
    for nothing in (None, '""', "null"):
        hidden = changed("Included Updated Properties", None, nothing)
        assert event(targetResources=[{"id": "o", "modifiedProperties": [hidden]}]).named == frozenset()


def test_only_what_succeeded_is_kept_once_and_newest_first() -> None:
    """Of two at one time the later id is first."""
    early = record("9", activityDateTime="2026-11-20T08:00:00Z")
    failed = [record("7", result="failure"), record("6", result=None)]
    again = record("1", correlationId="again")
    found = audit.events([early, record("1"), *failed, record("3"), again, record("2")])
    assert [(each.id, each.correlation) for each in found] == [
        ("3", ""),
        ("2", ""),
        ("1", "again"),
        ("9", ""),
    ]


def agent(name: str | None) -> dict[str, Any]:
    """Make the detail that has the client."""
    return {"additionalDetails": [{"key": "Other", "value": "x"}, {"key": "User-Agent", "value": name}]}


@pytest.mark.parametrize(
    ("details", "via"),
    [
        ({}, ""),
        (agent(None), ""),
        (agent(""), ""),
        ({"additionalDetails": [{"key": "Other", "value": "Mozilla/5.0"}]}, ""),
        (agent("Mozilla/5.0 (X11)"), "portal or browser"),
        (agent("python/3.12 AZURECLI/2.64"), "python"),
        (agent("azure cli"), "azure cli"),
        (agent(" tool /1"), "tool"),
        (agent("x" * 41 + "/1"), "x" * 40),
        (agent("EvoSTS"), "consent screen"),
    ],
)
def test_a_person_s_client_is_told_by_its_class(details: dict[str, Any], via: str) -> None:
    """What stands before the first slash, cut; browsers and the consent screen in words."""
    user = {"user": {"id": "u", "userPrincipalName": "li@x"}}
    assert event(initiatedBy=user, **details).actor == Actor("user", "u", "li@x", via)


@pytest.mark.parametrize(
    ("initiated", "actor"),
    [
        ({"user": {"id": "u"}}, Actor("user", "u", "u")),
        ({"user": {"id": None, "userPrincipalName": "li@x"}}, Actor("user", "", "li@x")),
        ({"user": {"displayName": "x"}}, Actor("user")),
        (
            {"user": {"id": "u", "userPrincipalName": "li@x", "displayName": "Azure ESTS Service"}},
            Actor("user", "u", "li@x", "consent screen"),
        ),
        ({"user": {"id": "u"}, "app": {"displayName": "CI"}}, Actor("user", "u", "u")),
        ({"app": {"displayName": "CI", "servicePrincipalId": "s"}}, Actor("application", "s", "CI")),
        ({"app": {"displayName": None, "servicePrincipalId": None, "appId": "a"}}, Actor("application")),
        ({"app": {"displayName": "MS-PIM", "servicePrincipalId": "s"}}, Actor("microsoft", "s", "MS-PIM")),
    ],
)
def test_who_did_it_is_a_person_before_an_application(initiated: dict[str, Any], actor: Actor) -> None:
    """By id and name; Microsoft's services are known by their names."""
    assert event(initiatedBy=initiated).actor == actor


def test_an_application_has_its_client_too() -> None:
    """By the same words."""
    found = event(initiatedBy={"app": {"displayName": "CI", "servicePrincipalId": "s"}}, **agent("tool/1"))
    assert found.actor == Actor("application", "s", "CI", "tool")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (None, None),
        (3, 3),
        ('["a"]', ["a"]),
        ('"a"', "a"),
        ("a", "a"),
        ("null", None),
        ("[" * 100_000, "[" * 100_000),
    ],
)
def test_a_value_is_decoded_where_it_is_json(text: Any, value: Any) -> None:
    """Else it is as it was."""
    assert audit.decode(text) == value


@pytest.mark.parametrize(
    ("activity", "named", "stub"),
    [
        ("Update application", (), True),
        ("Update application", ("TargetId.x", "ActorId.y", "SPN"), True),
        ("Update application", ("SPN", "DisplayName"), False),
        ("Add application", (), False),
    ],
)
def test_a_stub_says_only_that_something_was_touched(
    activity: str, named: tuple[str, ...], *, stub: bool
) -> None:
    """Names of the ends say nothing."""
    properties = [changed(each) for each in named]
    found = event(
        activityDisplayName=activity, targetResources=[{"id": "o", "modifiedProperties": properties}]
    )
    assert found.is_stub is stub


def test_a_fact_stands_on_either_side() -> None:
    """The new side first, and the first name that says anything."""
    found = event(
        targetResources=[
            {
                "id": "o",
                "modifiedProperties": [changed("A", '"o"', '"n"'), changed("B", "3", None), changed("C")],
            }
        ]
    )
    assert (found.fact("A"), found.fact("B"), found.fact("C"), found.fact("D")) == ("n", "3", "", "")
    assert (found.fact("C", "B", "A"), found.fact()) == ("3", "")


ADDRESS = {"Address": "https://a", "AddressType": 0, "ReplyAddressClientType": 3}


@pytest.mark.parametrize(
    ("reads", "value", "entries"),
    [
        ("addresses", [ADDRESS], {("https://a", "0", "3"): ADDRESS}),
        ("addresses", [{"Address": None}], {("", "", ""): {"Address": None}}),
        ("addresses", None, {}),
        ("addresses", [], {}),
        ("addresses", "x", {("x", "x", "x"): {}}),
        ("entitlements", [{"EntitlementId": 1}], {"1": {"EntitlementId": 1}}),
        ("federated", {"Name": "ci"}, {"ci": {"Name": "ci"}}),
        (
            "keys",
            ["[KeyIdentifier=k,KeyType=x]", "[KeyIdentifier=l]", "odd"],
            {"k": {}, "l": {}, "odd": {}},
        ),
        ("value", ["a", 1, {"b": 1, "a": 2}], {"a": {}, 1: {}, '{"a": 2, "b": 1}': {}}),
        ("value", [True, None], {True: {}, "null": {}}),
        (
            "clients",
            [{"AppId": "A", "Ids": [1]}, {"x": 1}, "y"],
            {"a": {"appid": "A", "ids": [1]}},
        ),
        (
            "requested",
            [
                {
                    "ResourceAppId": "g",
                    "RequiredAppPermissions": [{"EntitlementId": "1"}, {"EntitlementId": "2"}],
                },
                "odd",
                {"ResourceAppId": "h", "RequiredAppPermissions": None},
            ],
            {("g", "1"): {"EntitlementId": "1"}, ("g", "2"): {"EntitlementId": "2"}},
        ),
    ],
)
def test_entries_are_told_apart_by_what_names_them(reads: Reads, value: Any, entries: dict[Any, Any]) -> None:
    """By ids, names, addresses or words; of unknown ones by the whole value."""
    assert audit.entries(reads, value) == entries
