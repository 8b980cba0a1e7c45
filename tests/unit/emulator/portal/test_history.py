"""What changed between two moments, whole."""

from collections.abc import Callable

import pytest
from starlette.responses import Response

from entra_emulator.portal import history
from entra_emulator.portal.visit import Visit
from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.browsing import Browser
from tests.unit.emulator.portal.showing import shown


@pytest.fixture(scope="module")
def browser() -> Browser:
    """Give the portal of the example tenant; nothing is changed in it."""
    return example.changed()


@pytest.mark.parametrize(
    ("handler", "address", "path", "page"),
    [
        pytest.param(history.show, "since=then&until=then&by=time#groups", {}, """

""", id="nothing by time"),
        pytest.param(history.show, "#since", {}, """
since: apply of myapp.prod
""", id="since the last apply"),
        pytest.param(history.show, "since=nothing", {}, """
edit_gone.html 404 at changes
reason: There is no snapshot 'nothing'; there is beginning, apply of myapp.prod, then, now.
""", id="no such snapshot"),
        pytest.param(history.show, "since=then&until=nothing", {}, """
edit_gone.html 404 at changes
reason: There is no snapshot 'nothing'; there is beginning, apply of myapp.prod, then, now.
""", id="no such later snapshot"),
    ],
)  # fmt: skip
def test_a_page_of_changes_says_all(
    browser: Browser, handler: Callable[[Visit], Response], address: str, path: dict[str, str], page: str
) -> None:
    """Hold each change with its record, and the lines that declare it."""
    assert shown(browser, handler, address, **path) == page.strip("\n")
