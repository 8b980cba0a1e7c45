"""The key store: when it fetches, what it keeps, and what it logs."""

import asyncio
import json
import logging

import httpx
import pytest

from api.auth.failures import KeysUnavailableError, TokenRefusedError
from api.auth.keys import FIRST_RETRY_SECONDS, MAX_RETRY_SECONDS, KeyStore
from api.tests.issuer import TENANT, Clock, KeyServer, jwk, kid_of


def _store(server: KeyServer, clock: Clock) -> KeyStore:
    return KeyStore(server.fetch, tenant_id=TENANT, monotonic=clock)


def test_many_requests_with_a_new_key_fetch_once() -> None:
    """Requests that meet a rotated key at the same time wait for one fetch, and all get the key."""

    async def run() -> None:
        server, clock = KeyServer([jwk("one")]), Clock()
        store = _store(server, clock)
        await store.refresh()
        server.keys = [jwk("one"), jwk("two")]
        keys = await asyncio.gather(*(store.find(kid_of("two")) for _ in range(50)))
        assert (len(set(map(id, keys))), server.requests) == (1, 2)

    asyncio.run(run())


def test_many_requests_with_made_up_keys_fetch_once() -> None:
    """A burst of unknown keys costs one fetch and refuses all."""

    async def run() -> None:
        server, clock = KeyServer(), Clock()
        store = _store(server, clock)
        await store.refresh()
        found = await asyncio.gather(*(store.find(f"made-up-{n}") for n in range(50)), return_exceptions=True)
        assert all(isinstance(result, TokenRefusedError) for result in found)
        assert server.requests == 2

    asyncio.run(run())


def test_a_caller_who_leaves_does_not_end_the_fetch() -> None:
    """A client that hangs up does not take the keys away from those who wait with it."""

    async def run() -> None:
        go = asyncio.Event()

        async def slow() -> bytes:
            await go.wait()
            return json.dumps({"keys": [jwk("one")]}).encode()

        store = KeyStore(slow, tenant_id=TENANT, monotonic=Clock())
        leaver, stayer = (asyncio.create_task(store.find(kid_of("one"))) for _ in range(2))
        await asyncio.sleep(0)
        leaver.cancel()
        await asyncio.sleep(0)
        go.set()
        assert await stayer is store.get(kid_of("one"))
        assert leaver.cancelled()

    asyncio.run(run())


def test_a_key_at_hand_waits_for_no_fetch() -> None:
    """Whoever makes up a key keeps nobody else waiting."""

    async def run() -> bool:
        go, documents = asyncio.Event(), [json.dumps({"keys": [jwk("one")]}).encode()]

        async def slow() -> bytes:
            if not documents:
                await go.wait()
            return documents.pop()

        store = KeyStore(slow, tenant_id=TENANT, monotonic=Clock())
        await store.refresh()
        made_up, known = (asyncio.create_task(store.find(kid)) for kid in ("made-up", kid_of("one")))
        for _ in range(9):
            await asyncio.sleep(0)
        found = known.done()
        for task in (made_up, known):
            task.cancel()
        return found

    assert asyncio.run(run())


def test_a_refresh_keeps_unchanged_keys_as_they_are() -> None:
    """An unchanged key stays the same object, because verified tokens are bound to it."""

    async def run() -> None:
        server, clock = KeyServer(), Clock()
        store = _store(server, clock)
        await store.refresh()
        before = store.get(kid_of("one"))
        await store.refresh()
        assert store.get(kid_of("one")) is before
        server.keys = [jwk("three", kid=kid_of("one"))]
        await store.refresh()
        assert store.get(kid_of("one")) is not before

    asyncio.run(run())


@pytest.mark.parametrize(
    ("since_fetch", "since_miss", "failing", "requested", "expected"),
    [
        (0, None, False, "one", "key"),
        (86_400, None, True, "one", "key"),
        (86_401, None, False, "one", "key after a fetch"),
        (86_401, None, True, "one", "unavailable after a fetch"),
        (0, None, False, "new", "unknown after a fetch"),
        (0, None, True, "new", "unavailable after a fetch"),
        (100, 59, False, "new", "unknown"),
        (100, 60, False, "new", "unknown after a fetch"),
        (100, 59, True, "new", "unknown"),
        (86_401, 59, True, "one", "unavailable"),
    ],
)
def test_when_a_key_is_fetched_again(
    since_fetch: float, since_miss: float | None, failing: bool, requested: str, expected: str
) -> None:
    """The table of the key store at its limits: a set is trusted for a day, and a made-up name costs one
    fetch a minute.
    """

    async def run() -> str:
        server, clock = KeyServer([jwk("one")]), Clock()
        store = _store(server, clock)
        await store.refresh()
        clock.time += since_fetch - (since_miss or 0)
        if since_miss is not None:
            await asyncio.gather(store.find("made-up"), return_exceptions=True)
            store._fetched_at = clock.time + (since_miss or 0) - since_fetch
            clock.time += since_miss
        before, server.failing = server.requests, failing
        (found,) = await asyncio.gather(store.find(kid_of(requested)), return_exceptions=True)
        after = " after a fetch" if server.requests > before else ""
        names = {TokenRefusedError: "unknown", KeysUnavailableError: "unavailable"}
        return names.get(type(found), "key") + after

    assert asyncio.run(run()) == expected


def test_who_waits_for_a_fetch_gets_what_it_brings() -> None:
    """The key where it came, unavailable where the fetch failed; and a new fetch where it began too early to
    know a key that came since.
    """

    async def run(*, failing: bool, requested: str) -> tuple[list[object], int]:
        server, clock = KeyServer([jwk("one"), jwk("two")], failing=failing), Clock()
        store = _store(server, clock)
        found = await asyncio.gather(
            *(store.find(kid_of(requested)) for _ in range(3)), return_exceptions=True
        )
        return [type(each).__name__ for each in found], server.requests

    assert asyncio.run(run(failing=False, requested="two"))[1] == 1
    assert asyncio.run(run(failing=True, requested="two")) == (["KeysUnavailableError"] * 3, 1)
    assert asyncio.run(run(failing=False, requested="none")) == (["TokenRefusedError"] * 3, 1)


def test_a_server_that_fails_is_asked_sooner_and_then_less_and_less() -> None:
    """Hourly while it answers; after failures 5, 10, 20… seconds, five minutes at most, and hourly again."""

    async def run() -> list[float]:
        server, clock, slept = KeyServer([jwk("one")]), Clock(), []

        async def sleep(seconds: float) -> None:
            slept.append(seconds)
            server.failing = 2 <= len(slept) < 14
            if len(slept) == 16:
                raise asyncio.CancelledError

        store = _store(server, clock)
        await asyncio.gather(store.keep_fresh(sleep), return_exceptions=True)
        return slept

    slept = asyncio.run(run())
    waits = [min(FIRST_RETRY_SECONDS * 2.0**number, MAX_RETRY_SECONDS) for number in range(12)]
    assert slept == [3600, 3600, *waits, 3600, 3600]
    assert waits[-1] == MAX_RETRY_SECONDS > waits[0]


def test_keys_that_come_or_go_are_logged_and_an_unchanged_set_is_not(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """By name, in order; a fetch that failed says why, and how often it has by now."""
    many = [f"key {number}" for number in range(9)]

    async def run() -> None:
        server, clock = KeyServer([jwk("two"), jwk("one")]), Clock()
        store = _store(server, clock)
        await store.refresh()
        await store.refresh()
        server.keys = [jwk("one")]
        await store.refresh()
        server.keys = [jwk("one"), jwk("three")]
        await store.refresh()
        server.keys = [jwk("two")]
        await store.refresh()
        server.keys = [jwk("two", kid=name) for name in reversed(many)]
        await store.refresh()
        server.keys = [jwk("two")]
        await store.refresh()
        server.failing = True
        await store.refresh()
        await store.refresh()

    with caplog.at_level("INFO", "api"):
        asyncio.run(run())
    one, two, three = (kid_of(name) for name in ("one", "two", "three"))
    said = [vars(line) for line in caplog.records if line.name.startswith("api")]
    assert [(line["added"], line["removed"]) for line in said if "added" in line] == [
        (sorted([one, two]), []),
        ([], [two]),
        ([three], []),
        ([two], sorted([one, three])),
        (many, [two]),
        ([two], many),
    ]
    assert [line["failures"] for line in said if "failures" in line] == [1, 2]
    assert all(line["error"] for line in said if "failures" in line)


@pytest.mark.parametrize(
    ("error", "said"),
    [(httpx.ConnectError("name not known"), "name not known"), (TimeoutError(), "TimeoutError")],
)
def test_why_keys_were_not_refreshed_stands_in_the_log(
    caplog: pytest.LogCaptureFixture, error: Exception, said: str
) -> None:
    """In its own words, or by its name where it has none."""

    async def fetch() -> bytes:
        raise error

    with caplog.at_level(logging.WARNING):
        asyncio.run(KeyStore(fetch, tenant_id=TENANT, monotonic=Clock()).refresh())
    assert [vars(line)["error"] for line in caplog.records] == [said]
