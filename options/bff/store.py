"""Where sessions are: in Redis for several tasks, in the memory of this process for one."""

import time
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

from options.bff.settings import Settings

# A record of a sign-in that somebody begins and leaves costs memory: nobody fills it up without end.
MOST_IN_MEMORY = 100_000


class Store(Protocol):
    """Texts by key with an end, and sets of keys."""

    async def get(self, key: str) -> bytes | None:
        """Return what is kept."""

    async def take(self, key: str) -> bytes | None:
        """Return what is kept and forget it, at once: nobody else gets it too."""

    async def put(self, key: str, value: bytes, seconds: int) -> None:
        """Keep it for so many seconds."""

    async def replace(self, key: str, value: bytes) -> None:
        """Keep another value for what is left of the time; nothing where there is none any more."""

    async def touch(self, key: str, seconds: int) -> None:
        """Keep what is there for so many seconds from now."""

    async def delete(self, key: str) -> None:
        """Forget it."""

    async def add(self, key: str, member: str, seconds: int) -> None:
        """Put a member into a set, which is kept for so many seconds from now."""

    async def members(self, key: str) -> list[str]:
        """Return a set."""

    async def ready(self) -> bool:
        """Tell whether it answers."""

    async def close(self) -> None:
        """Let go of it."""


class MemoryStore:
    """Lost with the process, and seen by no other."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """Begin empty; `now` in seconds."""
        self._now = now
        self._held: dict[str, tuple[float, bytes]] = {}
        self._sets: dict[str, tuple[float, set[str]]] = {}

    async def get(self, key: str) -> bytes | None:
        """Return what is kept."""
        ends, value = self._held.get(key, (0.0, b""))
        return value if ends > self._now() else None

    async def take(self, key: str) -> bytes | None:
        """Return what is kept and forget it."""
        value = await self.get(key)
        self._held.pop(key, None)
        return value

    async def put(self, key: str, value: bytes, seconds: int) -> None:
        """Keep it."""
        if len(self._held) >= MOST_IN_MEMORY:
            self._sweep()
        self._held[key] = (self._now() + seconds, value)

    async def replace(self, key: str, value: bytes) -> None:
        """Keep another value."""
        if await self.get(key) is not None:
            self._held[key] = (self._held[key][0], value)

    async def touch(self, key: str, seconds: int) -> None:
        """Keep it longer."""
        value = await self.get(key)
        if value is not None:
            self._held[key] = (self._now() + seconds, value)

    async def delete(self, key: str) -> None:
        """Forget it."""
        self._held.pop(key, None)
        self._sets.pop(key, None)

    async def add(self, key: str, member: str, seconds: int) -> None:
        """Put a member into a set."""
        self._sets[key] = (self._now() + seconds, {*await self.members(key), member})

    async def members(self, key: str) -> list[str]:
        """Return a set."""
        ends, found = self._sets.get(key, (0.0, set()))
        return sorted(found) if ends > self._now() else []

    async def ready(self) -> bool:
        """Tell that memory is there."""
        return True

    async def close(self) -> None:
        """Forget all."""
        self._held.clear()
        self._sets.clear()

    def _sweep(self) -> None:
        now = self._now()
        self._held = {key: held for key, held in self._held.items() if held[0] > now}
        self._sets = {key: held for key, held in self._sets.items() if held[0] > now}
        while len(self._held) >= MOST_IN_MEMORY:
            self._held.pop(next(iter(self._held)))


class StoreError(Exception):
    """The store does not answer: nobody's session can be read now, and none is over because of it."""


class RedisStore:
    """Shared by all tasks; what is in it is sealed. StoreError: Redis does not answer."""

    def __init__(self, client: Any) -> None:
        """Take a client of redis-py's asyncio."""
        self._client = client

    async def get(self, key: str) -> bytes | None:
        """Return what is kept."""
        return cast("bytes | None", await _requested(self._client.get(key)))

    async def take(self, key: str) -> bytes | None:
        """Return what is kept and forget it (GETDEL)."""
        return cast("bytes | None", await _requested(self._client.getdel(key)))

    async def put(self, key: str, value: bytes, seconds: int) -> None:
        """Keep it."""
        await _requested(self._client.set(key, value, ex=seconds))

    async def replace(self, key: str, value: bytes) -> None:
        """Keep another value."""
        await _requested(self._client.set(key, value, xx=True, keepttl=True))

    async def touch(self, key: str, seconds: int) -> None:
        """Keep it longer."""
        await _requested(self._client.expire(key, seconds))

    async def delete(self, key: str) -> None:
        """Forget it."""
        await _requested(self._client.delete(key))

    async def add(self, key: str, member: str, seconds: int) -> None:
        """Put a member into a set."""
        await _requested(self._client.sadd(key, member))
        await _requested(self._client.expire(key, seconds))

    async def members(self, key: str) -> list[str]:
        """Return a set."""
        return sorted(each.decode() for each in await _requested(self._client.smembers(key)))

    async def ready(self) -> bool:
        """Tell whether it answers."""
        try:
            return bool(await _requested(self._client.ping()))
        except StoreError:
            return False

    async def close(self) -> None:
        """Close its connections."""
        closing: Callable[[], Awaitable[None]] = self._client.aclose
        await closing()


async def _requested(response: Awaitable[Any]) -> Any:
    from redis.exceptions import RedisError

    try:
        return await response
    except (RedisError, OSError) as error:
        raise StoreError(type(error).__name__) from error


def of(settings: Settings) -> Store:
    """Return the store that the settings name."""
    if not settings.redis_url:
        return MemoryStore()
    import redis.asyncio

    options: dict[str, Any] = {"socket_timeout": 5, "socket_connect_timeout": 5}
    if settings.server.redis_iam:
        from options.bff.elasticache import IamProvider

        user = urlsplit(settings.redis_url).username or ""
        url = settings.redis_url.replace(f"{user}@", "", 1)
        options["credential_provider"] = IamProvider(user, settings.server.redis_iam)
        return RedisStore(redis.asyncio.Redis.from_url(url, **options))
    return RedisStore(redis.asyncio.Redis.from_url(settings.redis_url, **options))
