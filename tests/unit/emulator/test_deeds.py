"""Who really did what: one deed for each row and link that a call changed, with its records; nothing
unless asked for.
"""

from __future__ import annotations

import asyncio
from typing import Any

from entra_emulator import seed
from entra_emulator.deeds import RecordedChange
from entra_emulator.embedded import Embedded

GRAPH = "https://graph.microsoft.com/v1.0"
WRITER = (
    "Application.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
)


def user(name: str) -> str:
    """Return the id of a person."""
    return seed.fixed_id(seed.CONTOSO, "user", f"{name}@contoso.com")


async def sent(embedded: Embedded, who: str, method: str, path: str, body: Any = None) -> Any:
    """Send one request as somebody."""
    async with embedded.client(embedded.user_caller(f"{who}@contoso.com", WRITER)) as client:
        response = await client.request(method, path, json=body)
        assert response.is_success, response.text
        return response.json() if response.content else None


def reported(*, kept: bool) -> tuple[Embedded, list[RecordedChange] | None]:
    """Let Alice make an API and assign Bob its role and an owner; let Grace delete it; return what was
    kept of it.
    """

    async def story(embedded: Embedded) -> None:
        role = {
            "allowedMemberTypes": ["User"],
            "description": "r",
            "displayName": "r",
            "value": "r",
            "isEnabled": True,
        }
        made = {"displayName": "Made", "appRoles": [{**role, "id": "11111111-0000-4000-8000-000000000001"}]}
        app = await sent(embedded, "alice", "POST", "/applications", made)
        principal = await sent(embedded, "alice", "POST", "/servicePrincipals", {"appId": app["appId"]})
        given = {
            "principalId": user("bob"),
            "resourceId": principal["id"],
            "appRoleId": app["appRoles"][0]["id"],
        }
        await sent(
            embedded, "alice", "POST", f"/servicePrincipals/{principal['id']}/appRoleAssignedTo", given
        )
        body = {"@odata.id": f"{GRAPH}/directoryObjects/{user('bob')}"}
        await sent(embedded, "grace", "POST", f"/applications/{app['id']}/owners/$ref", body)
        await sent(embedded, "grace", "GET", f"/applications/{app['id']}")
        await sent(embedded, "grace", "DELETE", f"/applications/{app['id']}")

    embedded = Embedded.create(seed="deeds")
    embedded.directory.default.deeds = [] if kept else None
    asyncio.run(story(embedded))
    return embedded, embedded.directory.default.deeds


def test_each_row_and_link_has_its_doer() -> None:
    """The one who made it, and the one who took it away, whatever goes along; each with the records of
    that very call.
    """
    embedded, deeds = reported(kept=True)
    assert deeds is not None
    names = {user("alice"): "alice", user("grace"): "grace"}
    reported_ = [(names[deed.actor], deed.place, deed.before is None, deed.after is None) for deed in deeds]
    assert sorted(reported_[:5]) == [
        ("alice", "appRoleAssignments", True, False),
        ("alice", "applications", True, False),
        ("alice", "owners", True, False),
        ("alice", "servicePrincipals", True, False),
        ("grace", "owners", True, False),
    ]
    gone = {(who, place) for who, place, _, after in reported_[5:] if after}
    assert gone == {("grace", place) for place in ("applications", "servicePrincipals", "appRoleAssignments")}
    by_id = {record["id"]: record["activityDisplayName"] for record in embedded.directory.default.audit}
    assert [by_id[record] for record in deeds[-1].records] == [
        "Delete application",
        "Add a deletion-marked app role assignment grant to user as part of link removal",
        "Remove service principal",
    ]


def test_nothing_is_kept_unless_it_is_asked_for_and_none_is_shown() -> None:
    """Without asking there are no deeds; where they are kept the state, which endpoints show, has none."""
    assert reported(kept=False)[1] is None
    embedded, deeds = reported(kept=True)
    assert deeds
    assert "deeds" not in embedded.directory.default.dump()
