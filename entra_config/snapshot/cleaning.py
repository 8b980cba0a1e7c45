"""Replace what looks like a secret, and on request what tells who and where somebody is."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from entra_config.kinds.base import CREATED_TAG, KEY_TAG, OWNER_TAG
from entra_config.plan.values import SECRET

# A JWT; a PEM block; a part of a connection string; a URI with credentials, in its authority or its query;
# a secret as Entra makes it; tokens of AWS, GitHub and GitLab.
_SECRET = re.compile(
    r"""eyJ[\w-]{8,}\.[\w-]{8,}
    | -----BEGIN\s
    | \b(?:account_?key|shared_?access_?(?:key|signature)|password|passwd|pwd|secret|client_?secret|api_?key
      |access_?token|refresh_?token|sig|signature)\s*=\s*[^\s;&]+
    | [a-z][a-z0-9+.-]*://[^\s/?\#@]*:[^\s/?\#@]*@
    | (?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])
    | \b(?:AKIA|ASIA)[A-Z0-9]{16}\b
    | \bgh[pousr]_[A-Za-z0-9]{30,} | \bgithub_pat_\w{30,} | \bglpat-[\w-]{20,}""",
    re.IGNORECASE | re.VERBOSE,
)
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z?")
_URI = re.compile(r"([a-z][a-z0-9+.-]*)://([^/?#]*)(.*)", re.IGNORECASE | re.DOTALL)
# Properties whose values are Graph's own words, or what tokens carry: neither a person nor a place.
_PLAIN = frozenset(
    {
        "@odata.type",
        "type",
        "usage",
        "scope",
        "value",
        "source",
        "state",
        "principalType",
        "consentType",
        "allowedMemberTypes",
        "signInAudience",
        "servicePrincipalType",
        "groupMembershipClaims",
        "preferredSingleSignOnMode",
        "additionalProperties",
        "nativeAuthenticationApisEnabled",
        "restrictionType",
        "authenticationType",
        "capabilityStatus",
        "servicePlanName",
        "skuPartNumber",
        "kind",
        "origin",
    }
)

# Of a collection: its items, and by state the names of its reads.
CollectedItems = dict[str, list[Any]]


@dataclass(slots=True)
class SecretFilter:
    """Replaces texts that look like a secret, and counts them."""

    replaced: int = 0

    def clean(self, value: Any) -> Any:
        """Return a value without such texts."""
        match value:
            case str() if _SECRET.search(value):
                self.replaced += 1
                return SECRET
            case list():
                return [self.clean(item) for item in value]
            case dict():
                return {self.clean(name): self.clean(item) for name, item in value.items()}
            case _:
                return value


@dataclass(frozen=True, slots=True)
class Redactor:
    """Maps what tells people, names, hosts and UPNs by an HMAC; `hidden` are the ids that are mapped."""

    key: bytes = field(repr=False)
    hidden: frozenset[str]

    def redact(self, value: Any, name: str = "") -> Any:
        """Return the value of a property without them: what is not known to be harmless is mapped."""
        match value:
            case dict():
                return {inner: self.redact(item, inner) for inner, item in value.items()}
            case list():
                return [self.redact(item, name) for item in value]
            case str():
                return self._text(value, name)
            case _:
                return value

    def redact_collection(self, part: CollectedItems) -> CollectedItems:
        """Return a collection without them, its items and reads in an order of their own again."""
        reads = {state: sorted(map(self._read, names)) for state, names in part.items() if state != "items"}
        items = self.redact(part["items"])
        return {"items": sorted(items, key=lambda item: (str(item.get("of")), str(item.get("id")))), **reads}

    def _read(self, text: str) -> str:
        """Return the name of a read without them."""
        name, separator, value = text.partition("=")
        return f"{name}{separator}{self._text(value, name)}" if separator else text

    def _text(self, value: str, name: str) -> str:
        if _GUID.fullmatch(value):
            return self._id(value) if value.casefold() in self.hidden else value
        if value in {"", "*", SECRET} or _MOMENT.fullmatch(value) or name in _PLAIN:
            return value
        if name == "tags" and value.startswith((OWNER_TAG, KEY_TAG, CREATED_TAG)):
            return value
        if match := _URI.fullmatch(value):
            return self._address(*match.groups())
        if "@" in value:
            person, _, host = value.rpartition("@")
            return f"{self._code(person)}@{self._host(host)}"
        return self._host(value) if name == "id" and "." in value else self._code(value)

    def _address(self, scheme: str, host: str, rest: str) -> str:
        if scheme == "api" and _GUID.fullmatch(host) and not rest:
            return f"{scheme}://{host}"
        path = rest if rest in {"", "/"} else f"/{self._code(rest)}"
        return f"{scheme}://{self._host(host)}{path}"

    def _host(self, host: str) -> str:
        return f"{self._code(host)}.invalid"

    def _code(self, text: str) -> str:
        return f"x{self._digest(text)[:16]}"

    def _id(self, text: str) -> str:
        digest = self._digest(text)
        return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))

    def _digest(self, text: str) -> str:
        # Names of hosts and people are the same in either case.
        data = text.casefold().encode("utf-8", "surrogatepass")
        return hmac.new(self.key, data, hashlib.sha256).hexdigest()


def find_people(collections: Mapping[str, CollectedItems]) -> frozenset[str]:
    """Return the ids of users, of who a member or an owner is that is not known to be anything else, and of
    the tenant.
    """
    found: set[str] = set()
    others: set[str] = set()
    for name, part in collections.items():
        for item in part["items"]:
            id_ = str(item.get("id")).casefold()
            if name in {"users", "organization"}:
                found.add(id_)
            elif name in {"groups", "servicePrincipals"}:
                others.add(id_)
            elif name in {"groupMembers", "applicationOwners", "servicePrincipalOwners"}:
                (found if str(item.get("@odata.type", "user")).endswith("user") else others).add(id_)
            elif item.get("principalType") == "User" or item.get("consentType") == "Principal":
                found.add(str(item.get("principalId")).casefold())
    return frozenset(found - others)
