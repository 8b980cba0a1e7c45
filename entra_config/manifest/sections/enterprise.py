"""Enterprise applications (service principals): of our applications, and those of others."""

from __future__ import annotations

from collections.abc import Mapping

from entra_config.manifest.environments.names import Names, pinned
from entra_config.manifest.environments.pins import Lock
from entra_config.manifest.fields import properties
from entra_config.manifest.fields.table import ENTERPRISE_BY_KEY, EXTERNAL_BY_KEY
from entra_config.manifest.model import EnterpriseApplication, Named, Setting
from entra_config.manifest.reading.node import Entry, Map, Node, Scalar, is_null
from entra_config.manifest.reading.reader import Reader
from entra_config.manifest.sections import microsoft
from entra_config.manifest.sections.settings import simple


def own(key: str, entry: Entry | None, names: Names, reader: Reader) -> EnterpriseApplication | None:
    """Read `enterpriseApplication` of an application; absent is one with nothing special, null is none."""
    if entry is None:
        return EnterpriseApplication(key)
    if is_null(entry.node):
        return None
    fields = reader.map(entry.node, "enterpriseApplication")
    reader.only(fields, ENTERPRISE_BY_KEY, "`enterpriseApplication`")
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
    node = entry.node
    if isinstance(node, Scalar) and not is_null(node):
        node = Map({"displayName": Entry("displayName", node.position, node)}, node.position)
    fields = reader.map(node, f"enterprise application `{key}`")
    reader.only(fields, EXTERNAL_BY_KEY, "an enterprise application")
    name = reader.text(
        fields.node("displayName"), "displayName", longest=EXTERNAL_BY_KEY["displayName"].longest
    )
    app_id = reader.guid(fields.node("appId"), "appId") or microsoft.APIS.get(name or "")
    object_id = reader.guid(fields.node("id"), "id")
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


def _settings(fields: Map, reader: Reader) -> Mapping[str, Setting]:
    found = dict(properties.read(fields.node("properties"), "servicePrincipal", reader))
    for key, field in ENTERPRISE_BY_KEY.items():
        entry = fields.entries.get(key)
        if entry is not None and field.graph and field.simple:
            found[field.graph] = Setting(simple(field, entry.node, reader), entry.position)
    return found


def _owners(fields: Map, names: Names) -> tuple[Named, ...] | None:
    return names.listed(fields.node("owners"), "owner", "owners") if "owners" in fields.entries else None
