"""Forks of tables and links, held against tables and links that share nothing."""

from hypothesis import given
from hypothesis import strategies as st

from entra_emulator.table import Links, Table

KEYS = {"tag": lambda row: row["tags"]}
IDS, TAGS, NAMES = "abcdef", "xyz", ("Ann", "Ann Bee", "Bee", None)

table_steps = st.one_of(
    st.tuples(st.just("fork"), st.integers(0, 5)),
    st.tuples(
        st.just("put"),
        st.integers(0, 5),
        st.sampled_from(IDS),
        st.sets(st.sampled_from(TAGS)),
        st.sampled_from(NAMES),
    ),
    st.tuples(st.just("remove"), st.integers(0, 5), st.sampled_from(IDS)),
)


def _same(table: Table, rows: dict[str, dict[str, object]]) -> None:
    fresh = Table(KEYS)
    for row in rows.values():
        fresh.put(row)
    assert table.rows == rows
    assert table.order == sorted(rows)
    for tag in TAGS:
        assert table.find("tag", tag) == fresh.find("tag", tag)
    for word in ("a", "b", "bee"):
        assert table.with_prefix(word) == fresh.with_prefix(word)
        assert table.with_word(word) == fresh.with_word(word)
    assert table.by_name(0, 9) == fresh.by_name(0, 9)


@given(st.lists(table_steps, max_size=40))
def test_a_write_to_one_table_is_seen_by_no_other(steps: list[tuple[object, ...]]) -> None:
    """Whatever is forked from what, and written to in whichever order: each table is its own rows."""
    known: list[tuple[Table, dict[str, dict[str, object]]]] = [(Table(KEYS), {})]
    for what, which, *more in steps:
        assert isinstance(which, int)
        table, rows = known[which % len(known)]
        if what == "fork":
            known.append((table.fork(), dict(rows)))
        elif what == "put":
            row_id, tags, name = more
            row = {"id": row_id, "tags": sorted(tags), "displayName": name}
            table.put(row)
            rows[str(row_id)] = row
        elif more[0] in rows:
            table.remove(str(more[0]))
            del rows[str(more[0])]
    for table, rows in known:
        _same(table, rows)


link_steps = st.tuples(
    st.sampled_from(["fork", "add", "remove", "drop"]),
    st.integers(0, 5),
    st.sampled_from(IDS),
    st.sampled_from(IDS),
)


@given(st.lists(link_steps, max_size=40))
def test_a_link_of_one_is_seen_by_no_other(steps: list[tuple[str, int, str, str]]) -> None:
    """Links fork as tables do, and are the same from both ends."""
    known: list[tuple[Links, list[tuple[str, str]]]] = [(Links(), [])]
    for what, which, source, target in steps:
        links, pairs = known[which % len(known)]
        if what == "fork":
            known.append((links.fork(), list(pairs)))
        elif what == "add":
            assert links.add(source, target) is ((source, target) not in pairs)
            pairs += [] if (source, target) in pairs else [(source, target)]
        elif what == "remove":
            assert links.remove(source, target) is ((source, target) in pairs)
            pairs[:] = [pair for pair in pairs if pair != (source, target)]
        else:
            links.drop(source)
            pairs[:] = [pair for pair in pairs if source not in pair]
    for links, pairs in known:
        for each in IDS:
            assert links.targets(each) == [target for source, target in pairs if source == each]
            assert links.sources(each) == [source for source, target in pairs if target == each]
