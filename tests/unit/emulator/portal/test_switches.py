"""Faults and clock as switches, and what the banner says of them."""

from entra_emulator.app import create_app
from entra_emulator.clock import SystemClock
from entra_emulator.fault_plan import FaultPlan
from entra_emulator.portal.banner import lines
from tests.unit.emulator.portal.browsing import Browser, text_of


def test_a_fault_is_switched_on_and_shown_on_every_page_with_its_switch() -> None:
    """Per cent of the form are shares of the plan; the banner has a switch per fault."""
    browser = Browser()
    form = {"throttle_rate": "5", "latency_ms": "150", "read_quota": "8000"}
    assert browser.post("faults/set", form).status_code == 200
    plan = browser.emulator.faults.plan
    assert (plan.throttle_rate, plan.latency_ms, plan.read_quota) == (0.05, 150, 8000)
    page = browser.get("users").text
    for words in ("5 % of calls throttled", "Latency 150 ms", "8000 resource units in 10 s"):
        assert words in page
    browser.post("faults/off", {"name": "latency_ms"})
    assert browser.emulator.faults.plan.latency_ms == 0
    assert browser.emulator.faults.plan.throttle_rate == 0.05
    assert "Latency" not in browser.get("users").text.split("<main")[0]


def test_what_is_no_number_is_named_and_changes_nothing() -> None:
    """The page says which; what else the form said is not half done."""
    browser = Browser()
    for value in ("much", "nan", "-1", "101", "1e999"):
        response = browser.post("faults/set", {"latency_ms": "5", "throttle_rate": value})
        assert response.status_code == 400, value
        assert browser.emulator.faults.plan == FaultPlan()


def test_faults_that_the_form_does_not_offer_stay() -> None:
    """Rules and lags were set by a program: they are shown, and setting another leaves them."""
    browser = Browser()
    rules = [{"action": "respond", "path": "x"}]
    browser.emulator.faults.set(FaultPlan.from_data({"lag": {"users": 3.0}, "rules": rules}))
    browser.post("faults/set", {"latency_ms": "1"})
    plan = browser.emulator.faults.plan
    assert (plan.lag, len(plan.rules), plan.latency_ms) == ({"users": 3.0}, 1, 1)
    text = text_of(browser.get("faults").text)
    assert 'lag {"users": 3.0}' in text


def test_the_clock_moves_on_and_back() -> None:
    """A step of the page's own; the banner says it; times that are still to come say so."""
    browser = Browser()
    assert browser.post("faults/clock", {"seconds": "3600"}).status_code == 409
    clock = SystemClock()
    browser.emulator.clock = browser.world.directory.clock = clock
    assert browser.post("faults/clock", {"seconds": "3600"}).status_code == 200
    assert browser.post("faults/clock", {"seconds": "7"}).status_code == 409
    assert clock.offset.total_seconds() == 3600
    assert lines(FaultPlan(), clock) == [("Clock +1 h", "clock")]
    browser.world.tenant.audit.append(
        {
            "activityDateTime": clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"), "activityDisplayName": "Late",
            "initiatedBy": {}, "targetResources": [],
        }
    )  # fmt: skip
    assert "(clock moved on)" in browser.get("").text
    browser.post("faults/off", {"name": "clock"})
    assert clock.offset.total_seconds() == 0


def test_the_plan_of_a_new_emulator_is_said_to_be_off() -> None:
    """No fault, no word of one."""
    emulator = create_app(Browser().world.directory)
    assert lines(emulator.faults.plan, emulator.clock) == []
