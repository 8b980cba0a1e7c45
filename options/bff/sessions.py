"""A cookie's value in, its session out; each begun anew at sign-in, with an idle and an absolute end.

The store sees no cookie's value, as it keeps records by its hash, and no token, as it keeps them sealed.
"""

import asyncio
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Any
from weakref import WeakValueDictionary

from options.bff.entra import SignedIn
from options.bff.seal import Seal
from options.bff.store import Store

SIGN_IN_SECONDS = 600

Json = dict[str, Any]


@dataclass(frozen=True)
class Session:
    """Somebody's session. `ends` is in seconds since 1970, whatever happens until then."""

    place: str
    person: SignedIn
    csrf: str
    ends: float


class Sessions:
    """All sessions, and the sign-ins that are under way."""

    def __init__(
        self,
        store: Store,
        seal: Seal,
        *,
        seconds: int,
        idle_seconds: int,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Take the store, the seal, and the two ends in seconds."""
        self._store, self._seal, self._now = store, seal, now
        self._seconds, self._idle = seconds, idle_seconds
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def begin(self, person: SignedIn, before: str) -> str:
        """Begin a session under a value that nobody knew before; forget the one that the browser had."""
        await self.end(before)
        value = secrets.token_urlsafe(32)
        session = Session(
            _place("session", value), person, secrets.token_urlsafe(32), self._now() + self._seconds
        )
        await self._store.put(session.place, self._closed(session), min(self._idle, self._seconds))
        if person.sid:
            await self._store.add(_place("sid", person.sid), session.place, self._seconds)
        return value

    async def get(self, value: str) -> Session | None:
        """Return the session of a cookie, which is not idle then; None where there is none any more."""
        session = await self._read(_place("session", value)) if value else None
        if session is None:
            return None
        left = int(session.ends - self._now())
        if left <= 0:
            await self._store.delete(session.place)
            return None
        await self._store.touch(session.place, min(self._idle, left))
        return session

    async def again(self, session: Session) -> Session | None:
        """Return the session as it is now."""
        return await self._read(session.place)

    async def keep(self, session: Session, cache: str) -> None:
        """Keep what msal has for the person now; a session that ended meanwhile stays ended."""
        if cache != session.person.cache:
            changed = replace(session, person=replace(session.person, cache=cache))
            await self._store.replace(session.place, self._closed(changed))

    async def end(self, value: str) -> None:
        """End the session of a cookie."""
        if value:
            await self._store.delete(_place("session", value))

    async def end_all(self, sid: str) -> int:
        """End what was begun in one session at Entra; return how many."""
        key = _place("sid", sid)
        places = await self._store.members(key)
        for place in places:
            await self._store.delete(place)
        await self._store.delete(key)
        return len(places)

    def lock(self, session: Session) -> asyncio.Lock:
        """Return what one request at a time holds to renew this session's token, within this process."""
        return self._locks.setdefault(session.place, asyncio.Lock())

    async def keep_sign_in(self, record: Json) -> str:
        """Keep a sign-in under way, or why it failed, for ten minutes; return the value of its cookie."""
        value = secrets.token_urlsafe(32)
        place = _place("sign-in", value)
        await self._store.put(place, self._seal.close(place, json.dumps(record).encode()), SIGN_IN_SECONDS)
        return value

    async def take_sign_in(self, value: str) -> Json | None:
        """Return it once."""
        place = _place("sign-in", value)
        return self._opened(place, await self._store.take(place)) if value else None

    async def why_failed(self, value: str) -> Json | None:
        """Return once why a sign-in failed; one that is under way stays as it is."""
        place = _place("sign-in", value)
        record = self._opened(place, await self._store.get(place)) if value else None
        if record is None or "problem" not in record:
            return None
        await self._store.delete(place)
        return dict(record["problem"])

    def _opened(self, place: str, sealed: bytes | None) -> Json | None:
        opened = self._seal.open(place, sealed) if sealed else None
        return dict(json.loads(opened)) if opened else None

    async def _read(self, place: str) -> Session | None:
        read = self._opened(place, await self._store.get(place))
        if read is None:
            return None
        return Session(place, SignedIn(**read["person"]), read["csrf"], read["ends"])

    def _closed(self, session: Session) -> bytes:
        record = {"person": asdict(session.person), "csrf": session.csrf, "ends": session.ends}
        return self._seal.close(session.place, json.dumps(record).encode())


def _place(kind: str, value: str) -> str:
    return f"bff:{kind}:{sha256(value.encode()).hexdigest()}"
