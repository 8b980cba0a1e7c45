"""A grid of people and roles in, one AccessTest a row out.

grid:
  roles:               [Reader, Writer, Admin]
  alice@contoso.com:   [x,      x,      .    ]      # exactly Reader and Writer
  MyApp Admins:        [.,      .,      x    ]      # somebody who is in this group and no other
  mallory@contoso.com: AADSTS50105                  # is not let in
"""

from __future__ import annotations

from entra_config.manifest.fields.access_test_records import CELLS, GRID
from entra_config.manifest.fields.binder import bind
from entra_config.manifest.reading.node import Entry, Items, Map, Node, Scalar
from entra_config.manifest.reading.reader import Reader
from entra_config.testing import claims, tests
from entra_config.testing.model import AccessTest, ExpectedClaim, ExpectedOutcome, PlacedString, SignInUser
from entra_config.testing.tests import Context

HEAD = "roles"
HELD, NOT_HELD = "x", "."


def is_grid(node: Node) -> bool:
    """Tell whether an entry of `tests` is a grid."""
    return isinstance(node, Map) and "grid" in node.entries


def read(node: Node, context: Context) -> list[AccessTest]:
    """Read a grid."""
    reader = context.reader
    assert isinstance(node, Map)
    fields = bind(node, "tests", GRID, reader)
    name = reader.required(node, "it", "a grid")
    request = tests.request(fields, reader)
    only = tests.only(fields, context)
    at = tests.moment(fields["at"], fields.node("at"), "at", reader)
    table = bind(fields["grid"], "grid", CELLS, reader).map
    roles = tests.words(table.node(HEAD))
    rows = [entry for entry in table.entries.values() if entry.key != HEAD]
    if not roles:
        reader.problems.add(
            table.where(HEAD), "`roles` is missing: the heads of the columns, such as [Reader, Writer]"
        )
    if not rows:
        reader.problems.add(table.position, "a grid has a row for each person, or for each group")
    found = []
    for row in rows:
        wanted = _row(row, roles, reader)
        if request is not None and wanted is not None and name:
            who = _who(row, context)
            found.append(
                AccessTest(
                    f"{name}: {row.key}", row.position, request, wanted, "code", who, None, only, at, roles
                )
            )
    return found


def _who(row: Entry, context: Context) -> SignInUser:
    known = tests.named(row.key, context)
    if known is not None:
        return known
    if "@" in row.key:
        tests.somebody(Scalar(row.key, row.position), context)
    return SignInUser("", (PlacedString(row.key, row.position),), position=row.position)


def _row(row: Entry, roles: tuple[PlacedString, ...], reader: Reader) -> ExpectedOutcome | None:
    node = row.node
    if not isinstance(node, Items):
        refused = claims.refusal(node, reader)
        return ExpectedOutcome(refused, {}, row.position) if refused else None
    marks = [item.value if isinstance(item, Scalar) else None for item in node.items]
    for item, mark in zip(node.items, marks, strict=True):
        if mark not in (HELD, NOT_HELD):
            reader.expected(item, row.key, "`x` (has the role) or `.` (has it not)")
    if len(marks) != len(roles):
        message = f"has {len(marks)} cells, and there are {len(roles)} roles"
        reader.problems.add(node.position, f"`{row.key}` {message}")
        return None
    held = tuple(role.text for role, mark in zip(roles, marks, strict=True) if mark == HELD)
    return ExpectedOutcome(None, {"token": (ExpectedClaim("roles", "is", held, row.position),)}, row.position)
