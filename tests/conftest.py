"""Options of the whole suite: where the conformance tests send their requests."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that point the conformance tests at something else than the embedded emulator."""
    group = parser.getgroup("conformance")
    group.addoption("--emulator-url", help="run the conformance tests against a running emulator at this URL")
    group.addoption("--live", action="store_true", help="run the read-only conformance tests against a real tenant (GRAPH_TOKEN)")
    group.addoption("--live-write", action="store_true", help="with --live: also those that write (and clean up)")
