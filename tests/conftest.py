"""Options of the whole suite: where the conformance tests send their requests."""

import pytest
from hypothesis import HealthCheck, settings

# One profile for every property: how long an example takes is a matter of the machine, and of no test.
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
settings.load_profile("tests")


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
