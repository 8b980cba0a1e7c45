"""The records' file by itself: pages at their limits, owners in order, and what is not there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from pydantic import ValidationError

from api.records.model import Person, RecordInput
from api.records.store import RecordStore

ANN = Person(id="ann", kind="user", name="Ann", username="ann@contoso.com")
BOB = Person(id="bob", kind="user", name="Bob", username=None)
JOB = Person(id="a-job", kind="application", name=None, username=None)
BOT = Person(id="a-bot", kind="application", name=None, username=None)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RecordStore]:
    """Open a file in which each record has a number, and each write comes a second later."""
    ids, times = count(1), count()
    made = RecordStore(
        tmp_path / "records.sqlite3",
        now=lambda: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=next(times)),
        new_id=lambda: f"r{next(ids)}",
    )
    yield made
    made.close()


def ids(
    store: RecordStore, limit: int, after: str | None = None, owner: str | None = None
) -> tuple[str, str | None]:
    """Return the records of a page and the cursor of the next one."""
    page = store.page(limit, after, owner)
    return " ".join(each.id for each in page.items), page.next


@pytest.mark.parametrize(
    ("limit", "after", "owner", "expected"),
    [
        (1, None, None, ("r3", "r3")),
        (2, None, None, ("r3 r2", "r2")),
        (3, None, None, ("r3 r2 r1", None)),
        (4, None, None, ("r3 r2 r1", None)),
        (1, "r3", None, ("r2", "r2")),
        (1, "r2", None, ("r1", None)),
        (9, "r1", None, ("", None)),
        (9, None, "ann", ("r3 r1", None)),
        (1, None, "ann", ("r3", "r3")),
        (1, "r3", "ann", ("r1", None)),
        (9, None, "nobody", ("", None)),
    ],
)
def test_a_page_has_as_many_as_it_may_and_says_whether_more_follow(
    store: RecordStore, limit: int, after: str | None, owner: str | None, expected: tuple[str, str | None]
) -> None:
    """Newest first; of one owner alone where somebody says so."""
    for author in (ANN, BOB, ANN):
        store.create(RecordInput(title="T"), author)
    assert ids(store, limit, after, owner) == expected


def test_a_record_says_who_wrote_it_when(store: RecordStore) -> None:
    """A change leaves its author and its owner; what is not there is changed by nobody."""
    made = store.create(RecordInput(title="T", text="x"), ANN)
    assert store.get("r1") == made
    assert (made.createdAt, made.updatedAt) == ("2026-01-01T00:00:00.000Z",) * 2
    assert (made.createdBy, made.updatedBy, made.owner) == ("ann", "ann", "ann")
    changed = store.update("r1", RecordInput(title="N"), "bob")
    assert changed == store.get("r1")
    assert changed == made.model_copy(
        update={"title": "N", "text": "", "updatedAt": "2026-01-01T00:00:01.000Z", "updatedBy": "bob"}
    )
    assert (
        store.get("r2")
        is store.update("r2", RecordInput(title="N"), "bob")
        is store.assign("r2", "ann")
        is None
    )
    assert [store.delete("r2"), store.delete("r1"), store.delete("r1")] == [False, True, False]


def test_owners_come_by_name_and_those_without_one_last(store: RecordStore) -> None:
    """Whoever called once, with the number of records; nobody can own what the API does not know."""
    store.create(RecordInput(title="T"), BOB)
    store.create(RecordInput(title="T"), BOB)
    store.create(RecordInput(title="T"), JOB)
    store.know(ANN)
    assert [(each.id, each.records) for each in store.owners()] == [("ann", 0), ("bob", 2), ("a-job", 1)]
    given = store.assign("r1", "ann")
    assert given is not None
    assert (given.owner, given.createdBy) == ("ann", "bob")
    assert store.assign("r1", "nobody") is None
    assert [(each.id, each.records) for each in store.owners()] == [("ann", 1), ("bob", 1), ("a-job", 1)]
    store.know(ANN.model_copy(update={"name": "Zoe"}))
    assert [(each.id, each.name) for each in store.owners()] == [
        ("bob", "Bob"),
        ("ann", "Zoe"),
        ("a-job", None),
    ]


def test_owners_without_a_name_come_by_id(store: RecordStore) -> None:
    """Behind all who have one."""
    for each in (JOB, BOT, ANN):
        store.know(each)
    assert [each.id for each in store.owners()] == ["ann", "a-bot", "a-job"]


def test_what_was_read_stays_as_it_is(store: RecordStore) -> None:
    """A record and a person are replaced, never changed."""
    made = store.create(RecordInput(title="T"), ANN)
    with pytest.raises(ValidationError, match="frozen"):
        made.title = "N"
    with pytest.raises(ValidationError, match="frozen"):
        ANN.name = "Zoe"
