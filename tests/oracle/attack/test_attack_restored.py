"""What was deleted and came back: nothing of it is armed by that, and the judge counts it from then on."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from entra_config.emulator.fault_plan import FaultPlan
from tests.oracle.attack.holdings import holdings
from tests.oracle.attack.story import WRITER, Story, story


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


def deleted_and_restored(reported: Story, *, since: int) -> tuple[dict[str, Any], str]:
    """Let him delete the API that he planted, and restore it so many seconds ago; lists are 30 behind."""
    reported.scene.faults.set(FaultPlan(list_lag={"*": 30}))
    planted, daemon = reported.plant_api()
    reported.scene.clock.advance(1)
    reported.his("DELETE", f"/applications/{planted['id']}")
    reported.scene.clock.advance(20)
    for id_ in (planted["id"], planted["principal"]):
        reported.his("POST", f"/directory/deletedItems/{id_}/restore")
    reported.scene.clock.advance(since)
    return planted, daemon


@pytest.mark.parametrize("protected", [True, False])
def test_a_restored_api_of_which_a_stranger_holds_a_role_gets_no_users(
    protected: bool, tmp_path: Path
) -> None:
    """Once lists show who holds its roles again, nobody becomes its user or its client."""
    reported = story(tmp_path, protected=protected, list_lag=30, owned=True)
    planted, daemon = deleted_and_restored(reported, since=40)
    ended = reported.round()
    assert ended.ending == "held back", ended
    assert reported.breaches == []
    held = [each for each in holdings(reported.scene.tables) if each.resource == planted["appId"]]
    assert {each.holder for each in held} == {daemon}


@pytest.mark.parametrize(("since", "seen"), [(40, True), (15, False)])
def test_the_judge_counts_what_came_back_from_its_restore_on(since: int, seen: bool, tmp_path: Path) -> None:
    """A plan whose lists are older than the restore cannot read who holds a role; one whose lists are not
    must.
    """
    reported = story(tmp_path, list_lag=30)
    planted, _ = deleted_and_restored(reported, since=since)
    referee, tables = reported.stage.referee, reported.scene.tables
    (group,) = (row["id"] for row in tables.groups if row["displayName"] == "All Staff")
    api = planted["principal"]

    async def give() -> int:
        async with reported.scene.emulator.client() as ours:
            grant = {"principalId": group, "resourceId": api, "appRoleId": WRITER}
            place = f"/servicePrincipals/{api}/appRoleAssignedTo"
            return (await ours.post(place, json=grant)).status_code

    referee.begins()
    with reported.scene.watched_by(referee):
        assert asyncio.run(give()) == 201
    assert [each.invariant for each in referee.breaches] == ["armed API"] * seen
