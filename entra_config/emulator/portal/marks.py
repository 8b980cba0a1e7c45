"""The tags of an application in; whose it is and by which key of a manifest out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from entra_config.emulator.tenant import Tenant

_OWNER, _KEY = "entra-config:owner=", "entra-config:key="


@dataclass(frozen=True)
class Mark:
    """Whose an application says it is: the project with its environment, and the key there."""

    owner: str = ""
    key: str = ""

    def __bool__(self) -> bool:
        """Tell whether there is a mark."""
        return bool(self.owner)


def mark_of(row: Mapping[str, Any] | None) -> Mark:
    """Read the mark of a registration, or of an enterprise application."""
    tags = [tag for tag in (row or {}).get("tags") or () if isinstance(tag, str)]
    owner = next((tag.removeprefix(_OWNER) for tag in tags if tag.startswith(_OWNER)), "")
    return Mark(owner, next((tag.removeprefix(_KEY) for tag in tags if tag.startswith(_KEY)), ""))


def of_principal(tenant: Tenant, row: Mapping[str, Any] | None) -> Mark:
    """Read the mark of an enterprise application, or of its registration where it bears none itself."""
    app_id = str((row or {}).get("appId", ""))
    return mark_of(row) or mark_of(tenant.application_by_app_id(app_id) if app_id else None)
