"""Faults and clock as switches, and what the banner says of them."""

from tests.unit.emulator.portal.browsing import Browser


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
