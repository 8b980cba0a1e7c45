"""Which property of a record tells about a finding, by whom it is written, and what its values say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from entra_config.drift import verdicts
from entra_config.drift.audit import Event
from entra_config.drift.model import Actor, Finding, Sign
from entra_config.drift.properties import property_question
from entra_config.properties import Reads
from entra_config.resource import Address

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ENDS = {"object": "o", "principalObject": "p"}
UPDATE = "Update application"


def finding(path: str, sign: Sign = "added", kind: str = "application", **more: Any) -> Finding:
    """Make a finding."""
    return Finding(Address(kind, "api"), sign, "rule", "", path, **({"ends": ENDS} | more))


def record(name: str = "", old: Any = None, new: Any = None, on: str = "o", **more: Any) -> Event:
    """Make a record of one property's values."""
    values = ({name: old}, {name: new}) if name else ({}, {})
    named = more.pop("named", frozenset({name} if name else ()))
    activity = more.pop("activity", UPDATE)
    return Event("e", NOW, activity, Actor("user", "u"), (on,) if on else (), *values, named, "c")


def verdict(about: Finding, event: Event) -> str | None:
    """Return what a record says of a finding; nothing where the log has no word for it."""
    asked = property_question(about)
    return asked(event) if asked else None


NAME = finding("displayName", "changed", live="B")


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (record("DisplayName", ["A"], ["B"]), "made"),
        (record("DisplayName", ["A"], ["B"], on="x"), "no"),
        (record("DisplayName", ["A"], ["B"], on=""), "no"),
        (replace(record("DisplayName", ["A"], ["B"]), targets=("x", "o")), "no"),
        (record("DisplayName", ["A"], ["B"], activity="Add application"), "made"),
        (record("DisplayName", ["A"], ["B"], activity="Create application – x"), "made"),
        (record("DisplayName", ["A"], ["B"], activity="Add service principal"), "made"),
        (record("DisplayName", ["A"], ["B"], activity="Delete application"), "no"),
        (record("DisplayName", ["A"], ["B"], on="p"), "may"),
        (record("DisplayName", ["A"], ["A"], on="p"), "kept"),
        (replace(record(), new={"DisplayName": ["B"]}), "made"),
        (replace(record(), old={"DisplayName": ["A"]}), "unmade"),
        (record(), "may"),
        (record(named=frozenset({"DisplayName", "Notes"})), "may"),
        (record(named=frozenset({"Notes"})), "no"),
        (record("Notes", ["A"], ["B"]), "no"),
        (record(activity="Add application"), "no"),
    ],
)
def test_a_record_of_the_object_tells_of_its_property(event: Event, expected: str) -> None:
    """By its values; without them it may be, where it names the property or nothing at all."""
    assert verdict(NAME, event) == expected


def test_without_ids_no_record_tells() -> None:
    """A record whose object has no id is not one of a finding that has none."""
    assert verdict(replace(NAME, ends={}), record("DisplayName", ["A"], ["B"], on="")) == "no"
    nameless = replace(record("DisplayName", ["A"], ["B"]), targets=("",))
    assert verdict(replace(NAME, ends={}), nameless) == "no"


@pytest.mark.parametrize("name", ["AccountEnabled", "ExplicitAccessGrantRequired", "ServicePrincipalName"])
def test_what_a_service_principal_has_itself_is_no_mirror(name: str) -> None:
    """Its own properties are told by its record as those of an application by the application's."""
    paths = {
        "AccountEnabled": "accountEnabled",
        "ExplicitAccessGrantRequired": "appRoleAssignmentRequired",
        "ServicePrincipalName": "servicePrincipalNames",
    }
    about = finding(paths[name], "changed", live="x")
    assert verdict(about, record(name, ["a"], ["x"], on="p")) == "made"


ROLE = {"EntitlementId": "1", "DirectAccessGrantTypes": [20]}
ASKS = [{"ResourceAppId": "g", "RequiredAppPermissions": [{"EntitlementId": "1"}]}]
KEY = ["[KeyIdentifier=k1,KeyType=Password]"]
ADDRESS = [{"Address": "https://a/", "AddressType": 0, "ReplyAddressClientType": 1}]
CI = [{"Name": "ci", "Id": "f1"}]


@pytest.mark.parametrize(
    ("about", "name", "value"),
    [
        (finding("identifierUris", element="api://a"), "AppIdentifierUri", ["api://a"]),
        (finding("identifierUris", element="api://a"), "ServicePrincipalName", ["api://a"]),
        (finding("appRoles", element="1"), "Entitlement", [ROLE]),
        (finding("appRoles", element=("1", "x")), "Entitlement", [ROLE]),
        (finding("requiredResourceAccess", element=("g", "1")), "RequiredResourceAccess", ASKS),
        (finding("passwordCredentials", element="k1"), "KeyDescription", KEY),
        (finding("web.redirectUris", element="https://a/"), "AppAddress", ADDRESS),
        (finding("api.knownClientApplications", element="a"), "KnownClientApplications", ["a"]),
        (finding("federatedIdentityCredentials", element="f1"), "FederatedIdentityCredentials", CI),
        (finding("", kind="federatedCredential", part="ci"), "FederatedIdentityCredentials", CI),
        (
            finding("", kind="federatedCredential", part="x", ends={**ENDS, "credential": "f1"}),
            "FederatedIdentityCredentials",
            CI,
        ),
        (
            finding("", kind="authorizedClient", ends={**ENDS, "clientApp": "A1"}),
            "PreAuthorizedApplications",
            [{"AppId": "a1", "PermissionIds": ["s1"]}],
        ),
        (
            finding("scopes", kind="authorizedClient", element="S1", ends={**ENDS, "clientApp": "A1"}),
            "PreAuthorizedApplications",
            [{"AppId": "a1", "PermissionIds": ["s1"]}],
        ),
    ],
)
def test_an_entry_of_a_list_comes_and_goes(about: Finding, name: str, value: Any) -> None:
    """Its own entry is made or unmade; where nothing of it moves, or another does, it is kept."""
    assert verdict(about, record(name, [], value)) == "made"
    assert verdict(about, record(name, value, [])) == "unmade"
    assert verdict(about, record(name, value, value)) == "kept"
    assert verdict(about, record(name, [], [])) == "kept"


@pytest.mark.parametrize(
    ("about", "name", "value"),
    [
        (finding("identifierUris", "removed", element="api://a"), "AppIdentifierUri", ["api://a"]),
        (finding("appRoles", "removed", element=("1", "x")), "Entitlement", [ROLE]),
        (
            finding("", "removed", "federatedCredential", part="ci", ends={**ENDS, "credential": "f9"}),
            "FederatedIdentityCredentials",
            CI,
        ),
        (finding("", "removed", "federatedCredential", part="ci"), "FederatedIdentityCredentials", CI),
    ],
)
def test_an_entry_that_is_gone_went_with_its_name(about: Finding, name: str, value: Any) -> None:
    """What is gone has no id: its name tells."""
    assert verdict(about, record(name, value, [])) == "made"
    assert verdict(about, record(name, [], value)) == "unmade"


def test_an_entry_of_a_list_changes() -> None:
    """What the log knows of its fields is compared; of the rest it may have been."""
    role = finding("appRoles", "changed", element="1", live={"value": "B"}, declared={"value": "A"})
    was, now, other = ([{**ROLE, "ClaimValue": value}] for value in ("A", "B", "C"))
    assert [verdict(role, record("Entitlement", *each)) for each in ((was, now), (now, other))] == [
        "made",
        "unmade",
    ]
    asked = finding("requiredResourceAccess", "changed", element=("g", "1"))
    assert verdict(asked, record("RequiredResourceAccess", ASKS, ASKS)) == "kept"
    ci = finding("subject", "changed", "federatedCredential", part="ci", live="b", declared="a")
    old, new = ([{"Name": "ci", "Subject": value}] for value in ("a", "b"))
    assert verdict(ci, record("FederatedIdentityCredentials", old, new)) == "made"
    client = finding("", "changed", "authorizedClient", ends={**ENDS, "clientApp": "a1"})
    before, after = ([{"AppId": "a1", "PermissionIds": [value]}] for value in ("a", "b"))
    assert verdict(client, record("PreAuthorizedApplications", before, after)) == "may"


def test_a_logo_is_the_only_one_there() -> None:
    """The log does not say what of the one property changed."""
    logo = finding("", "changed", "applicationLogo")
    assert verdict(logo, record("AppInformationalUrl", "a", "b")) == "may"
    assert verdict(logo, record("AppInformationalUrl", "a", "a")) == "kept"


@pytest.mark.parametrize("path", ["samlMetadataUrl", "web.other"])
def test_for_what_the_log_has_no_word_nobody_is_named(path: str) -> None:
    """There is no question."""
    assert property_question(finding(path)) is None


AUDIENCE = finding("signInAudience", "changed", live="AzureADMultipleOrgs")
HOME = finding("signInAudience", "changed", live="AzureADMyOrg")


@pytest.mark.parametrize(
    ("about", "name", "old", "new", "expected"),
    [
        (AUDIENCE, "SignInAudience", ["AzureADMyOrg"], ["AzureADMultipleOrgs"], "made"),
        (AUDIENCE, "AvailableToOtherTenants", [False], [True], "may"),
        (AUDIENCE, "AvailableToOtherTenants", [True], [False], "unmade"),
        (HOME, "AvailableToOtherTenants", [True], [False], "may"),
        (HOME, "AvailableToOtherTenants", [False], [], "kept"),
    ],
)
def test_the_older_records_say_only_whether_others_may_sign_in(
    about: Finding, name: str, old: Any, new: Any, expected: str
) -> None:
    """A value where the log has it, else whether there is any at all."""
    assert verdict(about, record(name, old, new)) == expected


@pytest.mark.parametrize(
    ("live", "old", "new", "expected"),
    [
        (True, [0], [1], "may"),
        (True, [1], [0], "unmade"),
        (True, [3], [], "unmade"),
        (True, [1], None, "unmade"),
        (True, [1], [3], "may"),
        (True, [2], [2], "kept"),
        (True, [0], [], "kept"),
        (True, None, [False], "kept"),
        (True, [], [2], "may"),
        (False, [1], [0], "may"),
        (None, [1], [0], "may"),
        ("AzureADMyOrg", [1], [0], "may"),
        ("AzureADMultipleOrgs", [1], [0], "unmade"),
    ],
)
def test_bits_say_only_whether_there_is_any(live: Any, old: Any, new: Any, expected: str) -> None:
    """None is none: what is set now was not left by whoever cleared all of them."""
    path, name = (
        ("signInAudience", "AvailableToOtherTenants")
        if isinstance(live, str)
        else ("web.implicitGrantSettings.enableIdTokenIssuance", "OauthOidcResponsePolicyBitmap")
    )
    assert verdict(finding(path, "changed", live=live), record(name, old, new)) == expected


def entry(sign: Sign, element: Any, reads: Reads = "entries", **more: Any) -> verdicts.Judge:
    """Make the judge of an entry of which no field is known."""
    return verdicts.entry(finding("x", sign, **more), reads, element, verdicts.untold)


def test_an_entry_without_a_name_is_none() -> None:
    """Whatever comes or goes."""
    for nameless in ("", None):
        assert entry("added", nameless)([], ["", "a"]) == "kept"
    assert entry("removed", "", "keys")(KEY, []) == "may"
    assert entry("removed", "")(["a"], []) == "kept"
    assert entry("added", "", "keys")(KEY, []) == "kept"


@pytest.mark.parametrize(
    ("path", "live", "declared", "expected"),
    [
        ("value", "B", "A", "made"),
        ("value", {"value": "B"}, {"value": "A"}, "made"),
        ("value", {"value": "B"}, "A", "unmade"),
        ("value", "B", {"value": "A"}, "made"),
        ("", {}, {}, "kept"),
        ("", {"value": "B", "isEnabled": True}, {"value": "A"}, "may"),
        ("", {"value": "B", "nothing": 1}, {"value": "A"}, "may"),
    ],
)
def test_the_fields_that_differ_decide(path: str, live: Any, declared: Any, expected: str) -> None:
    """Of objects on both sides each field that is there now, else the one value."""
    about = finding(path, "changed", live=live, declared=declared)
    compare = verdicts.fields({"value": "ClaimValue", "isEnabled": "IsDisabled"})
    was, now = {"ClaimValue": "A", "IsDisabled": False}, {"ClaimValue": "B", "IsDisabled": True}
    assert compare(about, was, now) == expected


def test_an_unknown_field_may_have_been_written() -> None:
    """A field without a name in the log is not what the log calls by no name."""
    compare = verdicts.fields({"value": "ClaimValue"})
    about = finding("other", "changed", live="B", declared="A")
    assert compare(about, {None: "A"}, {None: "B"}) == "may"


def test_only_lists_of_an_authorized_client_have_scopes() -> None:
    """Its own id is none of them, in whatever shape."""
    judge = verdicts.scope(finding("scopes", element="a1"), "a1")
    for alone in ([{"AppId": "a1"}], [{"AppId": "a1", "Name": "a1"}], [{"AppId": "a1", "Number": 3}]):
        assert judge([], alone) == "kept"
    assert judge([], [{"AppId": "a1", "Ids": ["b", "A1"]}]) == "made"
