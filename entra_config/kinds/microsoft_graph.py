"""Microsoft Graph's own permissions: names go in, ids come out, without reading its service principal (280
KB).

The names and ids are a kept copy of what Microsoft publishes; its first lines give source, commit, date and
licence.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any, Literal

from entra_config.manifest.reading.problems import suggest

APP_ID = "00000003-0000-0000-c000-000000000000"


@cache
def _document() -> dict[str, Any]:
    text = resources.files("entra_config.kinds").joinpath("graph_permissions.json").read_text("utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


@cache
def _ids(type_: str) -> dict[str, str]:
    return {row["value"]: row["id"] for row in _document()["permissions"] if row["type"] == type_}


def scopes() -> dict[str, str]:
    """Return the ids of the delegated permissions by name."""
    return _ids("Scope")


def roles() -> dict[str, str]:
    """Return the ids of the application permissions by name."""
    return _ids("Role")


@cache
def disabled() -> frozenset[str]:
    """Return the ids of the permissions that nobody can be granted."""
    return frozenset(row["id"] for row in _document()["permissions"] if not row["enabled"])


def describe_unknown(permission: str, kind: Literal["delegated", "application"]) -> str | None:
    """Return what is wrong with a name that the kept copy lacks, with similar names; None if it is known."""
    known, other = (scopes(), roles()) if kind == "delegated" else (roles(), scopes())
    if permission in known:
        return None
    date = _document()["header"]["date"]
    message = (
        f"`{permission}` is unknown to this version: Microsoft Graph had no such {kind} permission on {date}."
    )
    if permission in other:
        return f"{message} It is a permission of the other kind."
    suggestion = suggest(permission, known)
    return f"{message} {suggestion[0].upper()}{suggestion[1:]}" if suggestion else message
