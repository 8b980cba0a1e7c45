"""Random query options, casts and bodies in; each answer judged by what it had to heed, and how many were
honoured, out.
"""

import random
from collections import Counter
from typing import Any

from tests.conformance.graph.requested import (
    ADVANCED,
    LISTS,
    PROPERTIES,
    MustBeRefusedError,
    Row,
    ask,
    kind_of,
)
from tests.conformance.graph_client import BASE, Graph, role

# Of the requests so many are answered: a suite of refusals would prove nothing.
LEAST_HONOURED = 0.4
GUID = "11111111-2222-4333-8444-555555555555"
# What is written: (collection, name, value, what is read afterwards, or ... where it must be refused).
WRITES: list[tuple[str, str, Any, Any]] = [
    ("applications", "notes", "n", "n"),
    ("applications", "notes", None, None),
    ("applications", "NOTES", "in capitals", "in capitals"),
    ("applications", "notes", 5, ...),
    ("applications", "tags", ["a"], ["a"]),
    ("applications", "tags", "a", ...),
    ("applications", "tags", ["a b"], ...),
    ("applications", "Description", "d", "d"),
    ("applications", "isFallbackPublicClient", True, True),
    ("applications", "isFallbackPublicClient", "yes", ...),
    ("applications", "web", {"LogoutUrl": "https://x.example/out"}, {"logoutUrl": "https://x.example/out"}),
    ("applications", "web", {"nonsense": 1}, ...),
    ("applications", "web", [], ...),
    ("applications", "signInAudience", "AzureADMultipleOrgs", "AzureADMultipleOrgs"),
    ("applications", "signInAudience", "Everybody", ...),
    ("applications", "appId", GUID, ...),
    ("applications", "nonsense", "x", ...),
    ("applications", "owners", [], ...),
    ("applications", "owners@odata.bind", [], ...),
    ("applications", "nonsense@odata.bind", ["x"], ...),
    ("applications", "appRoles", [{**role("Reader"), "nonsense": 1}], ...),
    ("applications", "groupMembershipClaims", "SecurityGroup", "SecurityGroup"),
    (
        "applications",
        "spa",
        {"redirectUris": ["https://x.example/"]},
        {"redirectUris": ["https://x.example/"]},
    ),
    ("servicePrincipals", "notes", "n", "n"),
    ("servicePrincipals", "AppRoleAssignmentRequired", True, True),
    ("servicePrincipals", "displayName", "x", ...),
    ("servicePrincipals", "appRoles", [role("Reader")], ...),
    ("servicePrincipals", "servicePrincipalType", "Legacy", ...),
    ("servicePrincipals", "owners@odata.bind", [], ...),
    ("servicePrincipals", "nonsense", "x", ...),
    ("groups", "description", "d", "d"),
    ("groups", "DisplayName", "conf silent", "conf silent"),
    ("groups", "owners@odata.bind", [], ...),
    ("groups", "securityIdentifier", "S-1", ...),
    ("groups", "nonsense", "x", ...),
    ("users", "jobTitle", "Engineer", "Engineer"),
    ("users", "EmployeeOrgData", {"Division": "North"}, {"division": "North"}),
    ("users", "employeeOrgData", {"nonsense": 1}, ...),
    ("users", "usageLocation", "Nowhere", ...),
    ("users", "assignedLicenses", [{"skuId": GUID}], ...),
    ("users", "manager@odata.bind", ["x"], ...),
    ("users", "nonsense", "x", ...),
]
CASTS = ["user", "group", "servicePrincipal", "application", "device", "directoryRole", "nonsense"]


class Suite:
    """A tenant, the truth about it, and how many requests it answered."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        users = graph.get("/users?$top=2").json()["value"]
        group = graph.group(displayName="conf silent")["id"]
        for user in users:
            graph.post(
                f"/groups/{group}/members/$ref", {"@odata.id": f"{BASE}/directoryObjects/{user['id']}"}
            )
            graph.post(f"/groups/{group}/owners/$ref", {"@odata.id": f"{BASE}/directoryObjects/{user['id']}"})
        graph.patch(f"/users/{users[0]['id']}", {"department": "Research", "companyName": "Contoso"})
        self.group, self.user = f"/groups/{group}", f"/users/{users[0]['id']}"
        app = graph.application(displayName="conf silent")
        self.objects = {
            "applications": f"/applications/{app['id']}",
            "servicePrincipals": f"/servicePrincipals/{graph.principal(app)['id']}",
            "groups": self.group,
            "users": f"/users/{users[1]['id']}",
        }
        below = {"members": self.group, "members/microsoft.graph.user": self.group, "owners": self.group}
        for number in range(3):
            gone = graph.group(displayName=f"conf gone {number}", groupTypes=["Unified"], mailEnabled=True)
            graph.delete(f"/groups/{gone['id']}")
        below["memberOf/microsoft.graph.group"] = self.user
        self.paths = {name: f"{below.get(name, '')}/{name}" for name in LISTS}
        self.seen: Counter[str] = Counter()

    def truth(self, name: str) -> list[Row]:
        """Read every row of a list with all that filters are about, by a request without options of their
        own.
        """
        names = ",".join(["id", *(each for each in PROPERTIES[kind_of(name)] if each != "nonsense")])
        return list(self.graph.get(f"{self.paths[name]}?$top=999&$select={names}").json()["value"])

    def read(self, chance: random.Random, truths: dict[str, list[Row]]) -> None:
        """Send a random read, and judge its answer."""
        name, requested = ask(chance, self.paths)
        response = self.graph.send("GET", requested.path, headers=requested.headers)
        if self._refused(response):
            return
        body = int(response.text) if requested.number else response.json()
        try:
            fault = requested.holds(body, truths[name])
        except MustBeRefusedError:
            fault = "it should have been refused"
        assert not fault, f"GET {requested.path} {requested.headers}: {fault}"

    def cast(self, chance: random.Random, truths: dict[str, list[Row]]) -> None:
        """Send a read with a random cast: only objects of that type may come."""
        kind = chance.choice(CASTS)
        base = chance.choice(
            [
                f"{self.group}/members",
                f"{self.group}/owners",
                f"{self.user}/memberOf",
                f"{self.user}/ownedObjects",
            ]
        )
        response = self.graph.send("GET", f"{base}/microsoft.graph.{kind}", headers=ADVANCED)
        if self._refused(response):
            return
        known = {row["id"] for row in truths.get(f"{kind}s", [])}
        assert all(item["id"] in known for item in response.json()["value"]), f"{base}/microsoft.graph.{kind}"

    def write(self, chance: random.Random) -> None:
        """Write a random property: it is read back, or the request is refused."""
        collection, name, value, expected = chance.choice(WRITES)
        path = self.objects[collection]
        response = self.graph.patch(path, {name: value})
        if self._refused(response):
            assert expected is ..., f"{name} = {value!r} of {collection} is refused: {response.text}"
            return
        assert expected is not ..., f"{name} = {value!r} of {collection} was taken"
        body = self.graph.get(f"{path}?$select={name}").json()
        found = next(each for key, each in body.items() if key.casefold() == name.casefold())
        if isinstance(expected, dict):
            found = {key: found[key] for key in expected}
        assert found == expected, f"{name} = {value!r} is read as {found!r}"

    def _refused(self, response: Any) -> bool:
        if response.status_code < 400:
            self.seen["honoured"] += 1
            return False
        error = response.json()["error"]
        assert error["code"], response.text
        assert error["message"], response.text
        assert response.status_code < 500 or error["code"] == "NotImplemented", response.text
        self.seen["refused"] += 1
        return True


def run(graph: Graph, number: int, seed: int) -> Counter[str]:
    """Send random requests, judge each, and count those honoured and those refused in Graph's words."""
    chance = random.Random(seed)
    suite = Suite(graph)
    truths = {name: suite.truth(name) for name in LISTS}
    for _ in range(number):
        draw = chance.random()
        if draw < 0.75:
            suite.read(chance, truths)
        elif draw < 0.85:
            suite.cast(chance, truths)
        else:
            suite.write(chance)
            truths.update({name: suite.truth(name) for name in LISTS})
    return suite.seen


def check(graph: Graph, number: int, seed: int) -> Counter[str]:
    """Send random requests, and ask besides that enough of them are honoured."""
    seen = run(graph, number, seed)
    assert seen["honoured"] >= LEAST_HONOURED * number, seen
    return seen
