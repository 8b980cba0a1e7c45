"""Parts of an imported registration that a manifest cannot declare: where the loader refuses them, and the
entry of the manifest without them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from entra_config.importing.application import OF_OPTIONAL_PARTS, Entry, Labels
from entra_config.importing.yaml_writer import Word
from entra_config.manifest.fields.table import application_fields

Part = tuple[str, ...]

ASSIGNMENTS: Part = ("appRoleAssignments",)


def removable(keys: tuple[str, ...]) -> Part:
    """Return the smallest part that an entry can do without, by the keys that lead to what is refused; ()
    if there is none.

    What others made of a removed part stays in the tenant: a free field that is absent is not compared, the
    others go to `ignoreChanges`.
    """
    key, *below = keys or ("",)
    if key in {"displayName", "apiPermissions"}:  # what is granted follows what is requested
        return ()
    field = application_fields().get(key)
    if key in OF_OPTIONAL_PARTS or (field is not None and field.cls == "kept"):
        return (key, *below[:1])
    return (key,) if field is not None and field.cls in {"free", "watched"} else ()


def remove(entry: Entry, parts: Iterable[Part]) -> None:
    """Take parts out of an entry of the manifest, and let changes of what they belong to be ignored."""
    for key, *below in parts:
        content = entry.get(key)
        if below and isinstance(content, dict):
            content.pop(below[0], None)
        else:
            entry.pop(key, None)
        if entry.get(key) == {}:
            del entry[key]
        field = application_fields().get(key)
        if field is not None and field.cls in {"kept", "watched"}:
            ignored = entry.setdefault("ignoreChanges", [])
            if key not in ignored:
                ignored.append(Word(key))


def declared(labels: Labels, parts: Iterable[Part]) -> Labels:
    """Return the labels of the scopes and roles that the manifest declares."""
    gone = set(parts)
    return Labels(_left(labels.scopes, "scopes", gone), _left(labels.roles, "appRoles", gone))


def _left(labels: Any, key: str, gone: set[Part]) -> dict[str, str]:
    if (key,) in gone:
        return {}
    return {id_: label for id_, label in labels.items() if (key, label) not in gone}
