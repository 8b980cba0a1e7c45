"""The load balancer's keys: fetched once, kept as they fit, never more often than their place can bear."""

import asyncio

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from starlette.testclient import TestClient

from api.auth.alb_keys import MISSES_SECONDS, MOST_KEYS, MOST_MISSES, AlbKeys
from api.auth.failures import KeysUnavailableError, TokenRefusedError
from api.tests.balancer import ABSENT, KID, Region, data, headers, pem
from api.tests.issuer import NOW, Clock


def status_error(status: int) -> httpx.HTTPStatusError:
    """Return what httpx makes of a place of keys that has this status."""
    request = httpx.Request("GET", "https://keys.example")
    return httpx.HTTPStatusError(f"status {status}", request=request, response=httpx.Response(status))


def test_made_up_kids_cannot_flood_the_place_of_keys(
    behind: TestClient, region: Region, clock: Clock
) -> None:
    """Thirty a minute are fetched; one that was fetched before works meanwhile."""
    assert behind.get("/me", headers=headers()).status_code == 200
    for n in range(40):
        kid = f"00000000-0000-0000-0000-{n:012}"
        status = behind.get("/me", headers=headers(data({"kid": kid}))).status_code
        assert status == (401 if n < 30 else 503)
    assert len(region.requested) == 31
    assert behind.get("/me", headers=headers()).status_code == 200
    clock.time += 61
    later = NOW + 300
    fresh = data({"kid": ABSENT, "exp": later}, {"exp": later})
    assert behind.get("/me", headers=headers(fresh)).status_code == 401


@pytest.mark.parametrize(
    "found",
    [
        b"",
        b"no key",
        pem(rsa.generate_private_key(65537, 2048)),
        pem(ec.generate_private_key(ec.SECP384R1())),
    ],
)
def test_without_a_key_nobody_is_told_apart(behind: TestClient, region: Region, found: bytes) -> None:
    """503 where the place of keys does not answer or has none of the kind; nothing of it is remembered."""
    region.pems[KID], region.down = found or pem(), not found
    assert behind.get("/me", headers=headers()).status_code == 503
    region.pems[KID], region.down = pem(), False
    assert behind.get("/me", headers=headers()).status_code == 200


def test_a_place_of_keys_without_keys_is_asked_no_more_than_thirty_times_a_minute(
    behind: TestClient, region: Region
) -> None:
    """Whether it is away or what it serves is none: each request would cost it one."""
    for down in (True, False):
        region.pems[KID], region.down = b"no key", down
        for _ in range(15):
            assert behind.get("/me", headers=headers()).status_code == 503
    region.pems[KID] = pem()
    assert behind.get("/me", headers=headers()).status_code == 503
    assert len(region.requested) == 30


def test_as_many_keys_are_kept_as_fit_and_the_oldest_goes_first() -> None:
    """Each is fetched once, until there is one more than is kept."""

    async def run() -> list[str]:
        requested: list[str] = []

        async def fetch(kid: str) -> bytes:
            requested.append(kid)
            return pem()

        keys, made = AlbKeys(fetch, monotonic=Clock()), [kid(n) for n in range(MOST_KEYS + 1)]
        for each in (*made[:-1], *made[:-1], made[-1], made[1], made[0]):
            await keys.find(each)
        return requested

    def kid(n: int) -> str:
        return f"00000000-0000-0000-0000-{n:012}"

    assert asyncio.run(run()) == [*map(kid, range(MOST_KEYS + 1)), kid(0)]


@pytest.mark.parametrize(
    ("error", "raised", "logged"),
    [
        (httpx.ConnectError("no route to host"), KeysUnavailableError, ["no route to host"]),
        (TimeoutError(), KeysUnavailableError, ["TimeoutError"]),
        (status_error(500), KeysUnavailableError, ["status 500"]),
        (status_error(403), TokenRefusedError, []),
        (status_error(404), TokenRefusedError, []),
    ],
    ids=repr,
)
def test_a_key_that_could_not_be_fetched_is_not_one_that_nobody_has(
    caplog: pytest.LogCaptureFixture, error: Exception, raised: type[Exception], logged: list[str]
) -> None:
    """Only 403 and 404 say that nobody has it; whatever else is logged, in its words or by its name."""

    async def fetch(_kid: str) -> bytes:
        raise error

    with pytest.raises(raised):
        asyncio.run(AlbKeys(fetch, monotonic=Clock()).find(KID))
    said = [(vars(line)["error"], vars(line)["kid"]) for line in caplog.records if line.name == "api.keys"]
    assert said == [(each, KID) for each in logged]


def test_a_miss_counts_for_a_minute_by_the_oldest() -> None:
    """Keys are fetched again sixty seconds after the first of thirty, not of the second."""

    async def run() -> list[bool]:
        requested: list[str] = []

        async def fetch(kid: str) -> bytes:
            requested.append(kid)
            return b"no key"

        clock = Clock()
        keys, began, fetched = AlbKeys(fetch, monotonic=clock), clock.time, []
        for second in (0, *[30] * (MOST_MISSES - 1), MISSES_SECONDS - 1, MISSES_SECONDS, MISSES_SECONDS):
            clock.time, before = began + second, len(requested)
            with pytest.raises(KeysUnavailableError):
                await keys.find(KID)
            fetched.append(len(requested) > before)
        return fetched

    assert asyncio.run(run()) == [True] * MOST_MISSES + [False, True, False]
