"""The state of the emulator: tenants of plain rows with indexes, saved to and read from one JSON file."""

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from entra_emulator.clock import NEWEST, Clock, SystemClock
from entra_emulator.identifiers import Identifiers
from entra_emulator.state.state_files import StateError
from entra_emulator.tenant import Tenant

FORMAT = 1
# Some two milliseconds of encoding.
ROWS_PER_PIECE = 200


class Tenants:
    """Several tenants by id; one is the default."""

    def __init__(self, *, clock: Clock | None = None, ids: Identifiers | None = None) -> None:
        self.clock: Clock = clock or SystemClock()
        self.ids = ids or Identifiers()
        # The month as of which Graph answers; what is saved does not have it.
        self.month = NEWEST
        self.tenants: dict[str, Tenant] = {}
        self.default_id = ""

    @property
    def default(self) -> Tenant:
        """Give the default tenant."""
        return self.tenants[self.default_id]

    def add(self, tenant: Tenant) -> Tenant:
        """Add a tenant; the first becomes the default."""
        self.tenants[tenant.tenant_id] = tenant
        self.default_id = self.default_id or tenant.tenant_id
        return tenant

    def find(self, name: str) -> Tenant | None:
        """Give the tenant of an id or of one of its domains."""
        key = name.casefold()
        by_id = self.tenants.get(key)
        if by_id is not None:
            return by_id
        return next((t for t in self.tenants.values() if key in t.domains), None)

    def choose(self, data: Mapping[str, Any]) -> None:
        """Set choices by tenant (an id, a domain, or `*` for each); ValueError changes nothing."""
        new = {tenant_id: tenant.choices for tenant_id, tenant in self.tenants.items()}
        for name, chosen in data.items():
            tenant = self.find(name)
            if name != "*" and tenant is None:
                message = f"no such tenant: {name}"
                raise ValueError(message)
            if not isinstance(chosen, Mapping):
                message = f"the choices of {name} are no object"
                raise ValueError(message)  # noqa: TRY004  # the value is wrong, not the program
            for tenant_id in new if tenant is None else (tenant.tenant_id,):
                new[tenant_id] = new[tenant_id].changed(chosen)
        for tenant_id, choices in new.items():
            self.tenants[tenant_id].choices = choices

    def fork(self, clock: Clock | None = None) -> "Tenants":
        """Give a directory of the same tenants that goes its own way, under another clock where one is given.

        It costs no more than the number of tables: what is written is copied when it is.
        """
        twin = Tenants(clock=clock or self.clock, ids=Identifiers(self.ids.seed, self.ids.counter))
        twin.tenants = {tenant_id: tenant.fork() for tenant_id, tenant in self.tenants.items()}
        twin.default_id = self.default_id
        twin.month = self.month
        return twin

    def replace(self, other: "Tenants") -> None:
        """Take over the tenants of another directory; what holds this one sees them at once."""
        self.tenants = other.tenants
        self.ids = other.ids
        self.default_id = other.default_id

    def dump(self) -> dict[str, Any]:
        """Give the directory as plain data."""
        return {
            "format": FORMAT,
            "default": self.default_id,
            "ids": {"seed": self.ids.seed, "counter": self.ids.counter},
            "tenants": [tenant.dump() for tenant in self.tenants.values()],
        }

    def pieces(self) -> Iterator[str]:
        """Give the directory of this moment as JSON text, a little at a time: others may run between two
        pieces.
        """
        # Rows and audit records are replaced, never changed in place, so these lists hold the state of now.
        data = self.dump()
        tenants = data.pop("tenants")
        yield json.dumps(data)[:-1] + ', "tenants": ['
        for place, tenant in enumerate(tenants):
            yield ", {" if place else "{"
            for number, (name, value) in enumerate(tenant.items()):
                yield f"{', ' if number else ''}{json.dumps(name)}: "
                yield from _list(value) if isinstance(value, list) else (json.dumps(value),)
            yield "}"
        yield "]}"

    def save(self, path: Path) -> None:
        """Write the directory to a file; a reader sees the old file or the new one, never a part."""
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".new")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.writelines(self.pieces())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    @classmethod
    def from_data(cls, data: dict[str, Any], *, clock: Clock | None = None) -> "Tenants":
        """Make a directory from plain data."""
        if data.get("format") != FORMAT:
            message = f"the directory has format {data.get('format')!r}, expected {FORMAT}"
            raise ValueError(message)
        directory = cls(clock=clock, ids=Identifiers(data["ids"]["seed"], data["ids"]["counter"]))
        for item in data["tenants"]:
            directory.add(Tenant.load(item))
        directory.default_id = data["default"]
        return directory

    @classmethod
    def load(cls, path: Path, *, clock: Clock | None = None) -> "Tenants":
        """Read a directory from a file; StateError names a file that cannot be read."""
        try:
            return cls.from_data(json.loads(path.read_text(encoding="utf-8")), clock=clock)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise StateError(
                f"{path} is not a directory that this version of the emulator wrote, or it is damaged "
                f"({error}). Delete the file to start with a new directory, or start with --snapshot FILE"
            ) from error


def _list(rows: list[Any]) -> Iterator[str]:
    yield "["
    for start in range(0, len(rows), ROWS_PER_PIECE):
        yield (", " if start else "") + json.dumps(rows[start : start + ROWS_PER_PIECE])[1:-1]
    yield "]"
