"""What `apply` and `settings` hand over in; what was applied last for whom, when, and where each part is
declared, out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import unquote

_MOST_PLACES = 50_000
_LONGEST = 1_000
_OWNER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}/[A-Za-z0-9][A-Za-z0-9._-]{0,99}", re.ASCII)


@dataclass(frozen=True)
class AppliedManifest:
    """One project and environment as it was applied last.

    `at` is when; "" where only `settings` told of it. `places` are files with lines by address:
    `application.api`, `application.api/appRole/Admin`, `appRoleAssignment.api/Admin/group:…`; `labels` what
    the manifest calls a role or scope where that differs from its value, by the same addresses.
    """

    owner: str
    at: str
    places: Mapping[str, str] = field(repr=False)
    labels: Mapping[str, str] = field(default_factory=dict, repr=False)

    @cached_property
    def parts(self) -> Mapping[tuple[str, ...], str]:
        """Return the places by the parts of their addresses, as they are written in the manifest."""
        return {_parts(address): place for address, place in self.places.items()}

    @property
    def snapshot(self) -> str:
        """Return the name of the snapshot of that moment."""
        return f"apply of {self.owner.replace('/', '.')}"[:64]


class AppliedManifests:
    """The last of each owner in each tenant, for as long as the process runs."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], AppliedManifest] = {}

    def put(self, body: Mapping[str, Any], tenants: Mapping[str, Any], at: str) -> AppliedManifest:
        """Keep what was handed over; ValueError says what is wrong with it.

        What `settings` hands over says where things are declared, and leaves when they were applied.
        """
        if not {"tenant", "owner", "places"} <= set(body) <= {"tenant", "owner", "places", "labels", "by"}:
            raise ValueError("tenant, owner and places are expected, labels and by, and nothing else")
        tenant, owner = body["tenant"], body["owner"]
        if not isinstance(tenant, str) or tenant not in tenants:
            raise ValueError(f"no such tenant: {str(tenant)[:80]!r}")
        if not isinstance(owner, str) or not _OWNER.fullmatch(owner):
            raise ValueError(f"not an owner such as project/environment: {str(owner)[:80]!r}")
        by = body.get("by", "apply")
        if by not in ("apply", "settings"):
            raise ValueError(f"by is apply or settings, not {str(by)[:80]!r}")
        before = self._known.get((tenant, owner))
        when = at if by == "apply" else before.at if before else ""
        found = AppliedManifest(owner, when, _texts(body, "places"), _texts(body, "labels"))
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

    def last(self, tenant_id: str) -> AppliedManifest | None:
        """Return what was applied last in a tenant, whoever owns it."""
        mine = [each for (tenant, _), each in self._known.items() if tenant == tenant_id and each.at]
        return max(mine, key=lambda each: each.at, default=None)


def _texts(body: Mapping[str, Any], name: str) -> dict[str, str]:
    given = body.get(name, {})
    if not isinstance(given, dict) or len(given) > _MOST_PLACES:
        raise ValueError(f"{name} are an object of at most {_MOST_PLACES:,}")
    if not all(isinstance(each, str) and len(each) <= _LONGEST for pair in given.items() for each in pair):
        raise ValueError(f"{name} are texts of at most {_LONGEST:,} characters, by address")
    return dict(given)


def _parts(address: str) -> tuple[str, ...]:
    kind, _, key = address.partition(".")
    return (kind, *map(unquote, key.split("/")))
