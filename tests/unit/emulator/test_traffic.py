"""Which requests are kept, for how long, and who hears of them."""

from __future__ import annotations

import asyncio

from entra_emulator import traffic
from entra_emulator.traffic import KEPT, MOST_BYTES, Exchange, Traffic


def exchange(path: str, body: bytes = b"", response: bytes = b"") -> Exchange:
    """Return a request that was answered."""
    return Exchange("2026-01-01T00:00:00Z", "Graph", "GET", path, "", 200, 1.0, {}, body, response)


def test_requests_are_numbered_as_they_come() -> None:
    """From one on, cleared or not; the newest may come first."""
    kept = Traffic()
    for path in ("/a", "/b"):
        kept.add(exchange(path))
    assert [(each.number, each.path) for each in kept] == [(1, "/a"), (2, "/b")]
    assert [each.number for each in kept.newest_first()] == [2, 1]
    found = kept.find("2")
    assert found is not None
    assert found.path == "/b"
    assert kept.find("3") is None
    kept.clear()
    assert (list(kept), kept.total, kept.find("1")) == ([], 2, None)
    kept.add(exchange("/c"))
    assert [(each.number, each.path) for each in kept] == [(3, "/c")]


def test_the_oldest_make_room() -> None:
    """As many are kept as may be, and not one more."""
    kept = Traffic()
    for number in range(KEPT):
        kept.add(exchange(str(number)))
    assert len(list(kept)) == KEPT == 1_000
    kept.add(exchange("last"))
    paths = [each.path for each in kept]
    assert (len(paths), paths[0], paths[-1]) == (KEPT, "1", "last")
    assert kept.total == KEPT + 1


def test_bodies_make_room_too() -> None:
    """Requests and answers count together; the last one is kept whatever its size."""
    half = bytes(MOST_BYTES // 2)
    kept = Traffic()
    kept.add(exchange("one", half))
    kept.add(exchange("two", b"", half))
    assert [each.path for each in kept] == ["one", "two"]
    kept.add(exchange("three", b"x"))
    assert [each.path for each in kept] == ["two", "three"]
    kept.add(exchange("four", half[:-1]))
    assert [each.path for each in kept] == ["two", "three", "four"]
    kept.add(exchange("large", half, half + b"xx"))
    assert [each.path for each in kept] == ["large"]
    kept.clear()
    kept.add(exchange("one", half))
    kept.add(exchange("two", half))
    assert [each.path for each in kept] == ["one", "two"]


def test_who_listens_hears_what_comes_from_now_on() -> None:
    """Until he stops; who is too slow misses what comes, and nobody else does."""
    kept = Traffic()
    kept.add(exchange("before"))
    with kept.listening() as slow:
        for number in range(traffic._WAITING + 1):
            kept.add(exchange(str(number)))
        with kept.listening() as other:
            kept.add(exchange("both"))
        kept.add(exchange("after"))
    kept.add(exchange("gone"))
    assert [each.path for each in heard(other)] == ["both"]
    assert [each.path for each in heard(slow)] == [str(number) for number in range(500)]
    assert [each.path for each in kept][-3:] == ["both", "after", "gone"]


def heard(queue: asyncio.Queue[Exchange]) -> list[Exchange]:
    """Empty a queue."""
    return [queue.get_nowait() for _ in range(queue.qsize())]
