"""The log of requests: its size, its total, and how a client reads and sets them."""

import pytest

from entra_emulator.request_log import RequestLog


def test_the_newest_are_kept_and_all_are_counted() -> None:
    """A log of two keeps the last two of three, grows without loss, and forgets its count when it is
    cleared.
    """
    log = RequestLog(2)
    for number in range(3):
        log.append({"number": number})
    assert ([each["number"] for each in log], log.total, log.size) == ([1, 2], 3, 2)
    log.resize(3)
    log.append({"number": 3})
    assert ([each["number"] for each in log], log.total) == ([1, 2, 3], 4)
    log.clear()
    assert (list(log), log.total, log.size) == ([], 0, 3)


@pytest.mark.parametrize("size", [-1, 1_000_001, "5", True])
def test_a_size_that_cannot_be(size: int) -> None:
    """A size is a number, not below nothing, not beyond a million."""
    with pytest.raises(ValueError, match="the log keeps 0 to 1000000 requests"):
        RequestLog(2).resize(size)
