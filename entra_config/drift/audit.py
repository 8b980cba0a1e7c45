"""Directory audit records in, decoded events out.

Values are encoded twice: attributes of an object are a JSON array in a string (the whole collection, old and
new), facts about a link are a JSON scalar in a string. Sources: Microsoft's directoryAudit reference and
exported logs of 2021-2026.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from entra_config.drift.model import Actor
from entra_config.moments import parse_moment
from entra_config.properties import Reads

_ABOUT_ENDS = ("TargetId.", "ActorId.", "SPN")
_MICROSOFT = frozenset(
    {
        "Microsoft Azure AD Internal - Jit Provisioning",
        "Windows Azure Service Management API",
        "Microsoft Online Services",
        "Microsoft Online Services Garbage Collector",
        "Managed Service Identity",
        "AAD App Management",
        "Microsoft Graph",
        "MS-PIM",
        "Device Registration Service",
    }
)


@dataclass(frozen=True, slots=True)
class Event:
    """One success record: what was done to which objects, by whom, with the decoded old and new value of
    each property; `name` is what it calls the first object, a user by the UPN.
    """

    id: str
    time: datetime
    activity: str
    actor: Actor
    targets: tuple[str, ...]
    old: Mapping[str, Any]
    new: Mapping[str, Any]
    named: frozenset[str]
    correlation: str
    name: str = ""

    @property
    def is_stub(self) -> bool:
        """Tell whether the record says only that the object was touched: names of the ends say nothing of
        what was done.
        """
        return self.activity.startswith("Update") and all(name.startswith(_ABOUT_ENDS) for name in self.named)

    def fact(self, *names: str) -> str:
        """Return what the record says of a link, on whichever side it stands; nothing where it does not
        say it.
        """
        for name in names:
            if found := self.new.get(name) or self.old.get(name):
                return str(found)
        return ""


def events(records: Iterable[Mapping[str, Any]]) -> list[Event]:
    """Return the successful records, each once, newest first."""
    # A failed record still carries the values that were attempted: never match against it.
    found = {str(record["id"]): _event(record) for record in records if record.get("result") == "success"}
    return sorted(found.values(), key=lambda event: (event.time, event.id), reverse=True)


def _event(record: Mapping[str, Any]) -> Event:
    old: dict[str, Any] = {}
    new: dict[str, Any] = {}
    named: set[str] = set()
    for target in record.get("targetResources") or ():
        for changed in target.get("modifiedProperties") or ():
            name = str(changed["displayName"])
            if name == "Included Updated Properties":
                named.update(part for part in str(decode(changed.get("newValue")) or "").split(", ") if part)
                continue
            old[name] = decode(changed.get("oldValue"))
            new[name] = decode(changed.get("newValue"))
    return Event(
        id=str(record["id"]),
        time=parse_moment(str(record["activityDateTime"])),
        activity=str(record["activityDisplayName"]),
        actor=_actor(record),
        targets=tuple(
            str(target["id"]) for target in record.get("targetResources") or () if target.get("id")
        ),
        old=old,
        new=new,
        named=frozenset(named | old.keys()),
        correlation=str(record.get("correlationId") or ""),
        name=_name(record),
    )


def _name(record: Mapping[str, Any]) -> str:
    target: Mapping[str, Any] = next(iter(record.get("targetResources") or ()), {})
    return str(target.get("userPrincipalName") or target.get("displayName") or "")


def decode(text: Any) -> Any:
    """Return what a doubly encoded value says; text that is no JSON comes back as it is."""
    if not isinstance(text, str):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _actor(record: Mapping[str, Any]) -> Actor:
    initiated = record.get("initiatedBy") or {}
    agent = next(
        (d.get("value") or "" for d in record.get("additionalDetails") or () if d.get("key") == "User-Agent"),
        "",
    )
    if user := initiated.get("user"):
        # The consent screen signs as a service, with the human's id and name beside it.
        via = (
            "consent screen"
            if agent == "EvoSTS" or user.get("displayName") == "Azure ESTS Service"
            else _client(agent)
        )
        return Actor(
            "user", str(user.get("id") or ""), str(user.get("userPrincipalName") or user.get("id") or ""), via
        )
    if app := initiated.get("app"):
        name = str(app.get("displayName") or "")
        kind = "microsoft" if name in _MICROSOFT else "application"
        return Actor(
            "microsoft" if kind == "microsoft" else "application",
            str(app.get("servicePrincipalId") or ""),
            name,
            _client(agent),
        )
    return Actor("microsoft", "", "a Microsoft service")


def _client(agent: str) -> str:
    if agent.startswith("Mozilla/"):
        return "portal or browser"
    return agent.split("/", 1)[0].strip()[:40] if agent else ""


Entry = Mapping[str, Any]


def entries(reads: Reads, value: Any) -> dict[Any, Entry]:
    """Return the elements of a decoded property by what tells them apart, each with its own fields.

    `reads` is how the property's row says that the log has it; elements of others are told apart by their
    whole value.
    """
    items: Sequence[Any] = value if isinstance(value, list) else [] if value is None else [value]
    match reads:
        case "addresses":
            keys = ("Address", "AddressType", "ReplyAddressClientType")
            return {tuple(_field(item, key) for key in keys): _mapping(item) for item in items}
        case "entitlements":
            return {_field(item, "EntitlementId"): _mapping(item) for item in items}
        case "requested":
            return {
                (_field(resource, "ResourceAppId"), _field(permission, "EntitlementId")): _mapping(permission)
                for resource in (item for item in items if isinstance(item, Mapping))
                for permission in _list(resource.get("RequiredAppPermissions"))
            }
        case "federated":
            return {_field(item, "Name"): _mapping(item) for item in items}
        case "clients":
            # Seen in Microsoft's lists of names only: the spelling inside is not known.
            folded = [{str(key).casefold(): part for key, part in _mapping(item).items()} for item in items]
            return {str(item["appid"]).casefold(): item for item in folded if "appid" in item}
        case "keys":
            return {_key_id(str(item)): {} for item in items}
        case _:
            return {
                item if isinstance(item, str | bool | int) else json.dumps(item, sort_keys=True): {}
                for item in items
            }


def _field(item: Any, key: str) -> str:
    found = item.get(key) if isinstance(item, Mapping) else item
    return "" if found is None else str(found)


def _mapping(item: Any) -> Entry:
    return item if isinstance(item, Mapping) else {}


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _key_id(text: str) -> str:
    """Return the key id of `[KeyIdentifier=…,KeyType=…,…]`; names hold commas, so only the first field is
    read.
    """
    found = re.search(r"KeyIdentifier=([^,\]]+)", text)
    return found.group(1) if found else text
