"""What the page of changes does with snapshots, and where it begins."""

from urllib.parse import unquote

import pytest
from starlette.responses import Response

from entra_emulator.portal import history
from entra_emulator.portal.history import since_apply
from entra_emulator.snapshots.named import BEGINNING
from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.browsing import CONTOSO, Browser
from tests.unit.emulator.portal.showing import Showing, names, page, plain, shown, visit

UNFIT = (
    "A snapshot cannot be called 'now': letters, digits, spaces, `.`, `_` and `-`, at most 64, and none\n"
    "    of beginning, now and before the last change."
)


@pytest.fixture
def browser() -> Browser:
    """Give the portal of the example tenant with two snapshots of it, and a group that came since."""
    made = example.browser()
    made.emulator.snapshots.save("first")
    made.world.clock.advance(3600)
    made.emulator.snapshots.save("second")
    example.change(made, "PATCH", f"/groups/{example.group(made.world, 'Audit')}", {"description": "New"})
    return made


def act(browser: Browser, action: str, **form: str) -> tuple[Showing, Response]:
    """Do something with snapshots; return the visit with its page, and the response."""
    opened = visit(browser, "", form, action=action)
    return opened, history.act(opened)


def kept(browser: Browser) -> list[str]:
    """Return the names of the snapshots."""
    return [each.name for each in browser.emulator.snapshots.kept()]


def description(browser: Browser) -> str:
    """Return what is said of the group that was changed."""
    tenant = browser.world.directory.default
    return str(tenant.groups.rows[example.group(browser.world, "Audit")]["description"])


@pytest.mark.parametrize(
    ("action", "form", "address", "left"),
    [
        ("save", {"name": " third "}, f"{CONTOSO}/changes?since=third", ["first", "second", "third"]),
        ("drop", {"name": "first"}, f"{CONTOSO}/changes", ["second"]),
        ("restore", {"name": "first", "sure": "yes"}, f"{CONTOSO}/changes", ["first", "second"]),
    ],
)
def test_what_is_done_leads_back_to_the_changes(
    browser: Browser, action: str, form: dict[str, str], address: str, left: list[str]
) -> None:
    """Hold which snapshots there are then, and that going back alone changes the directory."""
    opened, response = act(browser, action, **form)

    assert (response.status_code, unquote(response.headers["location"])) == (303, address)
    assert (opened.template, kept(browser)) == ("", left)
    assert description(browser) == ("Reads alone" if action == "restore" else "New")


@pytest.mark.parametrize("sure", ["", "no"])
def test_going_back_is_asked_about_first(browser: Browser, sure: str) -> None:
    """Hold how many differences go, and that nothing is done yet."""
    opened, response = act(browser, "restore", name="second", sure=sure)

    assert page(opened, {}) == "restore.html 200 at changes\nname: second\nnumber: 1\nbeginning: beginning"
    assert (response.status_code, description(browser)) == (200, "New")


@pytest.mark.parametrize(
    ("action", "form", "reason"),
    [
        ("save", {"name": "now"}, UNFIT),
        ("drop", {"name": "third"}, "There is no snapshot 'third'; there is beginning, first, second, now."),
        (
            "restore",
            {"name": "third"},
            "There is no snapshot 'third'; there is beginning, first, second, now.",
        ),
        ("forget", {"name": "first", "sure": "yes"}, "There is no such change."),
        ("forget", {"name": "first"}, "There is no such change."),
    ],
)
def test_what_cannot_be_done_says_why(
    browser: Browser, action: str, form: dict[str, str], reason: str
) -> None:
    """Hold the reason as a sentence, and that no snapshot came or went."""
    opened, response = act(browser, action, **form)

    assert page(opened, {}) == f"edit_gone.html 404 at changes\nreason: {reason}"
    assert (response.status_code, kept(browser)) == (404, ["first", "second"])


def test_a_tenant_that_is_gone_with_going_back_leads_to_the_first_page(browser: Browser) -> None:
    """Hold that its own page of changes is not led to."""
    without = browser.world.directory.fork()
    del without.tenants[browser.world.tenant.tenant_id]
    browser.emulator.snapshots.keep("without", without)
    assert shown(browser, history.show, "since=without#total") == "total: 0", "of no tenant nothing is told"
    assert shown(browser, history.show, "until=without#total") == "total: 0"

    _, response = act(browser, "restore", name="without", sure="yes")

    assert (response.status_code, response.headers["location"]) == (303, "/")


def test_the_page_begins_with_the_last_apply_else_the_newest_snapshot(browser: Browser) -> None:
    """Hold what is compared where the address says nothing: without any snapshot, the beginning."""
    alone = example.browser()
    assert shown(alone, history.show, "#since") == f"since: {BEGINNING}"
    assert shown(alone, history.show, "#last") == ""
    assert shown(browser, history.show, "#since") == "since: second"
    assert shown(browser, history.show, "#kept").endswith("[second of 2026-01-01 | first of 2026-01-01]")
    example.applied(browser)
    browser.emulator.snapshots.save("later")
    assert shown(browser, history.show, "#since") == "since: apply of myapp.prod"
    assert shown(browser, history.show, "#last") == "last: apply of myapp.prod"
    assert shown(browser, history.show, "since=later#since") == "since: later"
    browser.emulator.snapshots.drop("apply of myapp.prod")
    assert shown(browser, history.show, "#last") == ""
    assert shown(browser, history.show, "#since") == "since: later"


def test_changes_since_the_last_apply_are_counted(browser: Browser) -> None:
    """Hold that there is nothing to tell before an apply, and where its snapshot is gone."""
    assert since_apply(visit(browser), 4) is None
    example.applied(browser)
    world = browser.world
    world.clock.advance(3600)
    example.change(browser, "PATCH", f"/users/{world.user('erin')['id']}", {"jobTitle": "Engineer"})
    link = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{world.user('bob')['id']}"}
    example.change(browser, "POST", f"/applications/{world.application('spa')['id']}/owners/$ref", link)

    line = "+ Bob Baker owns Spa on Spa; Add owner to application by Emulator admin; "
    assert plain(since_apply(visit(browser), 1), names(world)) == {
        "owner": "myapp/prod",
        "at": "2026-01-01T01:00:00Z",
        "snapshot": "apply of myapp.prod",
        "total": 2,
        "high": 0,
        "lines": [line],
    }
    browser.emulator.snapshots.drop("apply of myapp.prod")
    assert since_apply(visit(browser), 1) is None
