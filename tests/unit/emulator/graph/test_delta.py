"""Delta queries: everything first, then what came, changed and went, page by page."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import V1, World, short

GONE = "410 syncStateNotFound: The sync state is not found. A full synchronization is required."
BAD = "400 Request_BadRequest: Badly formed token."


class Round:
    """A delta query that is followed to its end, again and again."""

    def __init__(self, made: World, target: str) -> None:
        self.made = made
        self.link = target

    def pages(self) -> list[list[Row]]:
        """Return the pages of one round, and remember the link to the next."""
        found: list[list[Row]] = []
        while True:
            response = self.made.get(self.link)
            assert response.status == 200, short(response)
            body = response.body or {}
            found.append(body["value"])
            assert ("@odata.nextLink" in body) == bool(body["value"])
            self.link = str(body.get("@odata.nextLink") or body["@odata.deltaLink"]).removeprefix(V1)
            if "@odata.deltaLink" in body:
                return found

    def rows(self) -> list[Row]:
        """Return what a round lists."""
        return [row for page in self.pages() for row in page]


def test_what_came_changed_and_went() -> None:
    """Hold how each is told, in the order of ids."""
    made = World()
    rounds = Round(made, "/users/delta?$select=displayName")
    rounds.pages()
    alice, bob, carol = (made.user(name) for name in ("alice", "bob", "carol"))
    assert made.short("DELETE", f"/users/{alice['id']}") == "204"
    made.tenant.users.remove(bob["id"])
    made.tenant.users.put({**carol, "displayName": "Carla"})
    new = "00000000-0000-4000-8000-000000000001"
    made.tenant.users.put({**carol, "id": new, "displayName": "New"})
    expected = [
        {"id": new, "displayName": "New"},
        {"id": carol["id"], "displayName": "Carla"},
        {"id": alice["id"], "@removed": {"reason": "changed"}},
        {"id": bob["id"], "@removed": {"reason": "deleted"}},
    ]
    assert rounds.rows() == sorted(expected, key=lambda row: str(row["id"]))
    assert rounds.rows() == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id eq '{alice}'", ["alice"]),
        ("id in ('{alice}','{bob}')", ["alice", "bob"]),
        ("id eq '{alice}' or id eq '{bob}'", ["alice", "bob"]),
        ("displayName eq 'x'", None),
        ("id eq '{alice}' or displayName eq 'x'", None),
        ("displayName eq 'x' or id eq '{alice}'", None),
        ("id eq '{alice}' and id eq '{bob}'", None),
        ("id ne '{alice}'", None),
    ],
)
def test_some_objects(text: str, expected: list[str] | None) -> None:
    """Hold that a round is about those whose ids it names, in later rounds too."""
    made = World()
    ids = {name: made.user(name)["id"] for name in ("alice", "bob", "carol")}
    target = f"/users/delta?$filter={text.format(**ids)}"
    if expected is None:
        refused = "400 Request_UnsupportedQuery: Delta queries can be filtered by id only."
        assert made.short("GET", target) == refused
        return
    rounds = Round(made, target)
    assert {row["id"] for row in rounds.rows()} == {ids[name] for name in expected}
    for row in list(made.tenant.users):
        made.tenant.users.put({**row, "displayName": "x"})
    assert {row["id"] for row in rounds.rows()} == {ids[name] for name in expected}


def test_members() -> None:
    """Hold that who came and who left is told with the group, and the kinds of both."""
    made = World()
    group = made.group("MyApp Leads")
    ids: dict[str, Any] = {name: made.user(name)["id"] for name in ("alice", "heidi")}
    rounds = Round(made, "/groups/delta")
    first = {row["id"]: row.get("members@delta") for row in rounds.rows()}
    user = {"@odata.type": "#microsoft.graph.user"}
    assert first[group["id"]] == [{**user, "id": ids["heidi"]}]
    assert made.group("All Staff")["id"] in first
    made.tenant.members.add(group["id"], ids["alice"])
    made.tenant.members.add(group["id"], "nobody")
    made.tenant.members.remove(group["id"], ids["heidi"])
    (changed,) = rounds.rows()
    assert (changed["id"], changed["members@delta"]) == (
        group["id"],
        [
            {**user, "id": ids["alice"]},
            {"id": "nobody"},
            {**user, "id": ids["heidi"], "@removed": {"reason": "deleted"}},
        ],
    )
    made.tenant.members.add(made.group("MyApp Admins")["id"], "somebody")
    made.tenant.members.remove(made.group("MyApp Admins")["id"], "somebody")
    made.tenant.groups.put({**made.group("All Staff"), "id": "empty", "displayName": "Empty"})
    made.tenant.members.add("empty", "somebody")
    made.tenant.members.remove("empty", "somebody")
    assert [row["id"] for row in rounds.rows()] == ["empty"]
    made.tenant.members.add("empty", "somebody")
    made.tenant.members.remove("empty", "somebody")
    assert rounds.rows() == []
    made.tenant.groups.put({**group, "description": "d"})
    assert ["members@delta" in row for row in rounds.rows()] == [False]
    selected = Round(made, "/groups/delta?$select=displayName")
    assert all(set(row) == {"displayName", "id"} for row in selected.rows())


def test_tokens_of_others() -> None:
    """Hold that one is good for its collection and its kind of link; who is too old begins anew."""
    made = World()
    body = made.get("/users/delta").body or {}
    next_token = body["@odata.nextLink"].partition("=")[2]
    last = made.get(body["@odata.nextLink"].removeprefix(V1)).body or {}
    delta_token = last["@odata.deltaLink"].partition("=")[2]
    for target in (
        f"/users/delta?$deltatoken={next_token}",
        f"/users/delta?$skiptoken={delta_token}",
        f"/groups/delta?$skiptoken={next_token}",
        f"/groups/delta?$deltatoken={delta_token}",
        "/users/delta?$skiptoken=x",
    ):
        assert made.short("GET", target) == BAD
    number, session = next(iter(made.tenant.deltas.items()))
    made.tenant.deltas.clear()
    assert made.short("GET", f"/users/delta?$skiptoken={next_token}") == GONE
    made.tenant.deltas.update({f"old {place}": session for place in range(198)})
    made.tenant.deltas[number] = session
    assert made.short("GET", f"/users/delta?$deltatoken={delta_token}") == "200"
    assert (len(made.tenant.deltas), next(iter(made.tenant.deltas))) == (200, "old 0")
    made.get("/users/delta")
    assert (len(made.tenant.deltas), next(iter(made.tenant.deltas))) == (200, "old 1")
