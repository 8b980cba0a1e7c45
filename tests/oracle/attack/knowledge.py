"""What anybody in the company can read: the manifest in its repository, and the tenant as it is at this
moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

from entra_emulator import seed as seeds

if TYPE_CHECKING:
    from entra_emulator.table import Row
    from tests.oracle.attack.scene import Scene

OWNER, KEY, CREATED = "entra-config:owner=", "entra-config:key=", "entra-config:created="
# Who does what the attacker asks for.
ACCOMPLICE = "judy@contoso.com"
SERIES = ("", *(f".{number}" for number in range(2, 10)))


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The tenant and the manifest through the attacker's eyes; `applications` is the manifest's own
    mapping.
    """

    scene: Scene
    owner: str
    applications: Mapping[str, Mapping[str, Any]]
    groups: tuple[str, ...] = ()
    certificates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    partner: str = ""

    @property
    def live(self) -> list[Row]:
        """Return all live applications."""
        return list(self.scene.tables.applications)

    def marked(self) -> list[Row]:
        """Return the live applications with this owner's marks, however they are written."""
        return [
            row
            for row in self.live
            if any(tag.casefold() == f"{OWNER}{self.owner}".casefold() for tag in row["tags"])
        ]

    def newest(self) -> Row | None:
        """Return the application that was registered last."""
        rows = sorted(self.live, key=lambda row: (row["createdDateTime"], row["id"]))
        return rows[-1] if rows else None

    def of(self, key: str) -> Row | None:
        """Return a live application that bears a key's mark."""
        return next((row for row in self.marked() if f"{KEY}{key}" in row["tags"]), None)

    def open_keys(self) -> list[str]:
        """Return the keys of the manifest that nobody's mark names yet."""
        taken = {tag.removeprefix(KEY) for row in self.marked() for tag in row["tags"] if tag.startswith(KEY)}
        return [key for key in self.applications if key not in taken]

    def key(self, random: Random) -> str:
        """Choose a key, an open one as a rule."""
        still_open = self.open_keys()
        return random.choice(still_open if still_open and random.random() < 0.75 else list(self.applications))

    def name(self, key: str) -> str:
        """Return the name under which a key is created first."""
        return f"{self.owner.replace('/', '.')}.{key}"

    def free_names(self, key: str) -> list[str]:
        """Return the names of a key's series that nobody holds."""
        rows = (*self.live, *self.scene.tables.deleted_items)
        held = {str(row.get("uniqueName")).casefold() for row in rows}
        return [name for each in SERIES if (name := f"{self.name(key)}{each}").casefold() not in held]

    def free_name(self, key: str, random: Random) -> str | None:
        """Choose a name of a key's series that nobody holds, the first as a rule."""
        free = self.free_names(key)
        if not free:
            return None
        return free[0] if random.random() < 0.8 else random.choice(free)

    def marks(self, key: str, random: Random) -> list[str]:
        """Copy the marks of a key: from its live object where there is one, else as they will be."""
        source = self.of(key)
        tags = (
            [tag for tag in source["tags"] if tag.startswith("entra-config:")]
            if source
            else [f"{OWNER}{self.owner}", f"{KEY}{key}"]
        )
        newest = self.newest()
        if newest is not None and random.random() < 0.5:
            fresh = [tag for tag in newest["tags"] if tag.startswith(CREATED)]
            tags = [*(tag for tag in tags if not tag.startswith(CREATED)), *fresh]
        return tags

    def declared_subjects(self, key: str) -> list[Mapping[str, Any]]:
        """Return the federated credentials that the manifest gives to a key, by name."""
        found = self.applications.get(key, {}).get("federatedCredentials") or {}
        return [{"name": name, **values} for name, values in found.items()]

    def thumbprints(self, key: str) -> list[str]:
        """Return the thumbprints of the certificates that the live object of a key shows."""
        live = self.of(key)
        return (
            [each["customKeyIdentifier"] for each in live["keyCredentials"]]
            if live
            else [*self.certificates.get(key, ())]
        )

    def deployer(self) -> Row | None:
        """Return the service principal that applies."""
        return self.scene.tables.service_principal_by_app_id(seeds.DEPLOYER_APP_ID)
