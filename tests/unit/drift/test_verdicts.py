"""What two values of a property in a record tell about a finding: that it made it, unmade it, or neither."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from entra_config.drift import verdicts
from entra_config.drift.attribution import Log, _reason, _Trace
from entra_config.drift.audit import Event
from entra_config.drift.model import Actor, Finding, Sign
from entra_config.resource import Address

CLIENT, SCOPE = "client-1", "Scope-1"
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def finding(sign: Sign = "added", **more: Any) -> Finding:
    """Return a finding."""
    return Finding(Address("application", "api"), sign, "rule", "", **more)


def authorized(*scopes: str, client: str = CLIENT) -> list[dict[str, Any]]:
    """Return a list of authorized clients as the log has it."""
    return [{"AppId": client.upper(), "PermissionIds": [each.upper() for each in scopes]}]


@pytest.mark.parametrize(
    ("old", "new", "added", "removed"),
    [
        ([], authorized(SCOPE), "made", "unmade"),
        (authorized(SCOPE), [], "unmade", "made"),
        (authorized("other"), authorized("other", SCOPE), "made", "unmade"),
        (authorized(SCOPE), authorized("other"), "unmade", "made"),
        (authorized(SCOPE), authorized(SCOPE, "other"), "kept", "kept"),
        ([], authorized(SCOPE, client="another"), "kept", "kept"),
        (None, None, "kept", "kept"),
    ],
)
def test_a_scope_of_an_authorized_client(old: Any, new: Any, added: str, removed: str) -> None:
    """Known by both ids, whatever their case."""
    assert verdicts.scope(finding("added", element=SCOPE), CLIENT)(old, new) == added
    assert verdicts.scope(finding("removed", element=SCOPE), CLIENT)(old, new) == removed


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([], [{"Name": "ci", "Id": "f1"}], "made"),
        ([{"Name": "ci", "Id": "f2"}], [{"Name": "ci", "Id": "f1"}], "made"),
        ([{"Name": "ci", "Id": "f1"}], [], "unmade"),
        ([{"Name": "ci", "Id": "f1"}], [{"Name": "ci", "Id": "f2"}], "unmade"),
        ([{"Name": "ci", "Id": "f1"}], [{"Name": "ci", "Id": "f1"}, {"Name": "b", "Id": "f2"}], "kept"),
        (None, [{"Name": "ci", "Id": "f2"}], "kept"),
    ],
)
def test_a_federated_credential_is_known_by_its_id(old: Any, new: Any, expected: str) -> None:
    """For another may bear its name later."""
    assert verdicts.federated("f1")(old, new) == expected


@pytest.mark.parametrize(
    ("live", "old", "new", "expected", "verbatim"),
    [
        ("A", ["B"], ["A"], "made", "made"),
        ("A", "B", "A", "made", "made"),
        ("A", ["A"], ["B"], "may", "unmade"),
        ("A", ["B"], ["B"], "kept", "kept"),
        ("A", None, None, "kept", "kept"),
        ("A", [], None, "kept", "kept"),
        ("A", ["A"], [], "may", "unmade"),
        (None, ["A"], [], "made", "made"),
        (None, ["A"], ["B"], "may", "unmade"),
        ("", ["A"], None, "made", "made"),
        (True, [False], [True], "made", "made"),
        ({"a": 1}, ["A"], ["B"], "may", "may"),
        ({"a": 1}, ["B"], ["B"], "kept", "kept"),
    ],
)
def test_a_property_of_one_value(live: Any, old: Any, new: Any, expected: str, verbatim: str) -> None:
    """Where the log writes the very text that Graph shows, another text is another value; else it may be the
    same.
    """
    assert verdicts.value(finding("changed", live=live, path="notes"))(old, new) == expected
    assert verdicts.value(finding("changed", live=live, path="displayName"))(old, new) == verbatim


def place(address: str, client: str = "3", type_: str = "1") -> dict[str, str]:
    """Return an address as the log has it."""
    return {"Address": address, "AddressType": type_, "ReplyAddressClientType": client}


URI = "https://a.example.com"


@pytest.mark.parametrize(
    ("old", "new", "added", "removed"),
    [
        ([], [place(URI)], "made", "unmade"),
        ([place(URI)], [], "unmade", "made"),
        ([place(URI)], [place(URI), place("https://b.example.com")], "kept", "kept"),
        ([place(URI, "1")], [place(URI, "3")], "made", "unmade"),
        ([], [place(URI, "1")], "kept", "kept"),
        ([place(URI, "1")], [place(URI, "1"), place(URI, "3")], "made", "unmade"),
    ],
)
def test_a_redirect_uri_is_of_one_platform(old: Any, new: Any, added: str, removed: str) -> None:
    """The list has those of all platforms: the same text at another one is another URI."""
    known = {"path": "spa.redirectUris", "element": URI}
    assert verdicts.address(finding("added", **known))(old, new) == added
    assert verdicts.address(finding("removed", **known))(old, new) == removed


@pytest.mark.parametrize(
    ("live", "old", "new", "expected"),
    [
        (URI, [], [place(URI, "", "4")], "made"),
        (URI, [place(URI, "", "4")], [], "unmade"),
        (None, [place(URI, "", "4")], [], "made"),
        (None, [], [place(URI, "", "4")], "unmade"),
        (URI, [place(URI)], [], "kept"),
        (URI, [place(URI, "", "4")], [place(URI, "", "4"), place(URI)], "kept"),
    ],
)
def test_the_logout_url_stands_in_the_list_of_addresses(live: Any, old: Any, new: Any, expected: str) -> None:
    """By its type; redirect URIs tell nothing of it."""
    assert verdicts.address(finding("changed", path="web.logoutUrl", live=live))(old, new) == expected


EARLIER, LATER = NOW - timedelta(seconds=1), NOW + timedelta(seconds=1)
LOG = Log((), since=NOW, until=NOW + timedelta(days=1))


@pytest.mark.parametrize(
    ("good_at", "more", "expected"),
    [
        (None, {}, "no_events"),
        (NOW, {}, "no_events"),
        (EARLIER, {}, "beyond_retention"),
        (LOG.whole_until, {}, "no_events"),
        (LOG.whole_until + timedelta(seconds=1), {}, "too_recent"),
        (None, {"overtaken": True}, "too_recent"),
        (None, {"read_to": NOW}, "not_read"),
        (EARLIER, {"read_to": NOW}, "not_read"),
        (NOW, {"read_to": NOW}, "no_events"),
        (LATER, {"read_to": NOW}, "no_events"),
        (None, {"events": True}, "not_recorded"),
        (EARLIER, {"events": True}, "not_recorded"),
        (EARLIER, {"failed": "a"}, "failed_attempts_only"),
        (EARLIER, {"failed": "b"}, "beyond_retention"),
        (EARLIER, {"failed": "a", "events": True}, "not_recorded"),
    ],
)
def test_why_nobody_can_be_named(good_at: datetime | None, more: dict[str, Any], expected: str) -> None:
    """At each limit of what was read: the window's begin, where reading ended, until when all is there."""
    event = Event("e", NOW, "Update", Actor("user", "u"), (), {}, {}, frozenset(), "c")
    events = [event] if more.get("events") else []
    log = replace(LOG, read_to=more.get("read_to"), failed_only=frozenset({more.get("failed", "")}))
    trace = _Trace(overtaken=more.get("overtaken", False))

    assert _reason(finding(subjects=("a",)), events, trace, log, good_at) == expected


TABLE = {"displayName": "DisplayName", "isEnabled": "State", "description": "Description"}


@pytest.mark.parametrize(
    ("live", "declared", "was", "now", "expected"),
    [
        ({"displayName": "B"}, {"displayName": "A"}, {"DisplayName": "A"}, {"DisplayName": "B"}, "made"),
        ({"displayName": "B"}, {"displayName": "A"}, {"DisplayName": "B"}, {"DisplayName": "C"}, "unmade"),
        ({"displayName": "B"}, {"displayName": "A"}, {"DisplayName": "B"}, {"DisplayName": "B"}, "kept"),
        ({"displayName": "B"}, {"displayName": "A"}, {}, {}, "may"),
        ({"displayName": "B"}, {"displayName": "A"}, {}, {"DisplayName": "B"}, "made"),
        ({"other": "B"}, {"other": "A"}, {"DisplayName": "A"}, {"DisplayName": "B"}, "may"),
        ({"description": None}, {"description": "A"}, {"Description": "A"}, {"Description": ""}, "made"),
        ({"description": ""}, {"description": "A"}, {"Description": "A"}, {"Description": None}, "made"),
        ({"description": ""}, {"description": "A"}, {"Description": "A"}, {}, "made"),
        ({"isEnabled": False}, {"isEnabled": True}, {"State": False}, {"State": True}, "made"),
        ({"isEnabled": True}, {"isEnabled": False}, {"State": False}, {"State": True}, "unmade"),
        ({"isEnabled": True}, {"isEnabled": False}, {"State": True}, {"State": False}, "made"),
        (
            {"displayName": "B", "description": "B"},
            {"displayName": "A", "description": "A"},
            {"DisplayName": "A", "Description": "A"},
            {"DisplayName": "B", "Description": "B"},
            "made",
        ),
        (
            {"displayName": "B", "description": "B"},
            {"displayName": "A", "description": "A"},
            {"DisplayName": "A", "Description": "A"},
            {"DisplayName": "B", "Description": "C"},
            "may",
        ),
        (
            {"displayName": "B", "description": "B"},
            {"displayName": "A", "description": "A"},
            {"DisplayName": "A", "Description": "A"},
            {"DisplayName": "B", "Description": "A"},
            "may",
        ),
    ],
)
def test_fields_of_one_entry(live: Any, declared: Any, was: Any, now: Any, expected: str) -> None:
    """Nothing and an empty text are alike; the log's switch is the other way round; what several fields tell
    apart is not sure.
    """
    found = finding("changed", live=live, declared=declared)
    assert verdicts.fields(TABLE)(found, was, now) == expected


KEY, OTHER = {"EntitlementId": "1", "DisplayName": "A"}, {"EntitlementId": "2", "DisplayName": "A"}


@pytest.mark.parametrize(
    ("sign", "old", "new", "expected"),
    [
        ("added", [], [KEY], "made"),
        ("added", [KEY], [], "unmade"),
        ("added", [KEY], [KEY, OTHER], "kept"),
        ("added", [], [OTHER], "kept"),
        ("removed", [KEY], [], "made"),
        ("removed", [], [KEY], "unmade"),
        ("changed", [KEY], [{**KEY, "DisplayName": "B"}], "made"),
        ("changed", [], [{**KEY, "DisplayName": "B"}], "made"),
        ("changed", [], [KEY], "unmade"),
        ("changed", [KEY], [], "unmade"),
        ("changed", [OTHER], [], "kept"),
    ],
)
def test_one_entry_of_a_list(sign: Sign, old: Any, new: Any, expected: str) -> None:
    """It comes, goes or changes; what happens to others tells nothing of it."""
    found = finding(sign, live={"displayName": "B"}, declared={"displayName": "A"})
    judge = verdicts.entry(found, "entitlements", "1", verdicts.fields(TABLE))
    assert judge(old, new) == expected


@pytest.mark.parametrize(
    ("sign", "old", "new", "expected"),
    [
        ("removed", ["[KeyIdentifier=1]"], [], "may"),
        ("removed", [], ["[KeyIdentifier=1]"], "kept"),
        ("added", ["[KeyIdentifier=1]"], [], "kept"),
    ],
)
def test_a_certificate_that_is_gone_may_be_any_that_went(
    sign: Sign, old: Any, new: Any, expected: str
) -> None:
    """The manifest knows no key id of it."""
    assert verdicts.entry(finding(sign), "keys", "", verdicts.untold)(old, new) == expected


def test_scopes_and_roles_share_one_list() -> None:
    """By what can be granted; what says neither may be of both."""
    scope_, role = {"ImpersonationAccessGrantTypes": [1]}, {"DirectAccessGrantTypes": [1]}
    neither = {"EntitlementId": "1"}
    both = [scope_, role, neither, "text"]
    assert verdicts.of_type(both, "api.oauth2PermissionScopes") == [scope_, neither, "text"]
    assert verdicts.of_type(both, "appRoles") == [role, neither, "text"]
    assert verdicts.of_type(None, "appRoles") is None
    assert verdicts.untold(finding(), {"a": 1}, {"a": 1}) == "kept"
    assert verdicts.untold(finding(), {"a": 1}, {"a": 2}) == "may"
