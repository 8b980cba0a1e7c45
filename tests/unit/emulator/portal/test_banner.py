"""What the banner says is on, and how each switch of the page of faults moves it."""

from typing import Any

import pytest

from entra_emulator.clock import Clock, ManualClock, SystemClock, read_stamp
from entra_emulator.fault_plan import FaultPlan
from entra_emulator.portal import switches
from entra_emulator.portal.banner import lines, switched_on
from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.browsing import CONTOSO, Browser
from tests.unit.emulator.portal.showing import page, shown, visit

RULES = [{"action": "respond", "path": "x"}, {"action": "delay", "path": "y"}]
FAULTS = """
faults.html 200 at faults
offered:
  [latency_ms | Each call takes longer by | ms | 1.5]
  [throttle_rate | Calls answered 429 | % | 5]
  [throttle_part_rate | Parts of batches answered 429 | % | ]
  [error_rate | Calls that fail with 503 | % | ]
  [cut_before_rate | Calls cut before they act | % | ]
  [cut_after_rate | Calls cut after they acted | % | ]
  [conflict_rate | Writes answered 409 | % | ]
  [read_quota | Resource units in 10 s at most | units | 8000]
  [write_quota | Writes in 150 s at most | writes | ]
  [audit_delay | Audit records come later by | s | ]
others: lag=users=3.0
steps:
  [3600 | 1 hour]
  [86400 | 1 day]
  [2592000 | 30 days]
  [31536000 | 1 year]
movable: False
moved: False
"""


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ({}, []),
        ({"seed": 7, "retry_after": 9, "error_status": 500}, []),
        ({"edits_while_enabled": True, "groups_soft_delete": False}, []),
        ({"latency_ms": 12.5}, [("Latency 12.5 ms", "latency_ms")]),
        ({"throttle_rate": 0.25}, [("25 % of calls throttled", "throttle_rate")]),
        ({"throttle_part_rate": 0.25}, [("25 % of batch parts throttled", "throttle_part_rate")]),
        ({"error_rate": 0.015}, [("1.5 % of calls fail", "error_rate")]),
        ({"error_part_rate": 1.0}, [("100 % of batch parts fail", "error_part_rate")]),
        ({"cut_before_rate": 0.1}, [("10 % of calls cut before they act", "cut_before_rate")]),
        ({"cut_after_rate": 0.1}, [("10 % of calls cut after they acted", "cut_after_rate")]),
        ({"conflict_rate": 0.1}, [("10 % of writes in conflict", "conflict_rate")]),
        ({"read_quota": 8000}, [("8000 resource units in 10 s", "read_quota")]),
        ({"write_quota": 3000}, [("3000 writes in 150 s", "write_quota")]),
        ({"audit_quota": 5}, [("5 audit reads in 10 s", "audit_quota")]),
        ({"audit_delay": 30.0}, [("Audit records 30 s late", "audit_delay")]),
        ({"audit_spread": 5.0}, [("Audit records up to 5 s later still", "audit_spread")]),
        ({"audit_apart": 2.5}, [("Records of a call up to 2.5 s apart", "audit_apart")]),
        ({"audit_stub_rate": 0.5}, [("50 % of updates recorded without values", "audit_stub_rate")]),
        ({"audit_repeat_rate": 0.5}, [("50 % of records written twice", "audit_repeat_rate")]),
        ({"lag": {"users": 3.0, "groups": 1.5}}, [("Reads behind: users 3 s, groups 1.5 s", "lag")]),
        ({"list_lag": {"users": 3.0}}, [("Lists behind: users 3 s", "list_lag")]),
        ({"refused_lists": ["oauth2PermissionGrants"]}, [("1 list refused", "refused_lists")]),
        ({"rules": RULES[:1]}, [("1 rule of faults", "rules")]),
        (
            {"rules": RULES, "latency_ms": 1.0},
            [("Latency 1 ms", "latency_ms"), ("2 rules of faults", "rules")],
        ),
    ],
)
def test_what_is_on_stands_in_words_with_its_name(plan: dict[str, Any], words: list[tuple[str, str]]) -> None:
    """Hold each fault's words, with its own unit; how a fault is, is none."""
    made = FaultPlan.from_data(plan)

    assert lines(made, ManualClock()) == words
    assert list(switched_on(made)) == [name for _, name in words]


def test_a_clock_that_was_moved_stands_before_the_faults() -> None:
    """Hold how far it is, and that one that was not moved is not told."""
    clock, plan = SystemClock(), FaultPlan(latency_ms=1)
    assert lines(plan, clock) == [("Latency 1 ms", "latency_ms")]
    clock.advance(2 * 86400)
    assert lines(plan, clock) == [("Clock +2 days", "clock"), ("Latency 1 ms", "latency_ms")]


def portal(clock: Clock | None = None, **plan: Any) -> Browser:
    """Return a portal with a clock and faults that are on."""
    browser = example.browser()
    browser.emulator.clock = clock or browser.emulator.clock
    browser.emulator.faults.set(FaultPlan.from_data(plan))
    return browser


def test_the_page_shows_what_is_on_in_its_own_units() -> None:
    """Hold each field with its value, what the page does not offer, and the steps of the clock."""
    browser = portal(latency_ms=1.5, throttle_rate=0.05, read_quota=8000, lag={"users": 3.0})

    assert shown(browser, switches.show) == FAULTS.strip("\n")


@pytest.mark.parametrize(("seconds", "moved"), [(0, False), (60, True)])
def test_a_clock_of_the_machine_can_be_moved(seconds: int, moved: bool) -> None:
    """Hold that the page says whether it was."""
    clock = SystemClock()
    clock.advance(seconds)

    assert shown(portal(clock), switches.show, "#movable") == "movable: True"
    assert shown(portal(clock), switches.show, "#moved") == f"moved: {moved}"


@pytest.mark.parametrize(
    ("name", "left", "offset"),
    [
        ("latency_ms", ["error_rate"], 60),
        ("error_rate", ["latency_ms"], 60),
        ("clock", ["latency_ms", "error_rate"], 0),
        ("conflict_rate", ["latency_ms", "error_rate"], 60),
        ("seed", ["latency_ms", "error_rate"], 60),
        ("", ["latency_ms", "error_rate"], 60),
    ],
)
def test_one_thing_is_switched_off(name: str, left: list[str], offset: int) -> None:
    """Hold that the others stay, and that the page of faults follows."""
    clock = SystemClock()
    clock.advance(60)
    browser = portal(clock, seed=3, latency_ms=5, error_rate=0.5)
    response = switches.switch_off(visit(browser, "", {"name": name}))

    assert (response.status_code, response.headers["location"]) == (303, f"{CONTOSO}/faults")
    assert list(switched_on(browser.emulator.faults.plan)) == left
    assert (clock.offset.total_seconds(), browser.emulator.faults.plan.seed) == (offset, 3)


def test_a_clock_that_stands_still_is_not_switched_off() -> None:
    """Hold that nothing happens to it, and to the faults."""
    browser = portal(latency_ms=5)
    before = browser.emulator.clock.now()
    switches.switch_off(visit(browser, "", {"name": "clock"}))

    assert (browser.emulator.clock.now(), browser.emulator.faults.plan.latency_ms) == (before, 5)


@pytest.mark.parametrize(
    ("now", "seconds", "page_of", "moved"),
    [
        ("2100-01-01", "86400", "", 1),
        ("2100-01-01", "7", "409 This clock cannot be moved so.", 0),
        ("2100-01-01", "", "409 This clock cannot be moved so.", 0),
        ("2198-12-30", "31536000", "", 365),
        ("2199-01-03", "31536000", "400 The clock goes no further than 2200.", 0),
    ],
)
def test_the_clock_moves_by_one_of_the_steps_up_to_an_end(
    now: str, seconds: str, page_of: str, moved: int
) -> None:
    """Hold the days that it moved, or why it did not."""
    clock = SystemClock()
    clock.advance((read_stamp(f"{now}T00:00:00Z") - clock.now()).total_seconds())
    before = clock.offset
    opened = visit(portal(clock), "", {"seconds": seconds})
    response = switches.move_clock(opened)

    assert (clock.offset - before).days == moved
    told = f"{response.status_code} {opened.values['problem']}" if opened.template else ""
    assert told == page_of
    assert page(opened, {}).startswith("faults.html") if page_of else response.status_code == 303


@pytest.mark.parametrize(
    ("form", "status", "problem"),
    [
        ({"latency_ms": " 7 ", "read_quota": "9", "error_rate": "50"}, 303, ""),
        (
            {"latency_ms": "5", "error_rate": "much"},
            400,
            "“Calls that fail with 503” is no number of %: much",
        ),
        ({"latency_ms": "5", "error_rate": "nan"}, 400, "error_rate cannot be nan"),
        ({"latency_ms": "5", "error_rate": "-1"}, 400, "error_rate cannot be -0.01"),
        ({"latency_ms": "5", "error_rate": "101"}, 400, "error_rate cannot be 1.01"),
        ({"latency_ms": "5", "error_rate": "1e999"}, 400, "error_rate cannot be inf"),
        ({"latency_ms": "x"}, 400, "“Each call takes longer by” is no number of ms: x"),
        ({"read_quota": "1.5"}, 400, "“Resource units in 10 s at most” is no number of units: 1.5"),
    ],
)
def test_the_form_is_the_plan_but_for_what_it_does_not_offer(
    form: dict[str, str], status: int, problem: str
) -> None:
    """Hold that empty fields switch off, and that what is no number changes nothing."""
    browser = portal(write_quota=3, conflict_rate=0.5, lag={"users": 3.0}, rules=RULES[:1])
    before = browser.emulator.faults.plan
    opened = visit(browser, "", form)
    response = switches.set_faults(opened)
    plan = browser.emulator.faults.plan

    assert response.status_code == status
    if problem:
        assert (opened.status, opened.values["problem"], plan) == (400, problem, before)
    else:
        assert switched_on(plan) == {
            "latency_ms": 7.0,
            "error_rate": 0.5,
            "read_quota": 9,
            "lag": {"users": 3.0},
            "rules": before.rules,
        }
