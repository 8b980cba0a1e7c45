"""What the judge of attacks counts: all that the reading before a write could show, and nothing younger."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.oracle.attack.story import MARKS, WRITER, Story, story


def found(reported: Story) -> list[str]:
    """Return which invariants a write broke."""
    return [each.invariant for each in reported.stage.referee.breaches]


@pytest.mark.parametrize(("since", "seen"), [(40, True), (15, False)])
def test_what_came_back_counts_from_its_restore_on(since: int, seen: bool, tmp_path: Path) -> None:
    """A plan whose lists are older than the restore cannot read who holds a role; one whose lists are not
    must.
    """
    reported = story(tmp_path, list_lag=30)
    planted, _ = reported.restored_api(since=since)
    (group,) = (row["id"] for row in reported.scene.tables.groups if row["displayName"] == "All Staff")
    api = planted["principal"]
    reported.stage.referee.begins()
    grant = {"principalId": group, "resourceId": api, "appRoleId": WRITER}
    reported.write("POST", f"/servicePrincipals/{api}/appRoleAssignedTo", grant)
    assert found(reported) == ["armed API"] * seen


def test_what_our_own_restore_brings_back_counts_as_if_it_had_never_been_gone(tmp_path: Path) -> None:
    """Whoever restores what he deleted reads who holds its roles before anything is given there."""
    reported = story(tmp_path)
    planted, _ = reported.plant_api()
    reported.scene.clock.advance(60)
    reported.his("DELETE", f"/applications/{planted['id']}")
    reported.scene.clock.advance(60)
    reported.stage.referee.begins()
    for id_ in (planted["id"], planted["principal"]):
        reported.write("POST", f"/directory/deletedItems/{id_}/restore", None)
    (group,) = (row["id"] for row in reported.scene.tables.groups if row["displayName"] == "All Staff")
    api = planted["principal"]
    grant = {"principalId": group, "resourceId": api, "appRoleId": WRITER}
    reported.write("POST", f"/servicePrincipals/{api}/appRoleAssignedTo", grant)
    assert "armed API" in found(reported)


@pytest.mark.parametrize(("since", "seen"), [(32.0, True), (31.0, False), (15.0, False)])
def test_a_way_in_counts_once_the_reading_before_the_grant_shows_it(
    since: float, seen: bool, tmp_path: Path
) -> None:
    """Two calls of 0.8 seconds lie between that reading, which is 30 seconds behind, and the grant."""
    reported = story(tmp_path, start="api", protected=False, list_lag=30, latency=800)
    planted = reported.plant("nightly")
    reported.federate(planted)
    reported.scene.clock.advance(since)
    api = reported.scene.tables.service_principal_by_app_id(reported.ours("api")["appId"])
    assert api is not None
    role = next(each["id"] for each in api["appRoles"] if each["value"] == "Writer")
    grant = {"principalId": planted["principal"], "resourceId": api["id"], "appRoleId": role}
    reported.write("POST", f"/servicePrincipals/{api['id']}/appRoleAssignedTo", grant)
    assert found(reported) == ["armed"] * seen


@pytest.mark.parametrize("lag", [30, 0])
@pytest.mark.parametrize("since", [40, 15, 0])
def test_another_s_mark_counts_once_reads_show_it(since: int, lag: int, tmp_path: Path) -> None:
    """What bore our marks alone, and was taken over more recently than reads are behind, may be written."""
    reported = story(tmp_path, list_lag=lag)
    app = reported.hand("POST", "/applications", {"displayName": "Report"})
    reported.stage.referee.powers.note(his=False)
    ours = [each.format(name) for each, name in zip(MARKS, ("prod", "nightly"), strict=True)]
    reported.hand("PATCH", f"/applications/{app['id']}", {"tags": ours})
    reported.stage.referee.acted()
    reported.scene.clock.advance(60)
    reported.stage.referee.begins()
    reported.hand("PATCH", f"/applications/{app['id']}", {"tags": [*ours, "entra-config:owner=teama/prod"]})
    reported.stage.referee.acted()
    reported.scene.clock.advance(since)
    reported.write("PATCH", f"/applications/{app['id']}", {"displayName": "MyApp Nightly"})
    assert found(reported) == ["another's"] * (since >= lag)
