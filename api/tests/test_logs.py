"""Log lines: one JSON object each, with what there is and no more, of all loggers of the process."""

import json
import logging
import sys
from collections.abc import Iterator

import pytest

from api.logs import JsonLines, configure, correlation_id

OTHERS = ("uvicorn", "uvicorn.error", "uvicorn.access", "httpx")


@pytest.fixture
def _as_before() -> Iterator[None]:
    """Leave the loggers of this process as they were."""
    loggers = [logging.getLogger(name) for name in ("", *OTHERS)]
    before = [(each, each.handlers[:], each.level, each.propagate) for each in loggers]
    yield
    for logger, handlers, level, propagate in before:
        logger.handlers[:] = handlers
        logger.setLevel(level)
        logger.propagate = propagate


@pytest.mark.usefixtures("_as_before")
@pytest.mark.parametrize("level", ["DEBUG", "WARNING"])
def test_all_logs_of_the_process_are_lines_of_one_handler(level: str) -> None:
    """Uvicorn's too, whatever it was given; its access log is silent, for ours says more, and httpx is."""
    for name in OTHERS[:3]:
        logging.getLogger(name).addHandler(logging.StreamHandler())
    configure(level)
    (handler,) = logging.getLogger().handlers
    assert isinstance(handler, logging.StreamHandler)
    assert (handler.stream, type(handler.formatter)) == (sys.stdout, JsonLines)
    assert logging.getLogger().level == getattr(logging, level)
    assert [logging.getLogger(name).handlers for name in OTHERS] == [[], [], [], []]
    assert [logging.getLogger(name).propagate for name in OTHERS] == [True, True, False, True]
    assert not logging.getLogger("httpx").isEnabledFor(logging.INFO)
    assert logging.getLogger("httpx").isEnabledFor(logging.WARNING)


@pytest.mark.parametrize(("correlation", "more"), [("", {}), ("abc", {"correlationId": "abc"})])
def test_a_line_has_what_there_is(correlation: str, more: dict[str, str]) -> None:
    """Outside of a request there is no id, and the line has no empty one; of `extra` it has known fields."""
    record = logging.LogRecord("api.x", logging.INFO, "x.py", 1, "said %s", ("so",), None)
    record.created, record.msecs = 0.0, 7.9
    vars(record).update(reason="why", client=None, token="eyJ")
    token = correlation_id.set(correlation)
    try:
        line = json.loads(JsonLines().format(record))
    finally:
        correlation_id.reset(token)
    assert line == {
        "time": "1970-01-01T00:00:00.007Z",
        "level": "INFO",
        "logger": "api.x",
        "message": "said so",
        "reason": "why",
        **more,
    }
