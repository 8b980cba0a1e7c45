"""Who holds which role as a page: row by row, with what stands above."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from entra_config.actual.access import Entrance, Holding, Ownership
from entra_config.errors import Position
from entra_config.plan.model import TenantInfo
from entra_config.report import holders, holders_html
from entra_config.report.holders import AccessReading

PLACE = Position("access.yaml", 5, 24)
ANN = Holding("api", "Admin", "user", "ann", "1", "direct", "2026-11-20T10:00:00Z", PLACE)
CY = replace(ANN, name="c\x07y", id="2", through="group \x07", group="g", since="2026-11-21T10:00:00Z")
BOT = Holding("api", "Reader", "application", "bot", "3", "consent", disabled=True)
AT = datetime(2026, 11, 26, 10, 24, tzinfo=UTC)
ABOUT = AccessReading("app/prod", TenantInfo("11112222-0000", "cont\x07so"), AT, "read\x07r")
OWNERS = [
    Ownership("spa\x07", "user", "zoe\x07", "8", until=date(2026, 12, 31)),
    Ownership("api", "user", "ann", "1", ("api/Reader", "Graph/All")),
    Ownership("api", "user", "bob", "9"),
]


def cells(page: str) -> list[list[str]]:
    """Return the rows of all tables of a page, each as the words of its cells."""
    found = re.findall(r"<tr role=\"row\">(.*?)</tr>", page)
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in found]
    return [[re.sub(r"<[^>]*>", "", cell) for cell in row] for row in rows]


@pytest.mark.parametrize(
    ("held", "summary"),
    [
        ([], "0 people and 0 applications hold 0 roles, 0 of them not in the manifest."),
        ([ANN], "1 person and 0 applications holds 1 role, 0 of them not in the manifest."),
        ([BOT], "0 people and 1 application holds 1 role, 0 of them not in the manifest."),
        ([ANN, BOT], "1 person and 1 application hold 2 roles, 0 of them not in the manifest."),
        ([ANN, replace(ANN, role="Reader", position=None)],
         "1 person and 0 applications holds 2 roles, 1 of them not in the manifest."),
        ([ANN, CY, replace(CY, id="3", type="group")],
         "2 people and 0 applications hold 3 roles, 0 of them not in the manifest."),
    ],
)  # fmt: skip
def test_a_page_begins_with_how_many_hold_how_much(held: list[Holding], summary: str) -> None:
    """Whoever holds several roles counts once."""
    assert f'<p class="lead"><b>{summary}</b></p>' in holders_html.to_html(held, "<t>")


def test_a_page_has_a_table_of_people_and_one_of_applications_for_each_role() -> None:
    """With through what, since when and where; names are no markup."""
    held = [
        replace(BOT, role="Admin", called="'<b>' (3)"),
        replace(ANN, name="<a>", until=date(2026, 12, 31)),
        replace(ANN, id="2", position=None, disabled=True, since=""),
        replace(CY, type="group", member_since="2026-11-22"),
        replace(CY, name="cy", through="g", member_since="2026-11-22"),
    ]
    ends = holders.until(date(2026, 12, 31))
    page = holders_html.to_html(held, "<t>")
    assert "<h1>&lt;t&gt;</h1>" in page
    assert cells(page) == [
        ["Who", "Through", "Since", "Manifest"],
        ["&lt;a&gt;", f"direct{ends}", "2026-11-20", "access.yaml:5"],
        ["ann", "direct, disabled: gets no token", "", holders.UNDECLARED],
        ["c\\u{7}y", "group \\u{7}", "2026-11-21", "access.yaml:5"],
        ["cy", "g", "2026-11-21, in it since 2026-11-22", "access.yaml:5"],
        ["Who", "Through", "Since", "Manifest"],
        ["&#x27;&lt;b&gt;&#x27; (3)", "consent, disabled: gets no token", "", ""],
    ]
    assert re.findall("<caption>(.*?)</caption>", page) == ["People", "Applications"]
    assert re.findall("<h2>(.*?)</h2>", page) == [f"api/Admin: {holders.count(held)}"]
    assert "<dt>" not in page


def test_a_page_has_a_table_of_owners_and_says_what_it_is_of() -> None:
    """Where there are owners, and where it is known."""
    page = holders_html.to_html([], "t", OWNERS, [Entrance("<api>", enabled=False)], ABOUT)
    assert "<p>&lt;api&gt; is disabled: nobody gets a token for it</p>" in page
    facts = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page)
    assert facts == [
        ("Tenant", "cont\\u{7}so <code>11112222-0000</code>"),
        ("Read", "2026-11-26 10:24 UTC"),
        ("As", "read\\u{7}r"),
    ]
    assert "<h2>Owners: 3</h2>" in page
    assert cells(page) == [
        ["Who", "Owns", "And can act as it"],
        ["zoe\\u{7}", f"spa\\u{{7}}{holders.until(date(2026, 12, 31))}", ""],
        ["ann", "api", "api/Reader, Graph/All"],
        ["bob", "api", ""],
    ]
