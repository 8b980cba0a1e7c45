"""What `apply` hands over in; what was applied last for whom, when, and where each part is declared, out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_MOST_PLACES = 50_000
_LONGEST = 1_000
_OWNER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}/[A-Za-z0-9][A-Za-z0-9._-]{0,99}", re.ASCII)


@dataclass(frozen=True)
class AppliedManifest:
    """One project and environment as it was applied last.

    `places` are files with lines by address: `application.api`, `appRoleAssignment.api/Admin/group:…`.
    """

    owner: str
    at: str
    places: Mapping[str, str] = field(repr=False)

    @property
    def snapshot(self) -> str:
        """Return the name of the snapshot of that moment."""
        return f"apply of {self.owner.replace('/', '.')}"[:64]


class AppliedManifests:
    """The last of each owner in each tenant, for as long as the process runs."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], AppliedManifest] = {}

    def put(self, body: Mapping[str, Any], tenants: Mapping[str, Any], at: str) -> AppliedManifest:
        """Keep what was handed over; ValueError says what is wrong with it."""
        if set(body) != {"tenant", "owner", "places"}:
            raise ValueError("tenant, owner and places are expected, and nothing else")
        tenant, owner, places = body["tenant"], body["owner"], body["places"]
        if not isinstance(tenant, str) or tenant not in tenants:
            raise ValueError(f"no such tenant: {str(tenant)[:80]!r}")
        if not isinstance(owner, str) or not _OWNER.fullmatch(owner):
            raise ValueError(f"not an owner such as project/environment: {str(owner)[:80]!r}")
        if not isinstance(places, dict) or len(places) > _MOST_PLACES:
            raise ValueError(f"places are an object of at most {_MOST_PLACES:,}")
        if not all(
            isinstance(each, str) and len(each) <= _LONGEST for pair in places.items() for each in pair
        ):
            raise ValueError(f"places are texts of at most {_LONGEST:,} characters, by address")
        found = AppliedManifest(owner, at, dict(places))
        self._known[tenant, owner] = found
        return found

    def of(self, tenant_id: str, owner: str) -> AppliedManifest | None:
        """Return what was applied last for an owner."""
        return self._known.get((tenant_id, owner))

    def described(self) -> dict[str, Any]:
        """Return whose manifests were applied when."""
        return {
            "value": [
                {"tenant": tenant, "owner": each.owner, "at": each.at, "places": len(each.places)}
                for (tenant, _), each in self._known.items()
            ]
        }
