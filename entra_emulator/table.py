"""Rows by id with indexes: what lists, filters and pages need, at the cost of the page."""

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

Row = dict[str, Any]
Keys = Callable[[Row], Iterable[str]]
_BETWEEN_WORDS = re.compile(r"[\W_]+")


class Table:
    """Rows by id. A row is never changed in place: `put` replaces it, so older versions stay valid.

    A fork shares everything with its origin until one of the two writes.
    """

    def __init__(self, indexes: dict[str, Keys] | None = None) -> None:
        self.rows: dict[str, Row] = {}
        self.order: list[str] = []
        self._keys = indexes or {}
        self._buckets: dict[str, dict[str, list[str]]] = {name: {} for name in self._keys}
        # Of each displayName, and of each word of it: (text, id), ordered.
        self._names: list[tuple[str, str]] = []
        self._words: list[tuple[str, str]] = []
        # The versions that a lagging replica still shows: (time of the write, id, row before it).
        self.history: list[tuple[datetime, str, Row | None]] = []
        self.keep_history = False
        # Whether another table reads what this one holds; then a write copies first.
        self._shared = False
        # The lists of the indexes that were copied since: (index, key). None where all are this table's own.
        self._copied: set[tuple[str, str]] | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows.values())

    def __contains__(self, row_id: str) -> bool:
        return row_id in self.rows

    def get(self, row_id: str) -> Row | None:
        """Give the row of an id."""
        return self.rows.get(row_id)

    def fork(self) -> "Table":
        """Give a table of the same rows, without what lagging replicas still show."""
        twin = Table(self._keys)
        twin.rows, twin.order, twin._buckets = self.rows, self.order, self._buckets
        twin._names, twin._words = self._names, self._words
        self._shared = twin._shared = True
        return twin

    def put(self, row: Row, at: datetime | None = None) -> None:
        """Add a row, or replace the row of the same id."""
        self._own()
        row_id = row["id"]
        old = self.rows.get(row_id)
        if self.keep_history and at is not None:
            self.history.append((at, row_id, old))
        if old is None:
            insort(self.order, row_id)
        self.rows[row_id] = row
        self._reindex(row_id, old, row)

    def remove(self, row_id: str, at: datetime | None = None) -> Row:
        """Take a row out and give it back."""
        self._own()
        old = self.rows.pop(row_id)
        if self.keep_history and at is not None:
            self.history.append((at, row_id, old))
        del self.order[bisect_left(self.order, row_id)]
        self._reindex(row_id, old, None)
        return old

    def find(self, index: str, key: str) -> list[Row]:
        """Give the rows that an index holds under a key, ordered by id."""
        return [self.rows[row_id] for row_id in self.ids(index, key)]

    def ids(self, index: str, key: str) -> Sequence[str]:
        """Give the ids that an index holds under a key, ordered."""
        return self._buckets[index].get(key, ())

    def forget_history(self, until: datetime) -> None:
        """Drop the versions that no replica shows any more."""
        keep = next((at for at, entry in enumerate(self.history) if entry[0] > until), len(self.history))
        del self.history[:keep]

    def keys_of(self, index: str) -> Keys:
        """Give the function that tells a row's keys in an index."""
        return self._keys[index]

    def has_index(self, index: str) -> bool:
        """Say whether there is such an index."""
        return index in self._keys

    def with_prefix(self, prefix: str) -> list[str]:
        """Give the ids of the rows whose displayName starts with a prefix, ordered by id."""
        return sorted(row_id for _, row_id in _starting(self._names, prefix))

    def with_word(self, prefix: str) -> list[str]:
        """Give the ids of the rows whose displayName, or a word of it, starts with a prefix, ordered by
        id.
        """
        return sorted(
            {row_id for index in (self._names, self._words) for _, row_id in _starting(index, prefix)}
        )

    def by_name(self, start: int, end: int) -> list[Row] | None:
        """Give some rows in the order of their displayNames; None where a row has none."""
        if len(self._names) != len(self.rows):
            return None
        return [self.rows[row_id] for _, row_id in self._names[start:end]]

    def _own(self) -> None:
        """Copy what is shared, before a write; of the lists in the indexes only those that change."""
        if not self._shared:
            return
        self.rows, self.order = dict(self.rows), list(self.order)
        self._buckets = {name: dict(buckets) for name, buckets in self._buckets.items()}
        self._names, self._words = list(self._names), list(self._words)
        self._shared, self._copied = False, set()

    def _bucket(self, index: str, key: str) -> list[str]:
        buckets = self._buckets[index]
        bucket = buckets.setdefault(key, [])
        if self._copied is not None and (index, key) not in self._copied:
            self._copied.add((index, key))
            bucket = buckets[key] = list(bucket)
        return bucket

    def _reindex(self, row_id: str, old: Row | None, new: Row | None) -> None:
        for name, keys in self._keys.items():
            before = set(keys(old)) if old else set()
            after = set(keys(new)) if new else set()
            if before == after:
                continue
            for key in before - after:
                bucket = self._bucket(name, key)
                del bucket[bisect_left(bucket, row_id)]
                if not bucket:
                    del self._buckets[name][key]
            for key in after - before:
                insort(self._bucket(name, key), row_id)
        before_name, after_name = _type_name(old), _type_name(new)
        if before_name == after_name:
            return
        for index, split in ((self._names, _whole), (self._words, words)):
            for text in split(before_name):
                del index[bisect_left(index, (text, row_id))]
            for text in split(after_name):
                insort(index, (text, row_id))


def words(text: str | None) -> set[str]:
    """Split a text, in lower case, as a search does."""
    return set(filter(None, _BETWEEN_WORDS.split(text or "")))


def _whole(text: str | None) -> set[str]:
    return set() if text is None else {text}


def _starting(index: list[tuple[str, str]], prefix: str) -> list[tuple[str, str]]:
    low = bisect_left(index, (prefix, ""))
    return index[low : bisect_right(index, (prefix + "\U0010ffff", ""))]


def _type_name(row: Row | None) -> str | None:
    name = row.get("displayName") if row else None
    return name.casefold() if isinstance(name, str) else None


class Links:
    """Ordered links between objects, readable from both ends: owners, members.

    A fork shares everything with its origin until one of the two writes.
    """

    def __init__(self) -> None:
        self.forward: dict[str, dict[str, None]] = {}
        self.backward: dict[str, dict[str, None]] = {}
        self._shared = False

    def fork(self) -> "Links":
        """Give the same links."""
        twin = Links()
        twin.forward, twin.backward = self.forward, self.backward
        self._shared = twin._shared = True
        return twin

    def add(self, source: str, target: str) -> bool:
        """Link two objects; False where the link exists."""
        if target in self.forward.get(source, ()):
            return False
        self._own()
        self.forward.setdefault(source, {})[target] = None
        self.backward.setdefault(target, {})[source] = None
        return True

    def remove(self, source: str, target: str) -> bool:
        """Unlink two objects; False where there is no such link."""
        if target not in self.forward.get(source, ()):
            return False
        self._own()
        del self.forward[source][target]
        del self.backward[target][source]
        return True

    def targets(self, source: str) -> list[str]:
        """Give what an object links to, in the order of linking."""
        return list(self.forward.get(source, ()))

    def sources(self, target: str) -> list[str]:
        """Give what links to an object."""
        return list(self.backward.get(target, ()))

    def drop(self, object_id: str) -> None:
        """Forget an object at both ends."""
        for target in self.targets(object_id):
            self.remove(object_id, target)
        for source in self.sources(object_id):
            self.remove(source, object_id)

    def dump(self) -> dict[str, list[str]]:
        """Give the links as plain data."""
        return {source: list(targets) for source, targets in self.forward.items() if targets}

    def load(self, data: dict[str, list[str]]) -> None:
        """Add links from plain data."""
        for source, targets in data.items():
            for target in targets:
                self.add(source, target)

    def _own(self) -> None:
        if self._shared:
            self.forward, self.backward = _two_deep(self.forward), _two_deep(self.backward)
            self._shared = False


def _two_deep(links: dict[str, dict[str, None]]) -> dict[str, dict[str, None]]:
    return {end: dict(others) for end, others in links.items()}
