"""Objects of any type: by their ids, read and deleted, and the groups that hold them."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator.graph.call import CollectionResponse
from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import V1, World

CONTEXT = f"{V1}/$metadata#"
LOCATION = (("Location", "https://graph.microsoft.com"),)
PATH = "/directoryObjects/getByIds"
DEVICE = "dddddddd-0000-4000-8000-000000000001"
NOBODY = "eeeeeeee-0000-4000-8000-000000000001"


class Objects(World):
    """A world with an object of each kind."""

    def __init__(self) -> None:
        super().__init__()
        principal = self.principal("Client")
        app = self.tenant.application_by_app_id(principal["appId"]) or {}
        self.tenant.tables["devices"].put({"id": DEVICE, "displayName": "d"})
        self.rows: dict[str, Row] = {
            "user": self.user("alice"),
            "group": self.group("MyApp Leads"),
            "servicePrincipal": principal,
            "application": app,
            "device": {"id": DEVICE},
        }

    def ids(self, *kinds: str) -> list[str]:
        """Return the ids of objects of these kinds."""
        return [self.rows[kind]["id"] if kind in self.rows else kind for kind in kinds]


PARAMETER = "400 Request_BadRequest: Invalid value specified for parameter '{}'."


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, PARAMETER.format("ids")),
        ({"ids": "x"}, PARAMETER.format("ids")),
        ({"ids": ["x", 1]}, PARAMETER.format("ids")),
        ({"ids": [], "types": "user"}, PARAMETER.format("types")),
        ({"ids": ["x"] * 1000}, "200"),
        ({"ids": ["x"] * 1001}, "400 Request_BadRequest: The number of ids exceeds the maximum of 1000."),
        ({"ids": [], "more": 1}, ("400 BadRequest: The parameter 'more' in the request payload is "
                                 "not a valid parameter "
                                 "for the operation 'getByIds'.")),
        ({"ids": [], "IDS": []}, ("400 BadRequest: The parameter 'IDS' in the request payload is not "
                                 "a valid parameter "
                                 "for the operation 'getByIds'.")),
        ({"ids": [], "ids@odata.type": "x"}, "200"),
    ],
)  # fmt: skip
def test_what_may_be_wanted(body: Row, expected: str) -> None:
    """Hold what ids and types are, and how many there may be."""
    assert World().short("POST", PATH, body) == expected


class Held(Objects):
    """A world in which a group is in a group, that in another, and the last one is no security group."""

    def __init__(self) -> None:
        super().__init__()
        template = self.group("MyApp Leads")
        self.chain = [f"{number}0000000-0000-4000-8000-000000000001" for number in range(3)]
        for place, row_id in enumerate(self.chain):
            self.tenant.groups.put({**template, "id": row_id, "securityEnabled": place < 2})
        self.tenant.members.add(self.chain[0], self.rows["servicePrincipal"]["id"])
        self.tenant.members.add(self.chain[1], self.chain[0])
        self.tenant.members.add(self.chain[2], self.chain[1])
        self.path = f"/servicePrincipals/{self.rows['servicePrincipal']['id']}"


def listed(ids: list[str]) -> CollectionResponse:
    """Return the response that lists ids."""
    body = {"@odata.context": f"{CONTEXT}Collection(Edm.String)", "value": ids}
    return CollectionResponse(200, body, headers=LOCATION)


@pytest.mark.parametrize(
    ("action", "name"), [("checkMemberGroups", "groupIds"), ("checkMemberObjects", "ids")]
)
def test_which_groups_hold_it(action: str, name: str) -> None:
    """Hold that of those that are named the ones are given that do, directly or not."""
    made = Held()
    first, _, last = made.chain
    wanted = [last.upper(), NOBODY, made.group("All Staff")["id"], first]
    assert made.send("POST", f"{made.path}/{action}", {name: wanted}) == listed([last, first])
    for number, expected in ((20, "200"), (21, (f"400 Request_BadRequest: The number of {name} "
                                               f"exceeds the maximum "
                                               "of 20."))):  # fmt: skip
        assert made.short("POST", f"{made.path}/{action}", {name: [first] * number}) == expected
    assert made.short("POST", f"{made.path}/{action}", {}) == PARAMETER.format(name)


@pytest.mark.parametrize("action", ["getMemberGroups", "getMemberObjects"])
@pytest.mark.parametrize(
    ("body", "number"), [({}, 3), ({"securityEnabledOnly": False}, 3), ({"securityEnabledOnly": True}, 2)]
)
def test_all_groups_that_hold_it(action: str, body: Row, number: int) -> None:
    """Hold that they are given, directly or not, or those of security alone."""
    made = Held()
    assert made.send("POST", f"{made.path}/{action}", body) == listed(made.chain[:number])
    text = "400 Request_BadRequest: Cannot convert a primitive value to the expected type 'Edm.Boolean'."
    assert made.short("POST", f"{made.path}/{action}", {"securityEnabledOnly": "yes"}) == text


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/me", "own"),
        ("/users/alice@contoso.com", "own"),
        ("/users/{user}", "own"),
        ("/directoryObjects/{user}", "own"),
        ("/groups/{group}", "none"),
        ("/devices/{device}", "none"),
        (f"/directoryObjects/{NOBODY}", f"404 Request_ResourceNotFound: Resource '{NOBODY}'"),
        ("/users/x@contoso.com", "404 Request_ResourceNotFound: Resource 'x@contoso.com'"),
    ],
)
def test_whose_groups(path: str, expected: str) -> None:
    """Hold whom each path names."""
    made = Objects()
    for group in list(made.tenant.groups):
        made.tenant.members.drop(group["id"])
    made.tenant.members.add(made.rows["group"]["id"], made.rows["user"]["id"])
    caller = made.as_user("alice", "Directory.Read.All")
    target = path.format(**{kind: row["id"].upper() for kind, row in made.rows.items()})
    found: Any = made.send("POST", f"{target}/getMemberGroups", {}, caller=caller)
    if expected in {"own", "none"}:
        assert found == listed([made.rows["group"]["id"]] if expected == "own" else [])
    else:
        assert made.short("POST", f"{target}/getMemberGroups", {}, caller=caller).startswith(expected)
