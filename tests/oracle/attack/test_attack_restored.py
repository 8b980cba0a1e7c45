"""What was deleted and came back: nothing of it is armed by that."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.oracle.attack.holdings import holdings
from tests.oracle.attack.story import story


@pytest.mark.parametrize("protected", [True, False])
def test_4_a_planted_deleted_application_is_not_armed_by_its_restore(protected: bool, tmp_path: Path) -> None:
    """In a protected environment it stays deleted and ours is made beside it; elsewhere it comes back and
    is granted nothing.
    """
    reported = story(tmp_path, start="api", protected=protected)
    planted = reported.plant("nightly")
    reported.federate(planted)
    reported.his("DELETE", f"/applications/{planted['id']}")
    reported.scene.clock.advance(86400)
    reported.stage.project.words |= {"restore"}
    first = reported.round()
    assert reported.breaches == []
    assert not reported.holds(planted["principal"], "Writer")
    if protected:
        assert first.ending == "done", first
        assert planted["id"] in reported.scene.tables.deleted_items
        made = reported.scene.tables.service_principal_by_app_id(reported.stage.project.pins["nightly"])
        assert made is not None
        assert reported.holds(made["id"], "Writer")


@pytest.mark.parametrize("protected", [True, False])
def test_a_restored_api_of_which_a_stranger_holds_a_role_gets_no_users(
    protected: bool, tmp_path: Path
) -> None:
    """Once lists show who holds its roles again, nobody becomes its user or its client."""
    reported = story(tmp_path, protected=protected, list_lag=30, owned=True)
    planted, daemon = reported.restored_api(since=40)
    ended = reported.round()
    assert ended.ending == "held back", ended
    assert reported.breaches == []
    held = [each for each in holdings(reported.scene.tables) if each.resource == planted["appId"]]
    assert {each.holder for each in held} == {daemon}
