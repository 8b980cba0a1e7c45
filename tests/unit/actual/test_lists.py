"""Many applications are read by lists, whole or not at all, and by key what would change."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import yaml

from entra_config import reconcile
from entra_config.actual import lists
from entra_config.actual.holders import access
from entra_config.actual.read import read
from entra_config.drift import check
from entra_config.graph.client import ResponseReceived
from entra_config.kinds.table import KINDS
from entra_config.manifest import loader
from entra_config.manifest.model import Manifest
from entra_emulator import seed
from entra_emulator.embedded import Embedded
from entra_emulator.fault_plan import LISTS, FaultPlan, FaultRule
from tests.world import NOW, apply, plan, signed_in

NUMBER = 24
LISTED = {"/applications", "/servicePrincipals", "/oauth2PermissionGrants"}


class Heard:
    """What was read, and what -v shows."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.notes: list[str] = []
        self.consistency = False

    def responded(self, event: ResponseReceived) -> None:
        """Keep a path."""
        self.paths.append(str(event.request.path))
        self.consistency |= "$expand=" in str(event.request.path) and bool(event.request.headers)

    def noted(self, text: str) -> None:
        """Keep a note."""
        self.notes.append(text)

    def waiting(self, reason: str, seconds: float) -> None:
        """Take no note of waits."""

    @property
    def lists(self) -> list[str]:
        """Return which of the lists were read, once for each page."""
        found = []
        for path in self.paths:
            collection, _, query = path.partition("?")
            if collection in LISTED and ("$expand=" in query or query.startswith("$filter=consentType")):
                name = query.partition("$expand=")[2].partition("(")[0]
                found.append(f"{collection[1:]}/{name}".rstrip("/"))
        return found

    @property
    def by_key(self) -> list[str]:
        """Return the reads of what belongs to one application."""
        ends = ("/owners", "/federatedIdentityCredentials", "/appRoleAssignments", "/appRoleAssignedTo")
        return [path for path in self.paths if path.partition("?")[0].endswith(ends)]


def manifest(folder: Path, number: int = NUMBER, changed: str = "") -> Manifest:
    """Load a manifest of so many APIs, each with a role that a group has; one may be given another user."""
    role = {"displayName": "Reader", "description": "Reads.", "allowedMemberTypes": ["User"]}
    keys = [f"app{place:02}" for place in range(number)]
    held: dict[str, Any] = {key: {"Reader": {"groups": ["All Staff"]}} for key in keys}
    if changed:
        held[changed]["Reader"]["users"] = ["bob@contoso.com"]
    whole = {
        "project": "many",
        "environments": {"dev": {"tenantId": seed.CONTOSO}},
        "applications": {
            key: {"type": "api", "displayName": key, "appRoles": {"Reader": role}} for key in keys
        },
        "appRoleAssignments": held,
    }
    (folder / "entra-config.yaml").write_text(yaml.safe_dump(whole), encoding="utf-8")
    return loader.load(folder, "dev")


def filled(folder: Path, number: int = NUMBER) -> Embedded:
    """Return a tenant to which the manifest was applied."""
    embedded = Embedded.create(seed="lists")

    async def fill() -> None:
        allowed = frozenset({"unseen"})
        outcome = await apply(embedded, await plan(embedded, manifest(folder, number), allow=allowed))
        assert outcome.complete

    asyncio.run(fill())
    return embedded


def heard(embedded: Embedded, command: Any) -> tuple[Any, Heard]:
    """Run something with a Graph, and return what it gave and what was heard."""

    async def run() -> tuple[Any, Heard]:
        ear = Heard()
        async with await signed_in(embedded) as graph:
            with graph.observed_by(ear):
                return await command(graph), ear

    return asyncio.run(run())


@pytest.mark.parametrize("command", ["plan", "drift", "access"])
def test_plan_drift_and_access_read_many_applications_by_six_lists(tmp_path: Path, command: str) -> None:
    """No advanced query, nothing about one application by key; -v shows the choice."""
    embedded, own = filled(tmp_path), manifest(tmp_path)

    async def run(graph: Any) -> Any:
        match command:
            case "plan":
                return (await reconcile.plan(own, graph, now=NOW)).empty
            case "drift":
                return not (await check.run(own, own, graph, now=NOW, base="")).drifted
            case _:
                return len((await access(graph, own)).holdings) > NUMBER

    good, ear = heard(embedded, run)
    assert good
    assert sorted(ear.lists) == sorted(LISTS)
    assert (ear.by_key, ear.consistency) == ([], False)
    assert ear.notes == [f"applications are read by lists: 6 of them answer {NUMBER * 6} questions"]


def test_few_applications_are_read_by_key(tmp_path: Path) -> None:
    """And -v shows from how many on lists are read."""
    _, ear = heard(filled(tmp_path, 19), lambda graph: reconcile.plan(manifest(tmp_path, 19), graph, now=NOW))
    assert ear.lists == []
    assert ear.notes == [f"applications are read by key: lists are read from {lists.MANY} applications on"]


def test_other_commands_read_by_key(tmp_path: Path) -> None:
    """What is not plan, drift or access asks about each application, and chooses nothing."""
    embedded = filled(tmp_path)
    _, ear = heard(embedded, lambda graph: read(graph, manifest(tmp_path), KINDS))
    assert (ear.lists, ear.notes) == ([], [])
    assert len(ear.by_key) == NUMBER * 5


def test_what_would_change_is_read_by_key(tmp_path: Path) -> None:
    """One application that changes is read by key before the plan says so, and no other."""
    embedded = filled(tmp_path)
    planned, ear = heard(
        embedded, lambda graph: reconcile.plan(manifest(tmp_path, changed="app03"), graph, now=NOW)
    )
    assert [change.after.address.kind for change in planned.changes] == ["appRoleAssignment"]
    rows = embedded.directory.default
    (own,) = (row["appId"] for row in rows.applications if "entra-config:key=app03" in row["tags"])
    ids = {row["id"] for row in (*rows.applications, *rows.service_principals) if row["appId"] == own}
    assert {path.split("/")[2] for path in ear.by_key} == ids
    assert len(ear.by_key) == 5


def test_what_only_a_stale_list_shows_changes_nothing(tmp_path: Path) -> None:
    """A list without an assignment that is there is no reason to give it again."""
    embedded, own = filled(tmp_path), manifest(tmp_path)
    assignments = embedded.directory.default.app_role_assignments
    (held, *_) = [row for row in assignments if row["principalDisplayName"] == "All Staff"]

    async def stale(graph: Any) -> Any:
        page = graph.page

        def without(request: Any, response: Any) -> Any:
            items, link = page(request, response)
            for item in items:
                item.get("appRoleAssignedTo", []).clear()
            return items, link

        graph.page = without
        return await reconcile.plan(own, graph, now=NOW)

    planned, ear = heard(embedded, stale)
    assert planned.empty
    assert any(held["resourceId"] in path for path in ear.by_key)


@pytest.mark.parametrize("name", LISTS)
def test_what_a_refused_list_was_to_answer_is_asked_by_key(tmp_path: Path, name: str) -> None:
    """The plan is the same, and -v names the list and the reason."""
    embedded = filled(tmp_path)
    embedded.faults.set(FaultPlan(refused_lists=[name]))
    planned, ear = heard(embedded, lambda graph: reconcile.plan(manifest(tmp_path), graph, now=NOW))
    assert planned.empty
    assert any("because Graph refused it: Request_UnsupportedQuery" in note for note in ear.notes)
    asked = [path for path in ear.paths if f"/{name.rpartition('/')[2]}?" in path and "$expand" not in path]
    assert len(asked) >= NUMBER


def test_a_list_that_takes_too_long_is_tried_twice(tmp_path: Path) -> None:
    """Then its questions are asked by key: nobody waits ten minutes for what another way answers."""
    embedded = filled(tmp_path)
    late = FaultRule("respond", "GET", "/oauth2PermissionGrants$", scope="call", times=2, status=504)
    embedded.faults.set(FaultPlan(rules=[late]))

    async def run(graph: Any) -> Any:
        return await reconcile.plan(manifest(tmp_path), graph, now=NOW)

    planned, ear = heard(embedded, run)
    assert planned.empty
    assert len([path for path in ear.lists if path == "oauth2PermissionGrants"]) == 2
    assert sum("clientId%20eq" in path for path in ear.paths) == NUMBER


def test_whoever_has_twenty_is_asked_by_key(tmp_path: Path) -> None:
    """$expand ends at twenty and does not say so; nineteen are all there are."""
    embedded = filled(tmp_path)
    rows = embedded.directory.default
    first, second = [row for row in rows.applications if "entra-config:owner=many/dev" in row["tags"]][:2]
    for app, number in ((first, 20), (second, 19)):
        for place in range(number - len(rows.owners.targets(app["id"]))):
            id_ = f"00000000-0000-4000-8000-0000000000{place:02x}"
            rows.users.put(
                {**next(iter(rows.users)), "id": id_, "userPrincipalName": f"u{place}@contoso.com"}
            )
            rows.owners.add(app["id"], id_)
    _, ear = heard(embedded, lambda graph: access(graph, manifest(tmp_path)))
    assert [path.split("/")[2] for path in ear.by_key] == [first["id"]]
    assert "no list answers 1 of these questions completely: they are asked by key" in ear.notes


def test_a_list_of_too_many_pages_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenant with more grants than reads by key would ask for is asked by key."""
    monkeypatch.setattr(lists, "_IN_ONE_CALL", 1000)
    embedded = filled(tmp_path)
    rows = embedded.directory.default
    grant = {"consentType": "AllPrincipals", "principalId": None, "scope": "x"}
    for place in range(1000):
        ends = {"clientId": f"client-{place}", "resourceId": f"resource-{place}"}
        rows.oauth2_permission_grants.put({"id": f"grant-{place}", **grant, **ends})
    planned, ear = heard(embedded, lambda graph: reconcile.plan(manifest(tmp_path), graph, now=NOW))
    assert planned.empty
    assert any("because it has more than 1 pages" in note for note in ear.notes)
