"""Records in and out of one SQLite file, from any thread."""

import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import Lock

from api.records.model import Record, RecordInput, RecordPage, Statistics

_SCHEMA = """
CREATE TABLE IF NOT EXISTS records (
    position  INTEGER PRIMARY KEY AUTOINCREMENT,
    id        TEXT NOT NULL UNIQUE,
    title     TEXT NOT NULL,
    text      TEXT NOT NULL,
    createdAt TEXT NOT NULL,
    createdBy TEXT NOT NULL,
    updatedAt TEXT NOT NULL,
    updatedBy TEXT NOT NULL
) STRICT
"""
_COLUMNS = "id, title, text, createdAt, createdBy, updatedAt, updatedBy"


class RecordStore:
    """All records; each method is one transaction."""

    def __init__(
        self, database: Path | str, *, now: Callable[[], datetime], new_id: Callable[[], str]
    ) -> None:
        """Open the database, and create it if it is not there."""
        self._now = now
        self._new_id = new_id
        self._lock = Lock()
        self._connection = sqlite3.connect(database, check_same_thread=False, timeout=5)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        with self._connection:
            self._connection.execute(_SCHEMA)

    def close(self) -> None:
        """Close the database once the last transaction is done."""
        with self._lock:
            self._connection.close()

    def check(self) -> None:
        """Fail if the database does not answer."""
        with self._lock:
            self._connection.execute("SELECT 1 FROM records LIMIT 1").fetchone()

    def page(self, limit: int, after: str | None = None) -> RecordPage:
        """List up to `limit` records, newest first, from behind the record `after`."""
        query = (
            f"SELECT {_COLUMNS} FROM records WHERE ?1 IS NULL "
            "OR position < (SELECT position FROM records WHERE id = ?1) "
            "ORDER BY position DESC LIMIT ?2"
        )
        with self._lock:
            rows = self._connection.execute(query, (after, limit + 1)).fetchall()
        items = [_record(row) for row in rows[:limit]]
        return RecordPage(items=items, next=items[-1].id if len(rows) > limit else None)

    def get(self, record_id: str) -> Record | None:
        """Return the record."""
        query = f"SELECT {_COLUMNS} FROM records WHERE id = ?"
        with self._lock:
            row = self._connection.execute(query, (record_id,)).fetchone()
        return _record(row) if row else None

    def create(self, given: RecordInput, author: str) -> Record:
        """Add a record."""
        now = self._timestamp()
        record = Record(
            id=self._new_id(),
            title=given.title,
            text=given.text,
            createdAt=now,
            createdBy=author,
            updatedAt=now,
            updatedBy=author,
        )
        command = f"INSERT INTO records ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"
        with self._lock, self._connection:
            self._connection.execute(command, tuple(record.model_dump().values()))
        return record

    def update(self, record_id: str, given: RecordInput, author: str) -> Record | None:
        """Replace title and text of the record."""
        changes = "title = ?, text = ?, updatedAt = ?, updatedBy = ?"
        command = f"UPDATE records SET {changes} WHERE id = ? RETURNING {_COLUMNS}"
        values = (given.title, given.text, self._timestamp(), author, record_id)
        with self._lock, self._connection:
            row = self._connection.execute(command, values).fetchone()
        return _record(row) if row else None

    def delete(self, record_id: str) -> bool:
        """Remove the record; tell whether it was there."""
        with self._lock, self._connection:
            done = self._connection.execute("DELETE FROM records WHERE id = ?", (record_id,))
        return done.rowcount == 1

    def statistics(self) -> Statistics:
        """Count the records by author."""
        query = "SELECT createdBy, COUNT(*) FROM records GROUP BY createdBy ORDER BY createdBy"
        with self._lock:
            by_author = dict(self._connection.execute(query).fetchall())
        return Statistics(total=sum(by_author.values()), byAuthor=by_author)

    def _timestamp(self) -> str:
        return self._now().isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _record(row: sqlite3.Row) -> Record:
    return Record(**dict(row))
