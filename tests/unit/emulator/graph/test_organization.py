"""The tenant itself: its organization, domains and plan, as Graph shows them, and whom users answer to."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.graph.call import CollectionResponse
from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import ADVANCED, BASE, V1, World

CONTEXT = f"{V1}/$metadata#"
HERE = f"/organization/{seed.CONTOSO}"


def found(response: CollectionResponse) -> Row:
    """Return the body of a response that is no refusal."""
    assert response.status == 200, response.body
    return response.body or {}


def test_the_organization() -> None:
    """Hold its name and domains, that it is a list of one, and that another's id is no one's."""
    made = World()
    one, listed = found(made.get(HERE)), found(made.get("/organization"))
    assert (one["@odata.context"], listed["@odata.context"]) == (
        f"{CONTEXT}organization/$entity",
        f"{CONTEXT}organization",
    )
    assert listed["value"] == [{name: value for name, value in one.items() if name != "@odata.context"}]
    assert (one["id"], one["displayName"]) == (seed.CONTOSO, "Contoso")
    assert [(each["name"], each["isInitial"], each["isDefault"]) for each in one["verifiedDomains"]] == [
        ("contoso.onmicrosoft.com", True, False),
        ("contoso.com", False, True),
    ]
    missing = f"404 Request_ResourceNotFound: Resource '{seed.FABRIKAM}'"
    for method in ("GET", "PATCH"):
        assert made.short(method, f"/organization/{seed.FABRIKAM}", {}).startswith(missing)


@pytest.mark.parametrize(("quota", "total"), [(None, 300_000), (50, 50), (0, 0)])
def test_its_quota(quota: int | None, total: int) -> None:
    """Hold that beta alone shows it, with what is used of it: a deleted object is a quarter."""
    made = World()
    made.tenant.choices = made.tenant.choices.changed({"objectQuota": quota})
    names = ("applications", "servicePrincipals", "groups", "users", "devices")
    used = sum(len(made.tenant.tables[name]) for name in names)
    for number in range(9):
        made.tenant.deleted_items.put({"id": str(number)})
    assert found(made.get(HERE, version="beta"))["directorySizeQuota"] == {"used": used + 2, "total": total}
    assert "directorySizeQuota" not in found(made.get(HERE))


def test_what_administrators_write() -> None:
    """Hold that it is shown, that what was written before stays, and that the rest is Graph's."""
    made = World()
    first, second = {"technicalNotificationMails": ["a@b.c"]}, {"privacyProfile": {"contactEmail": "d@e.f"}}
    assert [made.short("PATCH", HERE, sent) for sent in (first, second)] == ["204", "204"]
    shown = found(made.get(HERE))
    assert (shown["technicalNotificationMails"], shown["privacyProfile"]["contactEmail"]) == (
        ["a@b.c"],
        "d@e.f",
    )
    fixed = "400 Request_BadRequest: Property 'displayName' is read-only and cannot be set."
    assert made.short("PATCH", HERE, {**first, "displayName": "x"}) == fixed


def domain(name: str, *, default: bool = False, initial: bool = False, verified: bool = True) -> Row:
    """Return a domain as reads show it."""
    return {
        "authenticationType": "Managed",
        "availabilityStatus": None,
        "id": name,
        "isAdminManaged": True,
        "isDefault": default,
        "isInitial": initial,
        "isRoot": True,
        "isVerified": verified,
        "supportedServices": ["Email", "OfficeCommunicationsOnline"] if verified else [],
        "passwordValidityPeriodInDays": 2147483647,
        "passwordNotificationWindowInDays": 14,
        "state": None,
    }


def test_domains() -> None:
    """Verified domains come first."""
    made = World()
    made.tenant.choices = made.tenant.choices.changed({"unverifiedDomains": ["contoso.net"]})
    rows = [
        domain("contoso.onmicrosoft.com", initial=True),
        domain("contoso.com", default=True),
        domain("contoso.net", verified=False),
    ]
    assert found(made.get("/domains")) == {"@odata.context": f"{CONTEXT}domains", "value": rows}
    for row in rows:
        shown = {"@odata.context": f"{CONTEXT}domains/$entity", **row}
        assert found(made.get(f"/domains/{row['id'].upper()}")) == shown
    assert made.short("GET", "/domains/fabrikam.com").startswith(
        "404 Request_ResourceNotFound: Resource 'fabrikam"
    )


class People(World):
    """A world in which Alice answers to Bob, and he to Carol."""

    def __init__(self) -> None:
        super().__init__()
        self.ids = {name: self.user(name)["id"] for name in ("alice", "bob", "carol", "dave")}
        self.tenant.managers.add(self.ids["alice"], self.ids["bob"])
        self.tenant.managers.add(self.ids["bob"], self.ids["carol"])

    def link(self, name: str) -> Row:
        """Return what refers to a user."""
        return {"@odata.id": f"{V1}/users/{self.ids[name]}"}


def test_whom_a_user_answers_to() -> None:
    """Hold what is shown of a manager, by whom, and who has none."""
    made = People()
    path = "/users/alice@contoso.com/manager"
    shown = found(made.get(path))
    assert (shown["@odata.context"], shown["@odata.type"], shown["id"]) == (
        f"{CONTEXT}directoryObjects/$entity",
        "#microsoft.graph.user",
        made.ids["bob"],
    )
    assert found(made.get(f"{path}?$select=displayName")) == {
        "@odata.context": f"{CONTEXT}directoryObjects(displayName)/$entity",
        "@odata.type": "#microsoft.graph.user",
        "displayName": "Bob Baker",
    }
    where = f"{BASE}/v2/{seed.CONTOSO}/directoryObjects/{made.ids['bob']}/Microsoft.DirectoryServices.User"
    assert found(made.get(f"{path}/$ref")) == {"@odata.context": f"{CONTEXT}$ref", "@odata.id": where}
    alice = made.as_user("alice", "User.Read.All")
    assert found(made.get("/me/manager", caller=alice))["id"] == made.ids["bob"]
    missing = "404 Request_ResourceNotFound: Resource 'manager'"
    assert made.short("GET", "/users/carol@contoso.com/manager").startswith(missing)
    assert made.short("DELETE", "/users/carol@contoso.com/manager/$ref").startswith(missing)


def test_a_manager_comes_and_goes() -> None:
    """Hold that there is one, that nobody is his own, and that he may leave."""
    made = People()
    path = "/users/alice@contoso.com/manager/$ref"
    assert made.send("PUT", path, made.link("dave")) == CollectionResponse(204)
    assert made.tenant.managers.targets(made.ids["alice"]) == [made.ids["dave"]]
    own = "400 Request_BadRequest: One or more property values specified are invalid."
    assert made.short("PUT", path, made.link("alice")) == own
    assert made.send("DELETE", path) == CollectionResponse(204)
    assert made.tenant.managers.targets(made.ids["alice"]) == []
    group = {"@odata.id": f"{V1}/groups/{made.group('All Staff')['id']}"}
    assert made.short("PUT", path, group).startswith("400 Request_BadRequest: The reference target 'Group_")


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ("", ["bob"]),
        ("($levels=1)", ["bob"]),
        ("($levels=2)", ["bob", "carol"]),
        ("($levels=max)", ["bob", "carol"]),
        ("($levels=max;$select=id)", ["bob", "carol"]),
    ],
)
def test_managers_of_managers(levels: str, expected: list[str]) -> None:
    """Hold how far up they are written beside a user, and what of each."""
    made = People()
    row: Any = found(made.get(f"/users/alice@contoso.com?$expand=manager{levels}&$select=id,displayName",
                              headers=ADVANCED))  # fmt: skip
    names = []
    while "manager" in row:
        row = row["manager"]
        names.append(next(name for name, row_id in made.ids.items() if row_id == row["id"]))
        assert set(row) - {"manager"} == {"@odata.type", "id"} or "$select" not in levels
        assert "userPrincipalName" in row or "$select" in levels
    assert names == expected
    reports = found(made.get("/users/bob@contoso.com?$expand=directReports"))["directReports"]
    assert [each["id"] for each in reports] == [made.ids["alice"]]


@pytest.mark.parametrize("more", ["photo", "photo/$value"])
def test_pictures(more: str) -> None:
    """Hold that nobody has one, and who is nobody."""
    made = World()
    text = (
        "404 ImageNotFound: Exception of type "
        "'Microsoft.Fast.Profile.Core.Exception.ImageNotFoundException' was "
    )
    assert made.short("GET", f"/users/alice@contoso.com/{more}") == f"{text}thrown."
    assert made.short("GET", f"/users/x@contoso.com/{more}").startswith("404 Request_ResourceNotFound")
