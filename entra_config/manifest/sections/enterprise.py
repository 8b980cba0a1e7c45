"""Enterprise applications (service principals): of our applications, and those of others."""

from __future__ import annotations

from collections.abc import Mapping

from entra_config.manifest.environments.names import Names, pinned
from entra_config.manifest.environments.pins import Lock
from entra_config.manifest.fields import properties
from entra_config.manifest.fields.binder import Bound, bind
from entra_config.manifest.fields.enterprise import ENTERPRISE, OTHER, OWN
from entra_config.manifest.model import EnterpriseApplication, Named, Setting
from entra_config.manifest.reading.node import Entry, Map, Node, is_null
from entra_config.manifest.reading.reader import Reader
from entra_config.manifest.sections import microsoft
from entra_config.manifest.sections.settings import simple


def own(key: str, entry: Entry | None, names: Names, reader: Reader) -> EnterpriseApplication | None:
    """Read `enterpriseApplication` of an application; absent is one with nothing special, null is none."""
    if entry is None:
        return EnterpriseApplication(key)
    if is_null(entry.node):
        return None
    fields = bind(entry.node, "enterpriseApplication", OWN, reader)
    return EnterpriseApplication(
        key, _settings(fields, reader), _owners(fields, names), position=entry.position
    )


def external(
    node: Node | None, taken: Map, names: Names, lock: Lock, reader: Reader
) -> Mapping[str, EnterpriseApplication]:
    """Read top-level `enterpriseApplications`; a text is short for a display name."""
    found: dict[str, EnterpriseApplication] = {}
    for key, entry in reader.map(node, "enterpriseApplications").entries.items():
        reader.name(entry, "an enterprise application")
        if key in taken.entries:
            where = taken.where(key)
            reader.problems.add(
                entry.position,
                f"`{key}` is an application of this manifest already ({where}): choose another key",
            )
        found[key] = _external(key, entry, names, lock, reader)
    return found


def _external(key: str, entry: Entry, names: Names, lock: Lock, reader: Reader) -> EnterpriseApplication:
    fields = bind(entry.node, f"enterprise application `{key}`", OTHER, reader)
    name, object_id = fields["displayName"], fields["id"]
    app_id = fields["appId"] or microsoft.APIS.get(name or "")
    pin = lock.service_principal(name) if name else None
    if object_id and pin and object_id != pin.id:
        reader.problems.add(
            fields.where("id"), f"`{name}` has the id {object_id} here and {pin.id} in the lock file"
        )
    if not (name or app_id or object_id):
        message = "needs `displayName`, `appId` or `id`: which one is it?"
        reader.problems.add(entry.position, f"enterprise application `{key}` {message}")
    return EnterpriseApplication(
        key,
        _settings(fields, reader),
        _owners(fields, names),
        pinned(Named(name or app_id or object_id or key, object_id, entry.position), pin),
        app_id,
        entry.position,
    )


def _settings(fields: Bound, reader: Reader) -> Mapping[str, Setting]:
    found = dict(properties.read(fields["properties"], "servicePrincipal", reader))
    for field in ENTERPRISE:
        if field.key in fields and field.graph and field.simple:
            found[field.graph] = simple(field, fields, reader)
    return found


def _owners(fields: Bound, names: Names) -> tuple[Named, ...] | None:
    return names.listed(fields["owners"], "owner", "owners") if "owners" in fields else None
