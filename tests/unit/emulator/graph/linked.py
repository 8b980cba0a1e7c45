"""A world in which objects of each kind are linked to one group."""

from __future__ import annotations

from typing import Any

from tests.unit.emulator.graph.sending import World, short

DEVICE = "dddddddd-0000-4000-8000-000000000001"


class Linked(World):
    """A world with a group that holds an object of each kind."""

    def __init__(self) -> None:
        super().__init__()
        sent = {"displayName": "Smiths", "mailEnabled": False, "mailNickname": "s", "securityEnabled": True}
        self.staff = self.send("POST", "/groups", sent).body or {}
        self.client = self.principal("Client")
        self.ends = {
            "alice": self.user("alice")["id"],
            "bob": self.user("bob")["id"],
            "inner": self.group("MyApp Leads")["id"],
            "client": self.client["id"],
            "device": DEVICE,
        }
        self.tenant.tables["devices"].put({"id": DEVICE, "displayName": "Device", "deviceId": DEVICE})
        for end in self.ends.values():
            self.tenant.members.add(self.staff["id"], end)
        self.tenant.members.add(self.staff["id"], "gone")
        self.tenant.audit.clear()
        self.path = f"/groups/{self.staff['id']}/members"

    def names(self, target: str, **more: Any) -> list[str] | str:
        """Return which ends a read lists, or the refusal."""
        found = self.get(target, **more)
        if found.status != 200:
            return short(found)
        by_id = {row_id: name for name, row_id in self.ends.items()}
        return [by_id.get(each["id"], each["id"]) for each in (found.body or {})["value"]]
