"""Which rows a filter means, and by which index they are found."""

import pytest

from entra_emulator.graph.filters import parse
from entra_emulator.graph.matching import compile_test, indexed
from entra_emulator.table import Row, Table

ROW: Row = {
    "id": "a",
    "displayName": "Straße One",
    "createdDateTime": "2026-01-02T03:04:05.1234567Z",
    "enabled": True,
    "size": 5,
    "off": None,
    "number": "3 apples",
    "tags": ["Red", "blue"],
    "empty": [],
    "info": {"url": "https://x.test", "list": [{"kind": "a", "n": 1}, {"kind": "b", "n": 3}]},
}


def count(row: Row, name: str) -> int:
    """Give the size of a relationship: owners alone have one here."""
    assert row["id"]
    return {"owners": 2}.get(name, 0)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("displayName eq 'STRASSE one'", True),
        ("displayName eq 'Straße'", False),
        ("displayName ne 'strasse ONE'", False),
        ("displayName ne 'two'", True),
        ("missing eq 'x'", False),
        ("size eq '5'", False),
        ("size eq 5", True),
        ("off eq null", True),
        ("size eq null", False),
        ("size ne null", True),
        ("enabled eq true", True),
        ("enabled eq false", False),
        ("info/url eq 'HTTPS://x.test'", True),
        ("displayName/url eq null", True),
        ("info/nothing/deeper eq 'x'", False),
        *((f"size {op} 5", op in ("ge", "le")) for op in ("ge", "le", "gt", "lt")),
        *((f"size {op} 4", op in ("ge", "gt")) for op in ("ge", "le", "gt", "lt")),
        *((f"size {op} 6", op in ("lt", "le")) for op in ("ge", "le", "gt", "lt")),
        *((f"size {op} 'a'", False) for op in ("ge", "le", "gt", "lt")),
        *((f"off {op} null", False) for op in ("ge", "le", "gt", "lt")),
        *((f"off {op} 3", False) for op in ("ge", "le", "gt", "lt")),
        ("size has 5", False),
        ("displayName ge 'straf'", True),
        ("displayName lt 'STRB'", True),
        ("createdDateTime ge 2026-01-02T03:04:05Z", True),
        ("createdDateTime le 2026-01-02T03:04:05.123456Z", True),
        ("createdDateTime gt 2026-01-02T03:04:05.123456Z", False),
        ("createdDateTime lt 2026-01-02T03:04:05.2Z", True),
        ("createdDateTime gt 2026-01-02", True),
        ("createdDateTime gt 2026-01-02T05:00:00+02:00", True),
        ("createdDateTime lt 2026-01-02T05:00:00+02:00", False),
        ("createdDateTime lt 2026-01-02T05:10:00+02:00", True),
        ("size gt 2026-01-02", False),
        ("createdDateTime gt 5", False),
        ("createdDateTime lt 5", False),
        ("displayName ge 2026-01-02", False),
        ("displayName lt 2026-01-02", False),
        ("number lt 'a-b'", True),
        ("number ge 'a-b'", False),
        ("number ge '2026-01-02'", True),
        ("displayName lt 'z-1'", True),
        ("startswith(displayName,'STRASSE')", True),
        ("startswith(displayName,'one')", False),
        ("endswith(displayName,'ONE')", True),
        ("endswith(displayName,'strasse')", False),
        ("contains(displayName,'SE O')", True),
        ("contains(displayName,'two')", False),
        ("startswith(size,'5')", False),
        ("endswith(missing,'x')", False),
        ("displayName in ('x','strasse one')", True),
        ("displayName in ('x','y')", False),
        ("size in (4,5)", True),
        ("owners/$count eq 2", True),
        ("owners/$count gt 2", False),
        ("members/$count eq 0", True),
        ("owners/$count ne 2", False),
        ("tags/any()", True),
        ("empty/any()", False),
        ("missing/any()", False),
        ("displayName/any()", False),
        ("tags/any(t:t eq 'RED')", True),
        ("tags/any(t:t eq 'green')", False),
        ("tags/any(t:startswith(t,'bl'))", True),
        ("tags/all(t:t eq 'red')", False),
        ("tags/all(t:t ne 'green')", True),
        ("empty/all(t:t eq 'red')", True),
        ("empty/any(t:t eq 'red')", False),
        ("info/list/any(i:i/kind eq 'b' and i/n gt 2)", True),
        ("info/list/any(i:i/kind eq 'a' and i/n gt 2)", False),
        ("not (size eq 5)", False),
        ("not (size eq 4)", True),
        *(
            (f"size eq {a} and enabled eq {b}", a == 5 and b == "true")
            for a in (4, 5)
            for b in ("true", "false")
        ),
        *(
            (f"size eq {a} or enabled eq {b}", a == 5 or b == "true")
            for a in (4, 5)
            for b in ("true", "false")
        ),
    ],
)
def test_a_row_is_matched_or_not(text: str, found: bool) -> None:
    """Texts without case, times by their moment, what is not there by nothing, and always true or false."""
    assert compile_test(parse(text), count)(ROW) is found


def _tags(row: Row) -> list[str]:
    return [tag.casefold() for tag in row["tags"]]


def _name(row: Row) -> list[str]:
    return [row["displayName"].casefold()]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("id eq 'B'", ["b"]),
        ("id in ('C','B','b')", ["b", "b", "c"]),
        ("displayName eq 'ONE'", ["a", "c"]),
        ("displayName in ('TWO','one')", ["a", "b", "c"]),
        ("startswith(displayName,'T')", ["b"]),
        ("tags/any(t:t eq 'RED')", ["a", "b"]),
        ("tags/any(t:t eq 'red' or t eq 'BLUE')", ["a", "b", "c"]),
        ("displayName eq 'one' and id eq 'c'", ["c"]),
        ("id eq 'c' and displayName eq 'one'", ["c"]),
        ("displayName eq 'one' and size eq 3", ["a", "c"]),
        ("size eq 3 and displayName eq 'one'", ["a", "c"]),
        ("id eq 'z' or displayName eq 'two'", ["b", "z"]),
        ("displayName eq 'two' or id eq 'a'", ["a", "b"]),
        ("displayName eq 'none'", []),
        ("displayName eq 'one' or size eq 3", None),
        ("size eq 3 or displayName eq 'one'", None),
        ("size eq 3 and size eq 4", None),
        ("size eq 3", None),
        ("mail eq 'one'", None),
        ("mail in ('one')", None),
        ("displayName ne 'one'", None),
        ("id ne 'a'", None),
        ("displayName eq null", None),
        ("endswith(displayName,'e')", None),
        ("startswith(mail,'o')", None),
        ("tags/all(t:t eq 'red')", None),
        ("tags/any(t:t ne 'red')", None),
        ("tags/any(t:startswith(t,'r'))", None),
        ("tags/any(t:t eq 'red' and t eq 'blue')", None),
        ("tags/any(t:t eq 'red' or t ne 'blue')", None),
        ("tags/any()", None),
        ("mails/any(t:t eq 'x')", None),
        ("mails/any(t:t eq 'x' or t eq 'y')", None),
        ("not (id eq 'a')", None),
        ("id/$count eq 'a'", None),
    ],
)
def test_an_index_gives_the_rows_that_can_match(text: str, ids: list[str] | None) -> None:
    """In order; none where it would have to look at all of them. Of two indexes the shorter answer serves."""
    table = Table({"displayName": _name, "tags": _tags})
    for key, name, tags in (("a", "One", ["Red"]), ("b", "Two", ["Red"]), ("c", "one", ["Blue"])):
        table.put({"id": key, "displayName": name, "tags": tags})
    found = indexed(parse(text), table)
    if ids is None:
        assert found is None
    else:
        assert found is not None
        assert sorted(set(found)) == list(dict.fromkeys(ids)), "those that can match"
        assert list(found) == sorted(found), "in order"
