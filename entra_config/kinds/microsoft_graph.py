"""Microsoft Graph's own permissions: names go in, ids come out, without reading its service principal (280
KB).
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

APP_ID = "00000003-0000-0000-c000-000000000000"


@cache
def _table() -> dict[str, dict[str, str]]:
    data = json.loads(
        resources.files("entra_config.kinds").joinpath("graph_permissions.json").read_text("utf-8")
    )
    return {type_: data[type_] for type_ in ("delegated", "application")}


def scopes() -> dict[str, str]:
    """Return the ids of the delegated permissions by name."""
    return _table()["delegated"]


def roles() -> dict[str, str]:
    """Return the ids of the application permissions by name."""
    return _table()["application"]
