"""Users: every property of the schema, the picture that is not there, passwords, one's own profile."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conformance.graph_client import Graph, refused

fact = pytest.mark.fact


@fact("a user name may begin with a dollar", source="AZ-UPN, user-get documentation", grade="R")
def test_dollar(graph: Graph) -> None:
    """It is read and deleted in parentheses; without them the path is one of OData's."""
    name = "$bob#1@contoso.com"
    body = {
        "accountEnabled": True,
        "displayName": "Bob",
        "mailNickname": "bob",
        "userPrincipalName": name,
        "passwordProfile": {"password": "Aurora-71-borealis"},
    }
    made = graph.post("/users", body)
    assert made.status_code == 201, made.text
    path = "/users('$bob%231@contoso.com')"
    assert graph.get(path).json()["id"] == made.json()["id"]
    found = graph.post(f"{path}/getMemberGroups", {"securityEnabledOnly": False})
    assert (found.status_code, found.json()["value"]) == (200, [])
    refused(graph.get("/users/$bob%231@contoso.com"), 400, "BadRequest")
    assert graph.delete(path).status_code == 204
    assert graph.get(path).status_code == 404


UNSUPPORTED = "Request_UnsupportedQuery"
# Microsoft's schema of 2026-08-20, without what another service than the directory keeps.
NULL = [
    "ageGroup",
    "city",
    "companyName",
    "consentProvidedForMinor",
    "country",
    "creationType",
    "department",
    "employeeHireDate",
    "employeeId",
    "employeeLeaveDateTime",
    "employeeOrgData",
    "employeeType",
    "externalUserState",
    "externalUserStateChangeDateTime",
    "faxNumber",
    "isManagementRestricted",
    "isResourceAccount",
    "jobTitle",
    "legalAgeGroupClassification",
    "mobilePhone",
    "officeLocation",
    "onPremisesDistinguishedName",
    "onPremisesDomainName",
    "onPremisesImmutableId",
    "onPremisesLastSyncDateTime",
    "onPremisesSamAccountName",
    "onPremisesSecurityIdentifier",
    "onPremisesSyncEnabled",
    "onPremisesUserPrincipalName",
    "passwordPolicies",
    "postalCode",
    "preferredDataLocation",
    "preferredLanguage",
    "showInAddressList",
    "state",
    "streetAddress",
    "usageLocation",
]
EMPTY = [
    "assignedLicenses",
    "assignedPlans",
    "businessPhones",
    "otherMails",
    "provisionedPlans",
    "proxyAddresses",
]
WRITABLE: dict[str, Any] = {
    "ageGroup": "Adult",
    "businessPhones": ["+1 555 0100"],
    "city": "Bern",
    "companyName": "Contoso",
    "consentProvidedForMinor": "NotRequired",
    "country": "Switzerland",
    "department": "Research",
    "employeeHireDate": "2026-01-01T00:00:00Z",
    "employeeId": "0815",
    "employeeOrgData": {"costCenter": "17", "division": "North"},
    "employeeType": "Contractor",
    "faxNumber": "+1 555 0101",
    "givenName": "Given",
    "jobTitle": "Engineer",
    "mobilePhone": "+1 555 0102",
    "officeLocation": "18/2111",
    "onPremisesExtensionAttributes": {"extensionAttribute1": "one"},
    "onPremisesImmutableId": "immutable",
    "otherMails": ["other@example.org"],
    "passwordPolicies": "DisablePasswordExpiration",
    "postalCode": "3000",
    "preferredLanguage": "de-CH",
    "showInAddressList": True,
    "state": "BE",
    "streetAddress": "1 Street",
    "surname": "Sur",
    "usageLocation": "CH",
    "userType": "Guest",
}
STRONG = {"password": "Aurora-71-borealis", "forceChangePasswordNextSignIn": False}


def new_user(graph: Graph, **properties: Any) -> Any:
    """Send the creation of a user."""
    body = {
        "accountEnabled": True,
        "displayName": "Conformance User",
        "mailNickname": "conf",
        "userPrincipalName": "conf@contoso.com",
        "passwordProfile": STRONG,
        **properties,
    }
    return graph.post("/users", body)


@fact("every property of a user is null until it is set", source="CSDL", grade="D")
def test_null(graph: Graph, alice: str) -> None:
    """A property of the schema can be selected; what was never set is null, or empty."""
    body = graph.get(f"{alice}?$select={','.join((*NULL, *EMPTY))}").json()
    assert {name: body[name] for name in NULL} == dict.fromkeys(NULL)
    assert {name: body[name] for name in EMPTY} == {name: [] for name in EMPTY}
    refused(graph.get(f"{alice}?$select=nonsense"), 400, "BadRequest", "nonsense")


@fact(
    "properties of a user are written by POST and by PATCH",
    source="user documentation, terraform-provider-azuread 3.9.0",
    grade="D",
)
@pytest.mark.parametrize("name", WRITABLE)
def test_write(graph: Graph, name: str) -> None:
    """What is written at creation or later is read back, and null takes it away."""
    made = new_user(graph, **{name: WRITABLE[name]})
    assert made.status_code == 201, made.text
    path = f"/users/{made.json()['id']}"
    assert _within(WRITABLE[name], graph.get(f"{path}?$select={name}").json()[name])
    other = new_user(graph, userPrincipalName="later@contoso.com").json()["id"]
    assert graph.patch(f"/users/{other}", {name: WRITABLE[name]}).status_code == 204
    assert _within(WRITABLE[name], graph.get(f"/users/{other}?$select={name}").json()[name])
    assert graph.patch(f"/users/{other}", {name: None}).status_code == 204
    assert not graph.get(f"/users/{other}?$select={name}").json()[name]


@fact("read-only properties of a user", source="user documentation", grade="D", verdict="uncertain")
@pytest.mark.parametrize(
    "name",
    ["creationType", "onPremisesSyncEnabled", "proxyAddresses", "securityIdentifier", "signInActivity"],
)
def test_read_only(graph: Graph, alice: str, name: str) -> None:
    """What Graph alone writes is refused."""
    value: Any = {
        "proxyAddresses": ["SMTP:x@y"],
        "onPremisesSyncEnabled": True,
        "signInActivity": {"lastSignInRequestId": "x"},
    }
    response = graph.patch(alice, {name: value.get(name, "x")})
    refused(response, 400, "Request_BadRequest", f"Property '{name}' is read-only and cannot be set.")


@fact(
    "values of a user that Graph does not know",
    source="user documentation; text as for applications",
    grade="D",
    verdict="uncertain",
)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ageGroup", "Old"),
        ("usageLocation", "Switzerland"),
        ("consentProvidedForMinor", "Maybe"),
        ("passwordPolicies", "Weak"),
    ],
)
def test_wrong_values(graph: Graph, alice: str, name: str, value: str) -> None:
    """A value outside the documented ones is refused by the property's name."""
    text = f"Invalid value specified for property '{name}' of resource 'User'."
    refused(graph.patch(alice, {name: value}), 400, "Request_BadRequest", text)


@fact(
    "filters of users, by default and advanced",
    source="filter-directory-objects documentation",
    grade="D",
)
@pytest.mark.parametrize(
    ("text", "advanced"),
    [
        ("employeeId eq '0815'", False),
        ("usageLocation eq 'CH'", False),
        ("otherMails/any(m:m eq 'other@example.org')", False),
        ("ageGroup eq 'Adult'", False),
        ("city eq 'Bern'", False),
        ("companyName eq 'Contoso'", True),
        ("employeeType eq 'Contractor'", True),
        ("postalCode eq '3000'", True),
        ("employeeOrgData/division eq 'North'", True),
        ("onPremisesExtensionAttributes/extensionAttribute1 eq 'one'", True),
    ],
)
def test_filters(graph: Graph, text: str, *, advanced: bool) -> None:
    """A filter finds who has the value; those that need advanced queries are refused without them."""
    found = new_user(graph, **WRITABLE).json()["id"]
    if advanced:
        refused(graph.get(f"/users?$filter={text}"), 400, UNSUPPORTED)
        listed = graph.advanced(f"/users?$filter={text}&$count=true")
    else:
        listed = graph.get(f"/users?$filter={text}")
    assert [item["id"] for item in listed.json()["value"]] == [found]


@fact("what a new user has", source="user documentation", grade="D", verdict="uncertain")
def test_new_user(graph: Graph) -> None:
    """A member with an identity of the name, whose password was changed now and is shown to nobody."""
    path = f"/users/{new_user(graph).json()['id']}"
    names = "userType", "identities", "lastPasswordChangeDateTime", "createdDateTime", "passwordProfile"
    user = graph.get(f"{path}?$select=securityIdentifier,{','.join(names)}").json()
    identity = {"signInType": "userPrincipalName", "issuer": "contoso.onmicrosoft.com"}
    assert (user["userType"], user["passwordProfile"]["password"]) == ("Member", None)
    assert user["identities"] == [{**identity, "issuerAssignedId": "conf@contoso.com"}]
    assert user["lastPasswordChangeDateTime"] == user["createdDateTime"]
    assert user["securityIdentifier"].startswith("S-1-12-1-")


@fact("accounts of consumers", source="user-post-users documentation", grade="D")
def test_consumer(graph: Graph) -> None:
    """An account with identities gets a principal name of its own, and is found by an identity."""
    identity = {
        "signInType": "emailAddress",
        "issuer": "contoso.onmicrosoft.com",
        "issuerAssignedId": "c@example.org",
    }
    made = graph.post(
        "/users", {"displayName": "Consumer", "identities": [identity], "passwordProfile": STRONG}
    )
    assert made.status_code == 201, made.text
    assert made.json()["userPrincipalName"] == f"{made.json()['id']}@contoso.onmicrosoft.com"
    text = "identities/any(c:c/issuerAssignedId eq 'c@example.org' and c/issuer eq 'contoso.onmicrosoft.com')"
    assert [item["id"] for item in graph.get(f"/users?$filter={text}").json()["value"]] == [made.json()["id"]]
    kinds = [
        each["signInType"]
        for each in graph.get(f"/users/{made.json()['id']}?$select=identities").json()["identities"]
    ]
    assert kinds == ["emailAddress", "userPrincipalName"]


@fact(
    "weak passwords",
    source="password policy documentation; public field notes for the text",
    grade="D",
    verdict="uncertain",
)
@pytest.mark.parametrize("password", ["Short-1", "onlylowercase", "lower1234567", "A1-" + "x" * 254])
def test_weak_password(graph: Graph, alice: str, password: str) -> None:
    """A password has 8 to 256 characters of three of the four kinds, at creation and later, whatever its
    name's case.
    """
    text = "The specified password does not comply with password complexity requirements."
    refused(new_user(graph, passwordProfile={"password": password}), 400, "Request_BadRequest", text)
    refused(graph.patch(alice, {"passwordProfile": {"Password": password}}), 400, "Request_BadRequest", text)


@fact("weak passwords by policy", source="user documentation", grade="D")
def test_weak_password_by_policy(graph: Graph) -> None:
    """A user's policy can let kinds of characters be."""
    made = new_user(
        graph, passwordProfile={"password": "onlylowercase"}, passwordPolicies="DisableStrongPassword"
    )
    assert made.status_code == 201
    assert (
        graph.get(f"/users/{made.json()['id']}?$select=passwordProfile").json()["passwordProfile"]["password"]
        is None
    )


@fact(
    "no picture",
    source="profilephoto-get documentation",
    grade="S",
    verdict="uncertain",
)
@pytest.mark.parametrize("tail", ["photo", "photo/$value"])
def test_photo(graph: Graph, alice: str, tail: str) -> None:
    """A picture is not found."""
    refused(graph.get(f"{alice}/{tail}"), 404, "ImageNotFound")
    refused(graph.get(f"/users/nobody@contoso.com/{tail}"), 404, "Request_ResourceNotFound")


@fact("one's own profile", source="user-update documentation", grade="D", verdict="uncertain")
def test_me(as_user: Callable[..., Graph], graph: Graph) -> None:
    """A user changes his own profile, not what decides about his access."""
    bob = as_user("bob@contoso.com", "User.ReadWrite")
    assert bob.patch("/me", {"officeLocation": "18/2111"}).status_code == 204
    assert graph.get("/users/bob@contoso.com").json()["officeLocation"] == "18/2111"
    refused(bob.patch("/me", {"accountEnabled": False}), 403, "Authorization_RequestDenied")
    refused(
        as_user("bob@contoso.com", "User.Read").patch("/me", {"jobTitle": "x"}),
        403,
        "Authorization_RequestDenied",
    )


def _within(part: Any, whole: Any) -> bool:
    if isinstance(part, dict):
        return all(_within(value, whole[name]) for name, value in part.items())
    return bool(part == whole)
