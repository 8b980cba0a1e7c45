"""Sessions of the server that signs in: where they are, for how long, and that nobody reads them there."""

import re
from pathlib import Path

import httpx
import pytest

from options.bff.tests import world as worlds
from options.bff.tests.in_redis import in_redis, keys_in_redis
from options.bff.tests.world import USERS, Bff, Browser

pytestmark = pytest.mark.options


def test_redis_holds_neither_a_cookie_nor_a_token(world: Bff, writer: Browser) -> None:
    """Records are kept by a hash and sealed; a record at another's place does not open."""
    kept = keys_in_redis(world)
    whole = b"".join(in_redis(world, "DUMP", name) for name in kept)
    assert writer.cookie.encode() not in whole
    assert writer.cookie not in " ".join(kept)
    # Sealed records are random bytes, in which three letters in a row mean nothing: a token has parts, too.
    assert not re.search(rb"eyJ[\w-]+\.[\w-]+\.", whole)
    assert USERS["writer"].encode() not in whole

    before = {name for name in kept if ":session:" in name}
    other = world.browser()
    other.sign_in(USERS["reader"])
    (place,) = {name for name in keys_in_redis(world) if ":session:" in name} - before
    (mine,) = [name for name in before if ttl(world, name) == max(ttl(world, each) for each in before)][:1]
    in_redis(world, "COPY", mine, place, "REPLACE")
    assert other.session()["account"] is None


def ttl(world: Bff, name: str) -> int:
    """Return how many seconds a record has."""
    return int(in_redis(world, "TTL", name).decode().strip().removeprefix(":"))


def test_a_session_outlives_a_task_and_a_change_of_its_key(world: Bff, writer: Browser) -> None:
    """Two keys are valid at once; a session whose key is gone is over, and nothing breaks."""
    before = list(world.keys)
    try:
        world.stop()
        world.keys = [worlds.key(), *before]
        world.start()
        assert writer.get("/api/me").status_code == 200
        world.stop()
        world.keys = [world.keys[0]]
        world.start()
        assert writer.session()["account"] is None
    finally:
        world.stop()
        world.keys = before
        world.start()


def test_a_session_ends_when_it_is_idle_and_when_its_time_is_over(world: Bff) -> None:
    """The first by Redis itself, the second whatever the browser does meanwhile."""
    world.stop()
    world.more = {"SERVER_SESSION_SECONDS": "3600", "SERVER_SESSION_IDLE_SECONDS": "600"}
    world.start()
    try:
        browser = world.browser()
        names = set(keys_in_redis(world))
        browser.sign_in(USERS["writer"])
        (place,) = {name for name in set(keys_in_redis(world)) - names if ":session:" in name}
        assert 590 <= ttl(world, place) <= 600
        in_redis(world, "EXPIRE", place, "100")
        assert browser.get("/api/me").status_code == 200
        assert 590 <= ttl(world, place) <= 600
        in_redis(world, "EXPIRE", place, "0")
        assert browser.get("/api/me").status_code == 401
    finally:
        world.stop()
        world.more = {}
        world.start()


def test_without_redis_one_task_keeps_sessions_in_memory(tmp_path: Path, world: Bff) -> None:
    """The same story, and all is forgotten with the process."""
    world.stop()
    url, world.redis_url = world.redis_url, ""
    world.start()
    try:
        browser = world.browser()
        browser.sign_in(USERS["writer"])
        assert browser.get("/api/me").status_code == 200
        assert "sessions are in this process's memory" in world.log
        world.stop()
        world.start()
        assert browser.session()["account"] is None
    finally:
        world.stop()
        world.redis_url = url
        world.start()


def test_redis_by_tls_and_the_role_keeps_sessions(world: Bff) -> None:
    """The connection is verified, and the user is the cache's; an attacker's certificate is no store."""
    world.stop()
    url, world.more = world.redis_url, {"SERVER_REDIS_IAM": "sessions"}
    with worlds.redis_server(world.base.folder / "redis3", world.base) as secure:
        world.redis_url = secure
        world.start()
        browser = world.browser()
        browser.sign_in(USERS["writer"])
        assert browser.get("/api/me").status_code == 200
        world.stop()
        world.more |= {"SSL_CERT_FILE": "/etc/ssl/certs/ca-certificates.crt"}
        with pytest.raises(AssertionError, match="does not answer"):
            world.start()
        world.stop()
    world.redis_url, world.more = url, {}
    world.start()


def test_a_store_that_does_not_answer_is_not_ready(world: Bff) -> None:
    """The load balancer takes the task out; the process lives on."""
    world.stop()
    url = world.redis_url
    health, before = f"http://127.0.0.1:{world.port}", world.log.count("Traceback")
    with worlds.redis_server(world.base.folder / "redis2") as other:
        world.redis_url = other
        world.start()
    assert httpx.get(f"{health}/healthz").text == "ok\n"
    assert httpx.get(f"{health}/readyz").status_code == 503
    browser = world.browser()
    browser.client.cookies.set("__Host-session", "x")
    for path in ("/session", "/api/me", "/auth/sign-in"):
        response = browser.get(path)
        assert (response.status_code, response.json()["title"]) == (503, "Not ready")
    assert world.log.count("Traceback") == before
    world.stop()
    world.redis_url = url
    world.start()
