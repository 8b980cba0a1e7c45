"""What was seen once, by name: each ends with nothing of the attacker's armed, and with what is legitimate
done.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from entra_emulator.fault_plan import FaultPlan
from tests.oracle.attack import bait, certificates
from tests.oracle.attack.holdings import holdings
from tests.oracle.attack.story import Story, story


@dataclass(slots=True)
class Between:
    """Does something once, right before a request of ours that makes an application of a key."""

    key: str
    act: Any
    done: bool = False

    def before(self, call: Any) -> None:
        """Act before the request."""
        makes = call.method == "POST" and call.segments == ["applications"]
        if makes and not self.done and f"entra-config:key={self.key}" in call.body["tags"]:
            self.done = True
            self.act()

    def after(self, call: Any, response: Any) -> None:
        """Leave the answer as it is."""


def test_5_what_is_planted_between_read_and_write_is_not_ours(tmp_path: Path) -> None:
    """Copied marks and the very name do not make it what our POST made: the step fails, and once it is
    rejected ours is made.
    """
    reported = story(tmp_path, start="api")
    planted: list[dict[str, Any]] = []
    between = Between("nightly", lambda: planted.append(reported.plant("nightly")))
    with reported.scene.watched_by(between):
        first = reported.round()
    assert between.done
    assert first.ending == "failed", first
    assert reported.breaches == []
    rejected(reported, planted[0])


def test_5_a_reviewed_digest_lends_no_trust_to_what_lists_do_not_show_yet(tmp_path: Path) -> None:
    """Planted after the review, unseen by the plan of `apply` because reads are 15 s behind: nothing of it
    is taken for ours.
    """
    reported = story(tmp_path, start="api", lag=15, list_lag=15)
    reported.scene.faults.set(FaultPlan(lag={"*": 15}, list_lag={"*": 15}))
    reviewed = asyncio.run(reported.stage.project.digest())
    planted = reported.plant("nightly")
    reported.scene.clock.advance(2)
    first = reported.play(reported.stage.round(digest=reviewed))
    assert first.ending == "failed", first
    assert reported.breaches == []
    rejected(reported, planted)


def rejected(reported: Story, planted: dict[str, Any]) -> None:
    """Apply again, which holds a planted object's grants back; reject it, and see ours made beside it
    under another name.
    """
    reported.scene.clock.advance(60)
    ended = reported.round()
    assert ended.ending == "withheld", ended
    assert not reported.holds(planted["principal"], "Writer")
    reported.stage.project.rejected.add(planted["appId"])
    reported.scene.clock.advance(60)
    ended = reported.round()
    assert ended.ending == "done", ended
    made = reported.ours("nightly")
    assert made["uniqueName"] == "myapp.prod.nightly.2"
    principal = reported.scene.tables.service_principal_by_app_id(made["appId"])
    assert principal is not None
    assert reported.holds(principal["id"], "Writer")
    assert not reported.holds(planted["principal"], "Writer")
    assert reported.breaches == []


@pytest.mark.parametrize("protected", [True, False])
def test_6_a_federated_credential_alone_is_a_doubt(protected: bool, tmp_path: Path) -> None:
    """A planted live object that nobody owns any more and that one foreign workload can be: it is granted
    nothing.
    """
    reported = story(tmp_path, start="api", protected=protected)
    planted = reported.plant("nightly")
    reported.federate(planted)
    reported.leave(planted)
    reported.scene.clock.advance(86400)
    reported.round()
    assert reported.breaches == []
    assert not reported.holds(planted["principal"], "Writer")


@pytest.mark.parametrize("name", ["one", "two"])
def test_a_client_of_which_an_unseen_credential_was_changed_waits_for_the_next_plan(
    name: str, tmp_path: Path
) -> None:
    """His federated credential has a declared name and is two seconds old: it becomes the declared one, and
    he may have a token still.
    """
    reported = story(tmp_path, protected=False, owned=True, list_lag=2, latency=200, echo=45)
    busy = {"action": "respond", "method": "POST", "path": "servicePrincipals$", "times": 5, "status": 503}
    lag = {"federatedIdentityCredentials": 2}
    # The API, and so the role, comes later than what he put there can be read.
    faults = {"rules": [busy], "lag": lag, "list_lag": lag, "latency_ms": 200}
    reported.scene.faults.set(FaultPlan.from_data(faults))
    planted = reported.plant("nightly")
    reported.federate(planted, name=name)
    reported.leave(planted)
    first = reported.round()
    assert (first.ending, reported.breaches) == ("failed", [])
    assert "a federated credential stood there that the plan did not see" in first.why
    assert not reported.holds(planted["principal"], "Writer")
    reported.scene.clock.advance(60)
    assert reported.round().ending == "done"
    assert reported.holds(planted["principal"], "Writer")
    assert reported.breaches == []


@pytest.mark.parametrize("late", ["applications", "servicePrincipals", "federatedIdentityCredentials"])
def test_what_an_owner_left_behind_is_seen_however_late_its_list_is(late: str, tmp_path: Path) -> None:
    """His leaving can be read at once and what he left behind cannot yet: nothing is granted; once it is
    gone, all is.
    """
    lags = {"owners": 0, late: 40}
    reported = story(tmp_path, start="all", pinned=True, list_lag=40, lags=tuple(lags.items()))
    job = reported.ours("nightly")
    principal = reported.scene.tables.service_principal_by_app_id(job["appId"])
    assert principal is not None
    for row in list(reported.scene.tables.app_role_assignments.find("principalId", principal["id"])):
        reported.hand("DELETE", f"/servicePrincipals/{row['resourceId']}/appRoleAssignedTo/{row['id']}")
    owned = (
        f"/servicePrincipals/{principal['id']}"
        if late == "servicePrincipals"
        else f"/applications/{job['id']}"
    )
    me = reported.scene.attacker.oid
    reported.hand(
        "POST",
        f"{owned}/owners/$ref",
        {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{me}"},
    )
    reported.scene.clock.advance(3600)
    reported.stage.referee.rest()
    reported.scene.faults.set(FaultPlan(lag=lags, list_lag=lags))
    if late == "federatedIdentityCredentials":
        reported.federate(job)
    else:
        reported.his("POST", f"{owned}/addPassword", {})
    reported.his("DELETE", f"{owned}/owners/{me}/$ref")
    first = reported.round()
    assert (first.ending, reported.breaches) == ("failed", [])
    assert "somebody undeclared could act as its client" in first.why
    assert not reported.holds(principal["id"], "Writer")
    reported.scene.clock.advance(3600)
    if late != "federatedIdentityCredentials":
        body = reported.scene.tables.applications.get(job["id"]) if late == "applications" else None
        body = body or reported.scene.tables.service_principals.get(principal["id"])
        assert body is not None
        reported.hand("POST", f"{owned}/removePassword", {"keyId": body["passwordCredentials"][0]["keyId"]})
        reported.scene.clock.advance(3600)
    assert reported.round().ending == "done"
    assert reported.holds(principal["id"], "Writer")
    assert reported.breaches == []


@pytest.mark.parametrize("protected", [True, False])
def test_7_a_planted_api_gets_no_users(protected: bool, tmp_path: Path) -> None:
    """An `api` with our marks at which an external daemon holds Writer: nobody becomes its user or its
    client.
    """
    reported = story(tmp_path, start="nothing", protected=protected)
    planted, daemon = reported.plant_api()
    reported.leave(planted)
    reported.scene.clock.advance(86400)
    reported.round()
    assert reported.breaches == []
    held = [each for each in holdings(reported.scene.tables) if each.resource == planted["appId"]]
    assert {each.holder for each in held} == {daemon}


def armed_once(reported: Story) -> dict[str, Any]:
    """Let the attacker own our `nightly` by a mistake of an administrator, federate it, and its grant be
    taken away by hand.
    """
    ours = reported.ours("nightly")
    me = reported.scene.attacker.oid
    reported.hand(
        "POST",
        f"/applications/{ours['id']}/owners/$ref",
        {"@odata.id": f"https://graph.microsoft.com/v1.0/users/{me}"},
    )
    reported.federate(ours)
    principal = reported.scene.tables.service_principal_by_app_id(ours["appId"])
    assert principal is not None
    for row in list(reported.scene.tables.app_role_assignments.find("principalId", principal["id"])):
        reported.hand("DELETE", f"/servicePrincipals/{row['resourceId']}/appRoleAssignedTo/{row['id']}")
    reported.stage.referee.rest()
    reported.scene.clock.advance(86400)
    return dict(principal)


def test_8_a_grant_fails_with_the_clean_up_of_its_client(tmp_path: Path) -> None:
    """The removal of a planted credential is refused, and the grant beside it is not tried; once it is
    gone, it is given.
    """
    reported = story(tmp_path, start="all", owned=True)
    principal = armed_once(reported)
    denied = {
        "status": 403,
        "code": "Authorization_RequestDenied",
        "message": "Insufficient privileges to complete the operation.",
    }
    rule = {
        "action": "respond",
        "method": "DELETE",
        "path": "federatedIdentityCredentials",
        "times": None,
        **denied,
    }
    reported.scene.faults.set(FaultPlan.from_data({"rules": [rule]}))
    first = reported.round()
    assert first.ending == "failed", first
    assert reported.breaches == []
    assert not reported.holds(principal["id"], "Writer")
    reported.scene.faults.set(FaultPlan())
    reported.scene.clock.advance(3600)
    ended = reported.round()
    assert ended.ending == "done", ended
    assert reported.breaches == []
    assert reported.holds(principal["id"], "Writer")


def test_9_what_the_plan_removes_from_a_trusted_client_is_in_nobody_s_way(tmp_path: Path) -> None:
    """An owner, a certificate and a federated credential go first, the grant follows in the same apply."""
    reported = story(tmp_path, start="all", owned=True)
    reported.stage.project.manifest["applications"]["nightly"]["certificates"] = {}
    principal = armed_once(reported)
    ours = reported.ours("nightly")
    reported.hand("PATCH", f"/applications/{ours['id']}", {"keyCredentials": [bait.certificate()]})
    reported.stage.referee.rest()
    ended = reported.round()
    assert ended.ending == "done", ended
    assert reported.breaches == []
    assert reported.holds(principal["id"], "Writer")
    after = reported.ours("nightly")
    assert after["keyCredentials"] == []
    assert reported.scene.attacker.oid not in reported.scene.tables.owners.targets(after["id"])


@pytest.mark.parametrize("protected", [True, False])
def test_a_certificate_that_is_called_by_the_declared_thumbprint_is_not_the_declared_one(
    protected: bool, tmp_path: Path
) -> None:
    """Whoever puts a certificate on an application names it: what counts is the certificate."""
    reported = story(tmp_path, start="api", protected=protected)
    planted = reported.plant("nightly")
    thumbprint = certificates.named("nightly").thumbprint
    reported.his(
        "PATCH", f"/applications/{planted['id']}", {"keyCredentials": [bait.certificate(thumbprint)]}
    )
    reported.leave(planted)
    reported.scene.clock.advance(86400)
    reported.round()
    assert reported.breaches == []
    assert not reported.holds(planted["principal"], "Writer")
    reported.scene.clock.advance(86400)
    reported.round()
    assert reported.breaches == []
