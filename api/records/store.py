"""Records in and out of one SQLite file, from any thread."""

import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import Lock

from api.records.model import Owner, Person, Record, RecordInput, RecordPage

_SCHEMA = """
CREATE TABLE IF NOT EXISTS records (
    position  INTEGER PRIMARY KEY AUTOINCREMENT,
    id        TEXT NOT NULL UNIQUE,
    title     TEXT NOT NULL,
    text      TEXT NOT NULL,
    createdAt TEXT NOT NULL,
    createdBy TEXT NOT NULL,
    updatedAt TEXT NOT NULL,
    updatedBy TEXT NOT NULL,
    owner     TEXT NOT NULL
) STRICT
"""
_PEOPLE = """
CREATE TABLE IF NOT EXISTS people (
    id       TEXT PRIMARY KEY,
    kind     TEXT NOT NULL,
    name     TEXT,
    username TEXT
) STRICT
"""
# Files of before had no owner: whoever wrote a record owns it.
_OWNED = (
    "ALTER TABLE records ADD COLUMN owner TEXT NOT NULL DEFAULT ''",
    "UPDATE records SET owner = createdBy",
)
_COLUMNS = "id, title, text, createdAt, createdBy, updatedAt, updatedBy, owner"
_KNOW = (
    "INSERT INTO people (id, kind, name, username) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE "
    "SET kind = excluded.kind, name = excluded.name, username = excluded.username"
)


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
            self._connection.execute(_PEOPLE)
            columns = self._connection.execute("SELECT name FROM pragma_table_info('records')").fetchall()
            if "owner" not in {row["name"] for row in columns}:
                for statement in _OWNED:
                    self._connection.execute(statement)

    def close(self) -> None:
        """Close the database once the last transaction is done."""
        with self._lock:
            self._connection.close()

    def check(self) -> None:
        """Fail if the database does not answer."""
        with self._lock:
            self._connection.execute("SELECT 1 FROM records LIMIT 1").fetchone()

    def page(self, limit: int, after: str | None = None, owner: str | None = None) -> RecordPage:
        """List up to `limit` records, newest first, from behind the record `after`; of one owner alone."""
        query = (
            f"SELECT {_COLUMNS} FROM records WHERE (?1 IS NULL "
            "OR position < (SELECT position FROM records WHERE id = ?1)) AND (?3 IS NULL OR owner = ?3) "
            "ORDER BY position DESC LIMIT ?2"
        )
        with self._lock:
            rows = self._connection.execute(query, (after, limit + 1, owner)).fetchall()
        items = [_record(row) for row in rows[:limit]]
        return RecordPage(items=items, next=items[-1].id if len(rows) > limit else None)

    def get(self, record_id: str) -> Record | None:
        """Return the record."""
        query = f"SELECT {_COLUMNS} FROM records WHERE id = ?"
        with self._lock:
            row = self._connection.execute(query, (record_id,)).fetchone()
        return _record(row) if row else None

    def create(self, given: RecordInput, author: Person) -> Record:
        """Add a record, which whoever wrote it owns."""
        now = self._timestamp()
        record = Record(
            id=self._new_id(),
            title=given.title,
            text=given.text,
            createdAt=now,
            createdBy=author.id,
            updatedAt=now,
            updatedBy=author.id,
            owner=author.id,
        )
        command = f"INSERT INTO records ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        with self._lock, self._connection:
            self._connection.execute(_KNOW, tuple(author.model_dump().values()))
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

    def know(self, person: Person) -> None:
        """Keep by what name somebody is shown."""
        query = "SELECT id, kind, name, username FROM people WHERE id = ?"
        with self._lock:
            row = self._connection.execute(query, (person.id,)).fetchone()
            if row and Person(**dict(row)) == person:
                return  # who lists records does not write each time
            with self._connection:
                self._connection.execute(_KNOW, tuple(person.model_dump().values()))

    def owners(self) -> list[Owner]:
        """List whoever called once or owns a record, by name, with the number of their records."""
        query = (
            "SELECT people.id, kind, name, username, COUNT(records.id) AS records FROM people "
            "LEFT JOIN records ON owner = people.id GROUP BY people.id UNION ALL "
            "SELECT owner, 'user', NULL, NULL, COUNT(*) FROM records "
            "WHERE owner NOT IN (SELECT id FROM people) GROUP BY owner"
        )
        with self._lock:
            rows = self._connection.execute(query).fetchall()
        owners = [Owner(**dict(row)) for row in rows]
        return sorted(owners, key=lambda owner: (owner.name is None, owner.name, owner.id))

    def assign(self, record_id: str, owner: str) -> Record | None:
        """Make somebody whom the API knows the owner of a record, which stays as it was written."""
        command = (
            "UPDATE records SET owner = ?2 WHERE id = ?1 AND ?2 IN (SELECT id FROM people) "
            f"RETURNING {_COLUMNS}"
        )
        with self._lock, self._connection:
            row = self._connection.execute(command, (record_id, owner)).fetchone()
        return _record(row) if row else None

    def _timestamp(self) -> str:
        return self._now().isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _record(row: sqlite3.Row) -> Record:
    return Record(**dict(row))
