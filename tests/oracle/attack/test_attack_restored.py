"""What was deleted and came back: nothing of it is armed by that."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.oracle.attack import bait
from tests.oracle.attack.holdings import holdings
from tests.oracle.attack.story import LINK, Story, story

if TYPE_CHECKING:
    from entra_emulator.graph.call import Call, CollectionResponse

WAYS = ("owner", "secret", "certificate", "federated credential")


def planted(reported: Story, way: str) -> dict[str, Any]:
    """Leave a way into our nightly job, delete it, and return it."""
    app = reported.ours("nightly")
    path, me = f"/applications/{app['id']}", reported.scene.attacker.oid
    reported.hand("POST", f"{path}/owners/$ref", {"@odata.id": f"{LINK}{me}"})
    match way:
        case "secret":
            reported.his("POST", f"{path}/addPassword", {})
        case "certificate":
            reported.his("PATCH", path, {"keyCredentials": [*app["keyCredentials"], bait.certificate()]})
        case "federated credential":
            reported.federate(app)
    if way != "owner":
        reported.leave(app)
    principal = reported.scene.tables.service_principal_by_app_id(app["appId"])
    assert principal is not None
    reported.hand("DELETE", path)
    reported.stage.referee.acted()
    reported.scene.clock.advance(86400)
    return app | {"principal": principal["id"]}


@pytest.mark.parametrize("protected", [True, False])
@pytest.mark.parametrize("way", WAYS)
def test_a_restore_arms_nobody_who_planted_before_the_deletion(
    way: str, protected: bool, tmp_path: Path
) -> None:
    """The application is restored, its service principal stays deleted, and so does its role."""
    reported = story(tmp_path, start="all", protected=protected)
    app = planted(reported, way)
    reported.stage.project.words |= {"restore"}
    ended = reported.round()
    assert ended.ending == "withheld", ended
    # The plan that restores the application removes the certificate, too; nobody was shown more than that.
    why = "1 more to change" if way == "certificate" else "the service principal of nightly stays deleted"
    assert why in ended.why
    assert reported.breaches == []
    assert app["id"] in reported.scene.tables.applications
    assert app["principal"] in reported.scene.tables.deleted_items
    assert not reported.holds(app["principal"], "Writer")


def test_a_way_in_that_is_left_between_both_restores_arms_nobody(tmp_path: Path) -> None:
    """Its owner adds a secret to the restored application and leaves, while the next plan is read: that shows
    that he has left, and not yet what he left behind. What is read right before the restore shows it.
    """
    reported = story(tmp_path, start="all", lags=(("applications", 40), ("servicePrincipals", 40)))
    app = planted(reported, "owner")
    reported.stage.project.words |= {"restore"}
    reported.scene.faults.set(reported.world.faults)

    class Between:
        done = False

        def before(self, call: Call) -> None:
            """Act while the owners of the restored application are read."""
            if not self.done and call.segments == ["applications", app["id"], "owners"]:
                self.done = True
                reported.his("POST", f"/applications/{app['id']}/addPassword", {})
                reported.leave(app)

        def after(self, call: Call, response: CollectionResponse) -> None:
            """Wait."""

    between = Between()
    with reported.scene.watched_by(between):
        ended = reported.round()
    assert between.done
    assert ended.ending == "failed", ended
    assert reported.breaches == []
    assert app["principal"] in reported.scene.tables.deleted_items


@pytest.mark.parametrize("protected", [True, False])
def test_4_a_planted_deleted_application_is_not_armed_by_its_restore(protected: bool, tmp_path: Path) -> None:
    """In a protected environment it stays deleted and ours is made beside it; elsewhere it is restored
    without its service principal.
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
    assert ended.ending == "withheld", ended
    assert reported.breaches == []
    held = [each for each in holdings(reported.scene.tables) if each.resource == planted["appId"]]
    assert {each.holder for each in held} == {daemon}
