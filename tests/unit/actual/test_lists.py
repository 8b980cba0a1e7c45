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
from entra_config.actual.read import Reading, read
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


def add_holder(embedded: Embedded, name: str, api: str) -> str:
    """Give a role of an API to an application that no manifest knows, and return the holder's id."""
    rows = embedded.directory.default
    (given, *_) = [row for row in rows.app_role_assignments if row["resourceDisplayName"] == api]
    client = seed.add_service_principal(rows, seed.add_application(rows, name))
    holder = {"principalId": client["id"], "principalDisplayName": name, "principalType": "ServicePrincipal"}
    rows.app_role_assignments.put({**given, **holder, "id": name})
    return str(client["id"])


def test_a_client_that_only_a_read_by_key_shows_has_a_name(tmp_path: Path) -> None:
    """Next to one that the list shows: both are asked for their names."""
    embedded = filled(tmp_path)
    ids = {name: add_holder(embedded, name, "app03") for name in ("Listed", "Hidden")}

    async def stale(graph: Any) -> Any:
        page = graph.page

        def without(request: Any, response: Any) -> Any:
            items, link = page(request, response)
            for item in items:
                shown = item.get("appRoleAssignedTo", [])
                shown[:] = [row for row in shown if row["id"] != "Hidden"]
            return items, link

        graph.page = without
        reading = Reading(graph, manifest(tmp_path), KINDS, by_lists=True)
        await reading.run()
        return (await reading.read_by_key({"app03"})).directory.external_names

    names, _ = heard(embedded, stale)
    assert {name: names.get(id_, "")[: len(name) + 2] for name, id_ in ids.items()} == {
        "Listed": '"Listed"',
        "Hidden": '"Hidden"',
    }


def test_a_level_without_questions_about_applications_chooses_nothing(tmp_path: Path) -> None:
    """-v shows the choice once, also if names of other applications are asked for after it."""
    embedded = filled(tmp_path)
    add_holder(embedded, "External", "app03")
    _, ear = heard(embedded, lambda graph: reconcile.plan(manifest(tmp_path), graph, now=NOW))
    assert ear.notes == [f"applications are read by lists: 6 of them answer {NUMBER * 6} questions"]


def _cut(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {**item, "owners": [], "owners@odata.nextLink": "https://graph.microsoft.com/x"} for item in items
    ]


def _without(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"id": item["id"]} for item in items]


def _twice(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [*items, *({**item, "owners": []} for item in items)]


def _broken(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**item, "owners": [None]} for item in items]


@pytest.mark.parametrize("changed", [_cut, _without, _twice, _broken, lambda items: items[1:]])
def test_an_owner_whom_a_list_does_not_show_whole_is_asked_by_key(tmp_path: Path, changed: Any) -> None:
    """If the owners have another page, are absent or are no objects; if an object is on two pages, or on
    none.
    """
    embedded, own = filled(tmp_path), manifest(tmp_path)
    rows = embedded.directory.default
    for app in rows.applications:
        rows.owners.add(app["id"], next(iter(rows.users))["id"])

    async def run(graph: Any) -> Any:
        page = graph.page

        def other(request: Any, response: Any) -> Any:
            items, link = page(request, response)
            of_owners = str(request.path).startswith("/applications?") and "$expand=owners" in request.path
            return changed(items) if of_owners and items else items, link

        graph.page = other
        return (await access(graph, own)).owners

    found, _ = heard(embedded, run)
    assert found == heard(embedded, lambda graph: access(graph, own))[0].owners
    assert len(found) >= NUMBER


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
    monkeypatch.setattr(lists, "LIMIT", 1000)
    embedded = filled(tmp_path)
    rows = embedded.directory.default
    grant = {"consentType": "AllPrincipals", "principalId": None, "scope": "x"}
    for place in range(1000):
        ends = {"clientId": f"client-{place}", "resourceId": f"resource-{place}"}
        rows.oauth2_permission_grants.put({"id": f"grant-{place}", **grant, **ends})
    planned, ear = heard(embedded, lambda graph: reconcile.plan(manifest(tmp_path), graph, now=NOW))
    assert planned.empty
    assert any("because it has more than 1 pages" in note for note in ear.notes)
