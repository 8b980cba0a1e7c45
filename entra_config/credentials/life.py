"""What an application has, what a sink keeps and the time in; which secret is current, due, left over or
done, out (pure).

state   a secret of a declared label that                                       what becomes of it
current the sink keeps                                                          stays
orphan  was made for this sink, never came there, the lock file does            removed before another is made
            not know it, and it is younger than what the sink keeps (or
            the sink is empty)
overlapping the sink kept before, or another place does,
or the lock file adopted stays until the overlap is over
done was overlapping, and the overlap is over or it has ended itself    removed once the sink's copy signed in
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from entra_config.kinds.secret_names import SecretName, parse
from entra_config.manifest import until
from entra_config.manifest.sinks import DeclaredSecret, InSink
from entra_config.moments import read_moment

State = Literal["current", "orphan", "overlapping", "done"]
NEVER = datetime(9999, 12, 31, tzinfo=UTC)
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SecretKey:
    """One secret of an application as Graph shows it: everything but its value."""

    key_id: str
    name: str
    start: datetime
    end: datetime
    hint: str | None = None

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> SecretKey:
        """Return what an entry of `passwordCredentials` says."""
        return cls(
            str(entry["keyId"]).lower(),
            str(entry.get("displayName") or ""),
            read_moment(entry.get("startDateTime"), LONG_AGO),
            read_moment(entry.get("endDateTime"), NEVER),
            entry.get("hint") or None,
        )

    @property
    def made(self) -> SecretName | None:
        """Return what a rotation wrote beside it."""
        return parse(self.name)


@dataclass(frozen=True, slots=True)
class Stand:
    """How it stands with one declared secret. `why` it is due; "" where it is not. `proven`: the sink's
    copy of `current` can be read, or the lock file has it; a name alone is nothing.
    """

    current: SecretKey | None
    orphans: tuple[SecretKey, ...]
    overlapping: tuple[SecretKey, ...]
    done: tuple[SecretKey, ...]
    why: str
    proven: bool = True

    def state(self, key_id: str) -> State | None:
        """Return what a secret is; None where it is none of this label."""
        if self.current is not None and self.current.key_id == key_id:
            return "current"
        groups: tuple[tuple[State, tuple[SecretKey, ...]], ...] = (
            ("orphan", self.orphans),
            ("overlapping", self.overlapping),
            ("done", self.done),
        )
        return next((state for state, keys in groups if any(key.key_id == key_id for key in keys)), None)


def stand(
    declared: DeclaredSecret,
    sink: str,
    keys: Iterable[SecretKey],
    kept: InSink,
    now: datetime,
    *,
    adopted: Iterable[str] = (),
) -> Stand:
    """Return how it stands; `sink` is the digest of the declared place, `adopted` are the lock file's key
    ids of the label.
    """
    known = frozenset(adopted)
    ours = belonging(declared.label, keys, known)
    # Whoever owns the application can write our kind of name: the newest name is the last thing to go by.
    inside = sorted(kept.among(ours), key=lambda key: (_rank(key, kept, known), key.start))
    current = inside[-1] if inside else None
    sure = current is None or kept.knows(current) or current.key_id in known
    outside = [key for key in ours if key not in inside]
    orphans = _orphans(outside, current, sink, known, empty=kept.empty)
    before = [key for key in outside if key not in orphans]
    # A copy that is read back signs in before anything goes; without one the lock file must know it.
    proven = sure and current is not None and (bool(kept.hint) or current.key_id in known)
    over = current is not None and proven and now >= current.start + declared.overlap
    # What has ended opens nothing any more, whatever overlap was promised.
    done = [key for key in before if over or key.end <= now]
    # Of several that a sink may keep, the one that it does is not known: all of them stay.
    staying = [*inside[:-1], *(key for key in before if key not in done)]
    why = _due(declared, current, now) if sure else "neither its sink nor the lock file says which it keeps"
    return Stand(current, tuple(orphans), tuple(staying), tuple(done), why, proven)


def _rank(key: SecretKey, kept: InSink, known: frozenset[str]) -> int:
    if kept.knows(key):
        return 2
    return 1 if key.key_id in known else 0


def _orphans(
    outside: list[SecretKey], current: SecretKey | None, sink: str, known: frozenset[str], *, empty: bool
) -> list[SecretKey]:
    # What a sink keeps and nobody recognises may be any of them: each may be what somebody signs in with.
    if current is None and not empty:
        return []
    since = current.start if current else LONG_AGO
    return [
        key
        for key in outside
        if key.key_id not in known and key.made and key.made.sink == sink and key.start >= since
    ]


def belonging(label: str, keys: Iterable[SecretKey], adopted: Iterable[str] = ()) -> list[SecretKey]:
    """Return the secrets of one label: by the name that a rotation writes, or as the lock file adopts
    them.
    """
    chosen = frozenset(adopted)
    return [key for key in keys if key.key_id in chosen or (key.made is not None and key.made.label == label)]


def _due(declared: DeclaredSecret, current: SecretKey | None, now: datetime) -> str:
    if current is None:
        return "its sink keeps none of them"
    if declared.until is not None and now < current.end and until.end(declared.until) <= current.end:
        return ""  # it lasts as long as there is to be one
    if current.end - declared.overlap <= now:
        return f"it {'ends' if current.end > now else 'ended'} on {until.format_end(current.end)}"
    if current.start + declared.lifetime - declared.overlap <= now:
        return (
            f"it was made on {until.format_day(current.start.date())} and lives {declared.lifetime.days} days"
        )
    return ""
