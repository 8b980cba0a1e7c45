"""`operations` of an API in; what each needs of its caller, as values that tokens carry, out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from entra_config.manifest.fields.binder import Bound, bind
from entra_config.manifest.fields.settings import OPERATION
from entra_config.manifest.model import Application
from entra_config.manifest.reading.node import Items, Map, is_null
from entra_config.manifest.reading.problems import near
from entra_config.manifest.reading.reader import Reader
from entra_config.manifest.targets import Operation

# A constant of each language is named after it.
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")


def read(declared: Map, api: Application, reader: Reader) -> Iterator[Operation]:
    """Yield the operations of one API."""
    for name, entry in declared.entries.items():
        if not _NAME.fullmatch(name):
            message = f"`operations`: `{name}` is not a letter and then letters, digits, `.`, `_` and `-`"
            reader.problems.add(entry.position, message)
        fields = bind(entry.node, name, OPERATION, reader)
        for key, given in fields.map.entries.items():
            empty = is_null(given.node) or (isinstance(given.node, Items) and not given.node.items)
            if key in OPERATION.keys and empty:
                # What asks for none of nothing lets everybody in, and looks as if it let in nobody.
                reader.problems.add(given.position, f"`{key}` is empty: leave it out where none is needed")
        if "anyScope" in fields and "scopes" in fields:
            reader.problems.add(fields.where("anyScope"), "`anyScope` stands in place of `scopes`: keep one")
        chosen = "anyScope" if "anyScope" in fields else "scopes"
        roles = roles_of(api)
        yield Operation(
            name,
            values(fields, chosen, scopes_of(api), api, reader),
            chosen == "anyScope",
            values(fields, "roles", roles, api, reader),
            values(fields, "applicationRoles", roles, api, reader),
        )


def scopes_of(api: Application) -> Mapping[str, Any]:
    """Return the value of each scope by its label."""
    return {label: scope.value for label, scope in api.scopes.items()}


def roles_of(api: Application) -> Mapping[str, Any]:
    """Return the value of each role by its label."""
    return {label: role.value for label, role in api.app_roles.items() if role.value}


def values(
    fields: Bound, key: str, known: Mapping[str, Any], api: Application, reader: Reader
) -> tuple[str, ...]:
    """Return the values of a list of labels; an unknown one is a problem."""
    found = []
    for item in fields[key]:
        label = reader.text(item, key)
        if label is not None and label not in known:
            reader.problems.add(item.position, f"`{key}`: `{api.key}` has no `{label}`.{near(label, known)}")
        elif label is not None:
            found.append(str(known[label]))
    return tuple(found)
