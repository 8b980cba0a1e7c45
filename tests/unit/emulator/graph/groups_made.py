"""What groups are made of, references to their members, and the records of members that come and go."""

from __future__ import annotations

from typing import Any

from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import V1, World

SENT = {"displayName": "Smiths", "mailEnabled": False, "mailNickname": "smiths", "securityEnabled": True}


def link(row: Row) -> str:
    """Return a reference to an object."""
    return f"{V1}/directoryObjects/{row['id']}"


def member_record(made: World, group: Row, member: Row, kind: str, *, removed: bool = False) -> Any:
    """Return the record of a member that came or went."""

    def side(value: str) -> Any:
        return (f'"{value}"', None) if removed else (None, f'"{value}"')

    facts = {
        "Group.ObjectID": side(group["id"]),
        "Group.DisplayName": side(group["displayName"]),
        "Group.WellKnownObjectName": side(""),
    }
    targets = [
        (member["id"], kind, None, member.get("userPrincipalName"), facts),
        (group["id"], "Group", None, None, {}),
    ]
    named = ("Remove member from group", "Unassign") if removed else ("Add member to group", "Assign")
    assert made.tenant.audit
    return *named, "GroupManagement", "", targets
