"""Tables, links and their indexes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entra_emulator.graph.searching import Search
from entra_emulator.table import Table, words

rows = st.fixed_dictionaries(
    {"id": st.sampled_from("abcdef"), "displayName": st.sampled_from(["One", "one", "Two", None])}
)
steps = st.lists(
    rows.map(lambda row: ("put", row)) | st.sampled_from("abcdef").map(lambda key: ("remove", {"id": key})),
    max_size=25,
)


def names(row: dict[str, Any]) -> list[str]:
    """Give the keys of the name index."""
    return [row["displayName"].casefold()] if row["displayName"] else []


@given(steps)
def test_indexes_follow_the_rows(actions: list[tuple[str, dict[str, Any]]]) -> None:
    """After any puts and removals the indexes say what a scan says."""
    table = Table({"displayName": names})
    for action, row in actions:
        if action == "put":
            table.put(row)
        elif row["id"] in table:
            table.remove(row["id"])
    for key in ("one", "two"):
        assert list(table.ids("displayName", key)) == sorted(row["id"] for row in table if key in names(row))
    assert table.order == sorted(row["id"] for row in table)
    assert table.with_prefix("o") == sorted(
        row["id"] for row in table if (row["displayName"] or "").casefold().startswith("o")
    )


@given(
    st.lists(st.tuples(st.integers(0, 5), st.text("ab _É", max_size=6)), max_size=30),
    st.text("abé", min_size=1, max_size=3),
)
def test_words_and_names_are_those_of_the_rows(writes: list[tuple[int, str]], prefix: str) -> None:
    """After any writes and removals the two indexes of names say what a look at each row says."""
    table = Table()
    for number, name in writes:
        if name == "" and str(number) in table:
            table.remove(str(number))
        else:
            table.put({"id": str(number), "displayName": name})

    names = {row["id"]: row["displayName"].casefold() for row in table}
    starting = [
        key for key, name in names.items() if any(word.startswith(prefix) for word in (name, *words(name)))
    ]
    assert table.with_word(prefix) == sorted(starting)
    by_name = table.by_name(0, len(table))
    assert by_name == sorted(table, key=lambda row: (row["displayName"].casefold(), row["id"]))


@pytest.mark.parametrize(
    ("terms", "found"),
    [
        ([[("notes", "blue")]], True),
        ([[("notes", "sky")]], True),
        ([[("notes", "lue")]], False),
        ([[("notes", "blue s")]], True),
        ([[("notes", "sky b")]], False),
        ([[("displayName", "one"), ("notes", "sky")]], True),
        ([[("displayName", "one"), ("notes", "two")]], False),
        ([[("displayName", "two")], [("notes", "green")]], True),
        ([[("displayName", "two")], [("notes", "two")]], False),
        ([[("mail", "one")]], False),
    ],
)
def test_a_search_finds_what_a_text_or_a_word_of_it_begins_with(
    terms: list[list[tuple[str, str]]], found: bool
) -> None:
    """All terms of one alternative at least; of a list, any text; where there is none, nothing."""
    search = Search(tuple(map(tuple, terms)))
    row = {"displayName": "ONE red", "notes": ["Blue sky", "green"], "mail": None}
    assert search.matches(row) == found
