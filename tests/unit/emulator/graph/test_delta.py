"""Delta queries: everything first, then what came, changed and went, page by page."""

from __future__ import annotations

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


def test_two_hundred_rounds_are_known() -> None:
    """Hold that the oldest round is forgotten for a new one."""
    made = World()
    made.get("/users/delta")
    number, session = made.tenant.deltas.popitem()
    made.tenant.deltas.update({f"old {place}": session for place in range(199)})
    made.tenant.deltas[number] = session
    made.get("/users/delta")
    assert (len(made.tenant.deltas), next(iter(made.tenant.deltas))) == (200, "old 1")
