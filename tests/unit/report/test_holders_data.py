"""Who holds what as JSON and as rows, whole."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from typing import Any

from entra_config.actual.access import Entrance, Holding, Ownership
from entra_config.errors import Position
from entra_config.plan.model import TenantInfo
from entra_config.report import holders_data
from entra_config.report.holders import AccessReading

HERE = Position("a.yaml", 5, 2)
DAY = date(2026, 12, 31)
ABOUT = AccessReading(
    "myapp/prod", TenantInfo("t1", "contoso"), datetime(2026, 11, 26, 10, 4, tzinfo=UTC), "Reader"
)
WHOLE = Holding(
    "api",
    "Admin",
    "user",
    "ann@x",
    "1",
    "group HR",
    "2026-11-20",
    HERE,
    "chief",
    "g",
    "2026-11-21",
    disabled=True,
    role_deleted=True,
    until=DAY,
    undeclared=True,
    called="Ann",
)
BARE = Holding("api", "=A()", "application", "Röbot", "a", "consent", undeclared=True)
OWNERS = [
    Ownership("api", "user", "bob@x", "2", ("api/A",), DAY),
    Ownership("spa", "user", "ann@x", "1", disabled=True),
]


def test_holders_are_a_versioned_document() -> None:
    """Each value under its name, ASCII only; what only people read is left out."""
    entrances = [
        Entrance("api"),
        Entrance("spa", enabled=False, assignment_required=False, missing="application"),
    ]
    text = holders_data.to_json([WHOLE, BARE], OWNERS, entrances, ABOUT)
    assert text.isascii()
    assert text.endswith("\n}\n")
    assert text.startswith('{\n  "version": 2,\n')
    whole = {
        "application": "api",
        "role": "Admin",
        "type": "user",
        "name": "ann@x",
        "id": "1",
        "through": "group HR",
        "since": "2026-11-20",
        "position": str(HERE),
        "label": "chief",
        "group": "g",
        "memberSince": "2026-11-21",
        "disabled": True,
        "roleDeleted": True,
        "until": "2026-12-31",
        "empty": False,
        "undeclared": False,
    }
    bare = {
        "application": "api",
        "role": "=A()",
        "type": "application",
        "name": "Röbot",
        "id": "a",
        "through": "consent",
        "since": "",
        "position": None,
        "label": "",
        "group": "",
        "memberSince": "",
        "disabled": False,
        "roleDeleted": False,
        "until": None,
        "empty": False,
        "undeclared": True,
    }
    assert json.loads(text) == {
        "version": 2,
        "kind": "access",
        "tenant": {"id": "t1", "name": "contoso"},
        "readAt": "2026-11-26T10:04:00+00:00",
        "readBy": "Reader",
        "holders": [whole, bare],
        "owners": [
            {
                "application": "api",
                "type": "user",
                "name": "bob@x",
                "id": "2",
                "permissions": ["api/A"],
                "until": "2026-12-31",
                "disabled": False,
            },
            {
                "application": "spa",
                "type": "user",
                "name": "ann@x",
                "id": "1",
                "permissions": [],
                "until": None,
                "disabled": True,
            },
        ],
        "apis": [
            {"application": "api", "enabled": True, "assignmentRequired": True, "missing": ""},
            {"application": "spa", "enabled": False, "assignmentRequired": False, "missing": "application"},
        ],
        "potential": None,
    }


def test_of_nothing_there_is_an_empty_document() -> None:
    """Whoever reads it finds each part."""
    empty: dict[str, Any] = {
        "tenant": None,
        "readAt": None,
        "readBy": None,
        "holders": [],
        "owners": [],
        "apis": [],
        "potential": None,
    }
    assert json.loads(holders_data.to_json([])) == {"version": 2, "kind": "access", **empty}


def test_holders_are_rows_and_no_cell_is_a_formula() -> None:
    """One for each holder, then for each owner, all with what was read where; every cell in quotes."""
    text = holders_data.to_csv([WHOLE, BARE], OWNERS, ABOUT)
    assert text.count("\r\n") == 5
    assert text.startswith('"application","role"')
    header, whole, bare, bob, ann = csv.reader(io.StringIO(text))
    assert tuple(header) == holders_data.COLUMNS
    read = ["contoso", "t1", "2026-11-26 10:04 UTC", "Reader"]
    assert whole == [
        "api",
        "Admin",
        "chief",
        "user",
        "ann@x",
        "1",
        "group HR",
        "2026-11-20",
        "2026-11-21",
        "2026-12-31",
        "yes",
        "yes",
        "",
        str(HERE),
        *read,
    ]
    assert bare == [
        "api",
        "'=A()",
        "",
        "application",
        "Röbot",
        "a",
        "consent",
        "",
        "",
        "",
        "",
        "",
        "yes",
        "",
        *read,
    ]
    assert bob == [
        "api",
        "owner",
        "",
        "user",
        "bob@x",
        "2",
        "owner",
        "",
        "",
        "2026-12-31",
        "",
        "",
        "",
        "",
        *read,
    ]
    assert ann == ["spa", "owner", "", "user", "ann@x", "1", "owner", *[""] * 3, "yes", *[""] * 3, *read]
