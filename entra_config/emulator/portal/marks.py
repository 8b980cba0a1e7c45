"""The tags of an application in; whose it is and by which key of a manifest out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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
