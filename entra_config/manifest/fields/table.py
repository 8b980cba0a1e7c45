"""The one table of first-class fields: key, Graph path, class, limits, and what each type makes of it.

kept     always compared; absent means the type's default
watched  absent means never written, but what is not declared is a warning in plan and a finding in drift
free     compared when written
own      says something to this tool and is not compared itself
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import Literal

from entra_config.manifest.fields.application import APPLICATION
from entra_config.manifest.fields.enterprise import ENTERPRISE
from entra_config.manifest.fields.field import OWN_PLATFORM, PLATFORMS, Brought, Field, Record

APPLICATION_RECORD = Record("an application", "One registration.", (*APPLICATION,))
BY_KEY: Mapping[str, Field] = {item.key: item for item in APPLICATION}


KINDS = "entra_config.kinds.table"


@cache
def added() -> Mapping[str, Brought]:
    """Return the fields of an application that kinds bring along, by key.

    The one place where the manifest asks a room above it, and so by name, and late: where a key stands in an
    application that no field here has, and where all fields are shown (docs/decisions/0013).
    """
    brought: tuple[Brought, ...] = import_module(KINDS).FIELDS
    return {item.field.key: item for item in brought}


@cache
def application_fields() -> Mapping[str, Field]:
    """Return all fields of an application by key, in the order of the reference."""
    found: dict[str, Field] = {}
    for item in APPLICATION:
        found[item.key] = item
        found |= {key: each.field for key, each in added().items() if each.after == item.key}
    return found


def added_record() -> Record:
    """Return the record of an application with the fields that kinds bring along."""
    return replace(APPLICATION_RECORD, fields=(*application_fields().values(),))


def graph_paths(key: str, kind: str) -> tuple[str, ...]:
    """Return the Graph paths that a key of an application stands for."""
    if key == "redirectUris":
        own = OWN_PLATFORM.get(kind)
        return (PLATFORMS[own],) if own else ()
    if key == "platforms":
        return tuple(PLATFORMS.values())
    graph = (BY_KEY.get(key) or added()[key].field).graph
    return (graph,) if graph else ()


@cache
def first_class(entity: Literal["application", "servicePrincipal"]) -> Mapping[str, str]:
    """Return the key of each path of Graph's that has one."""
    if entity == "servicePrincipal":
        return {item.graph: item.key for item in ENTERPRISE if item.graph}
    application = {item.graph: item.key for item in application_fields().values() if item.graph}
    return application | dict.fromkeys(PLATFORMS.values(), "platforms")
