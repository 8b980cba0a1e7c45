"""A tenant's app management policies and one application in; which restrictions hold for it, and since when,
out.

An application that has a policy of its own is held to that one alone, any other to the tenant's default
(applicationAuthenticationMethodPolicy documentation). What cannot be understood of a policy holds nothing
back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeGuard

from entra_config.actual.policies import Policies
from entra_config.kinds.directory import Json
from entra_config.moments import read_moment

UNIQUE, NON_DEFAULT = "uriAdditionWithoutUniqueTenantIdentifier", "nonDefaultUriAddition"
_DURATION = re.compile(
    r"P(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9})(?:\.\d+)?S)?)?", re.ASCII
)
_NOTHING: Json = {}


@dataclass(frozen=True, slots=True)
class Restriction:
    """One restriction that holds: its own words, and what they say to people."""

    body: Json

    @property
    def since(self) -> str:
        """Return from which day on applications are held to it, "" where all are."""
        since = self.body.get("restrictForAppsCreatedAfterDateTime")
        return f" (for applications made since {since[:10]})" if isinstance(since, str) else ""

    @property
    def unless(self) -> str:
        """Return who may be exempt all the same: whoever bears an attribute, which nobody looked up."""
        actors = _object(self.body, "excludeActors").get("customSecurityAttributes")
        return ", unless who applies is exempt by a custom security attribute" if actors else ""

    @property
    def longest(self) -> timedelta | None:
        """Return how long a credential may live."""
        return _length(self.body.get("maxLifetime"))


class Restrictions:
    """What one application is held to."""

    def __init__(self, policies: Policies, object_id: str, created: datetime) -> None:
        """`object_id` is empty, and `created` now, for an application that is to be made."""
        own = policies.own.get(object_id)
        self._created = created
        if own is not None:
            restrictions = _object(own, "restrictions")
            self._found: Json = {**restrictions, **_object(restrictions, "applicationRestrictions")}
        else:
            default = policies.default or _NOTHING
            self._found = (
                _object(default, "applicationRestrictions") if default.get("isEnabled") is True else _NOTHING
            )

    def listed(self, name: str, kind: str) -> Restriction | None:
        """Return the restriction of a kind on passwords or keys, where it holds."""
        entries = self._found.get(name)
        listed = entries if isinstance(entries, list) else []
        return next(
            (found for each in listed if _kind(each) == kind and (found := self._holds(each)) is not None),
            None,
        )

    def of(self, name: str, part: str) -> Restriction | None:
        """Return a restriction on identifier URIs or audiences, where it holds."""
        return self._holds(_object(self._found, name).get(part))

    def _holds(self, body: object) -> Restriction | None:
        if not active(body):
            return None
        since = body.get("restrictForAppsCreatedAfterDateTime")
        return (
            Restriction(body)
            if not isinstance(since, str) or self._created >= read_moment(since, self._created)
            else None
        )


def active(body: object) -> TypeGuard[Json]:
    """Tell whether a restriction is on: one without a state is, as before there were states."""
    return isinstance(body, Mapping) and body.get("state", "enabled") in ("enabled", None)


def _object(body: Json, name: str) -> Json:
    value = body.get(name)
    return value if isinstance(value, Mapping) else _NOTHING


def _kind(entry: object) -> object:
    return entry.get("restrictionType") if isinstance(entry, Mapping) else None


def _length(text: object) -> timedelta | None:
    found = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if found is None or not any(found.groups()):
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
