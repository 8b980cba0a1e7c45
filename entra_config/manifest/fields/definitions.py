"""The shapes behind the names of `Definition`, for those who go through a manifest by its rows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from entra_config.manifest.fields.credential_records import CERTIFICATE, CREDENTIALS, GENERATE, SECRET
from entra_config.manifest.fields.enterprise import OTHER, OWN
from entra_config.manifest.fields.field import Mapped, Record, Shape
from entra_config.manifest.fields.records import (
    APP_ROLE,
    ASSIGNMENTS,
    MCP,
    OPTIONAL_CLAIMS,
    PERMISSION,
    SCOPE,
)
from entra_config.manifest.fields.root import OVERRIDABLE, ROOT
from entra_config.manifest.fields.root_records import ITEM
from entra_config.manifest.fields.table import added_record


@cache
def shapes() -> Mapping[str, Shape]:
    """Return the shape of each definition of a manifest."""
    overrides = tuple(ROOT.field(key) for key in OVERRIDABLE)
    return {
        "application": added_record(),
        "enterpriseApplication": OWN,
        "foreign": OTHER,
        "assignments": ASSIGNMENTS,
        "list": Mapped(ITEM, keys=True),
        "overrides": Record("`overrides`", "Goes on top.", overrides),
        "scope": SCOPE,
        "appRole": APP_ROLE,
        "apiPermission": PERMISSION,
        "consent": "lasting",
        "certificate": CERTIFICATE,
        "generate": GENERATE,
        "credentials": CREDENTIALS,
        "secret": SECRET,
        "mcp": MCP,
        "optionalClaims": OPTIONAL_CLAIMS,
    }
