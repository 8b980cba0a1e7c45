"""The page of what is deleted: by whom, until when it can be restored, and what comes back with it."""

from tests.unit.emulator.portal.browsing import Browser, text_of


def test_after_thirty_days_nothing_is_restored_and_looking_forgets_nothing(browser: Browser) -> None:
    """The page says that it is over, offers no restore, and does not ask Graph, which would forget it."""
    app = browser.world.application("daemon")["id"]
    browser.post("edit/delete", {"application": app, "sure": "yes"})
    browser.world.clock.advance(31 * 86400)
    before = browser.world.directory.dump()
    page = browser.get(f"deleted/{app}?graph=json").text
    assert "Its 30 days are over: it is gone for good." in text_of(page)
    assert "Restore…" not in page
    assert "that is over" in text_of(browser.get("deleted").text)
    assert browser.world.directory.dump() == before
