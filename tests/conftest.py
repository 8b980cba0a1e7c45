"""Options of the whole suite: where the conformance tests send their requests, and which files come first."""

import gc
from collections.abc import Generator

import pytest
from httpx._config import DEFAULT_TIMEOUT_CONFIG

# httpx gives up after 5 seconds, which a TLS handshake can take on a busy machine. Tests wait for 60.
DEFAULT_TIMEOUT_CONFIG.connect = DEFAULT_TIMEOUT_CONFIG.read = DEFAULT_TIMEOUT_CONFIG.write = 60.0

# Whose files take longest: stories that start programs, browsers and emulators. A worker that begins with one
# of them last is waited for.
LONG = (
    "tests/workflows/",
    "tests/e2e/",
    "tests/convergence/",
    "tests/docs/",
    "tests/unit/pytest_plugin/",
    "tests/unit/emulator/",
    "tests/unit/cli/",
    "tests/unit/testing/",
    "tests/cases/",
    "api/tests/",
)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Let nobody look for garbage in what stays: thousands of tests and modules, to the end of the run."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the tests of long files first where workers keep the order; else they stay as they were named."""
    if not config.getoption("loadscopereorder", default=True):
        items.sort(key=lambda item: rank(item.nodeid))


def rank(name: str) -> int:
    """Return which place a test's folder has among the long ones, or the one behind them."""
    return next((place for place, folder in enumerate(LONG) if name.startswith(folder)), len(LONG))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that point the conformance tests at something else than the embedded emulator."""
    group = parser.getgroup("conformance")
    group.addoption("--emulator-url", help="run the conformance tests against a running emulator at this URL")
    group.addoption(
        "--live",
        action="store_true",
        help="run the read-only conformance tests against a real tenant (GRAPH_TOKEN)",
    )
    group.addoption(
        "--live-write", action="store_true", help="with --live: also those that write (and clean up)"
    )
