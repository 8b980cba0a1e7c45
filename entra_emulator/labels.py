"""Labels that programs send for objects, parts of them and links: a short text and a URL for each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

# What a label can be for: a part of an object, or a link between two objects, by Graph's names.
PARTS = (
    "appRoles", "oauth2PermissionScopes", "identifierUris", "redirectUris", "credentials",
    "federatedIdentityCredentials", "properties",
)  # fmt: skip
LINKS = ("appRoleAssignments", "oauth2PermissionGrants", "preAuthorizedApplications", "owners", "members")
_MOST_LABELS = 50_000
_MOST_SOURCES = 1_000
_LONGEST = 1_000
_SOURCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,200}", re.ASCII)
_REQUIRED = {"tenant", "source", "labels"}
# The forms of a label: an object, a part of an object, a link.
_FORMS = ({"object"}, {"object", "part", "value"}, {"link", "from", "to"}, {"link", "from", "to", "value"})
_MORE = {"text", "url", "name"}

Key = tuple[str, ...]


@dataclass(frozen=True)
class Label:
    """What a program reports about one thing: a short text, a URL with more, its own name for it."""

    text: str
    url: str = ""
    name: str = ""
    source: str = ""


@dataclass(frozen=True)
class Applied:
    """A source that reported that a tenant is as it declares, and when."""

    source: str
    at: str

    @property
    def snapshot(self) -> str:
        """Return the name of the snapshot of that moment."""
        return f"apply of {self.source.replace('/', '.')}"[:64]


@dataclass(frozen=True)
class TenantLabels:
    """The labels of one tenant, from all sources; of two labels for one thing, the later one.

    `sent`: a source sent labels for this tenant, so that what has none is not declared.
    """

    labels: Mapping[Key, Label]
    sent: bool = True

    def find(self, keys: Iterable[Key]) -> Label | None:
        """Return the label of the first key that has one."""
        return next((found for key in keys if (found := self.labels.get(key)) is not None), None)

    def find_object(self, object_id: str) -> Label | None:
        """Return the label of an object."""
        return self.labels.get(object_key(object_id))

    def find_part(self, object_id: str, part: str, *values: str) -> Label | None:
        """Return the label of a part of an object, by the first of its values that has one."""
        return self.find(part_key(object_id, part, value) for value in values)

    def parts(self, ids: Iterable[str], part: str) -> Iterator[tuple[str, Label]]:
        """Return the value and the label of each labelled part of an object."""
        for each in ids:
            yield from self._grouped.get(part_key(each, part, "")[:-1], ())

    def sources_of(self, link: str, targets: Iterable[str]) -> Iterator[tuple[str, str, Label]]:
        """Return the source, the value and the label of each labelled link to one of some targets."""
        for each in targets:
            for key, label in self._by_target.get((link, each.casefold()), ()):
                yield key[1], key[3], label

    @cached_property
    def _grouped(self) -> Mapping[Key, list[tuple[str, Label]]]:
        found: dict[Key, list[tuple[str, Label]]] = {}
        for key, label in self.labels.items():
            if len(key) == 3:
                found.setdefault(key[:2], []).append((key[2], label))
        return found

    @cached_property
    def _by_target(self) -> Mapping[Key, list[tuple[Key, Label]]]:
        found: dict[Key, list[tuple[Key, Label]]] = {}
        for key, label in self.labels.items():
            if len(key) == 4:
                found.setdefault((key[0], key[2]), []).append((key, label))
        return found


NO_LABELS = TenantLabels({}, sent=False)


def object_key(object_id: str) -> Key:
    """Return the key of an object's label."""
    return (object_id.casefold(),)


def part_key(object_id: str, part: str, value: str) -> Key:
    """Return the key of a label for a part of an object; ids of credentials have no case."""
    return (object_id.casefold(), part, value.casefold() if part == "credentials" else value)


def link_key(link: str, source: str, target: str, value: str = "") -> Key:
    """Return the key of a link's label; both ends are ids or names, which have no case."""
    return (link, source.casefold(), target.casefold(), value)


class Labels:
    """The labels of all tenants, for as long as the process runs."""

    def __init__(self) -> None:
        self._sent: dict[tuple[str, str], dict[Key, Label]] = {}
        self._applied: dict[tuple[str, str], Applied] = {}
        self._merged: dict[str, TenantLabels] = {}

    def put(self, body: Mapping[str, Any], tenants: Iterable[str], at: str) -> Applied | None:
        """Replace the labels of one source in one tenant; return the apply that it reports, if any.

        Raise ValueError or TypeError with the reason if the body is not valid; nothing changes then.
        """
        if not _REQUIRED <= set(body) <= _REQUIRED | {"applied"}:
            raise ValueError("expected: tenant, source, labels and, optionally, applied")
        tenant, source, applied = body["tenant"], body["source"], body.get("applied", False)
        if not isinstance(tenant, str) or tenant not in tenants:
            raise ValueError(f"no such tenant: {str(tenant)[:80]!r}")
        if not isinstance(source, str) or not _SOURCE.fullmatch(source):
            raise ValueError(
                f"source must be a name such as project/environment (letters, digits and ._/-, at most 201 "
                f"characters), not {str(source)[:80]!r}"
            )
        if not isinstance(applied, bool):
            raise TypeError(f"applied must be true or false, not {str(applied)[:80]!r}")
        owner = (tenant, source)
        if owner not in self._sent and len(self._sent) >= _MOST_SOURCES:
            raise ValueError(f"at most {_MOST_SOURCES:,} sources can send labels")
        found = _read_labels(body["labels"], source)
        self._sent.pop(owner, None)
        self._sent[owner] = found
        self._merged[tenant] = TenantLabels(
            {
                key: label
                for (of, _), sent in self._sent.items()
                if of == tenant
                for key, label in sent.items()
            }
        )
        if applied:
            self._applied[owner] = Applied(source, at)
            return self._applied[owner]
        return None

    def of(self, tenant: str) -> TenantLabels:
        """Return the labels of a tenant."""
        return self._merged.get(tenant, NO_LABELS)

    def last_applied(self, tenant: str) -> Applied | None:
        """Return the last apply that was reported for a tenant."""
        found = [applied for (of, _), applied in self._applied.items() if of == tenant]
        return max(found, key=lambda applied: applied.at, default=None)

    def describe(self) -> dict[str, Any]:
        """Return which source sent how many labels for which tenant, and when it applied."""
        rows = []
        for (tenant, source), labels in self._sent.items():
            applied = self._applied.get((tenant, source))
            at = applied.at if applied else None
            rows.append({"tenant": tenant, "source": source, "labels": len(labels), "applied": at})
        return {"value": rows}

    def clear(self) -> None:
        """Forget all labels and applies."""
        for known in (self._sent, self._applied, self._merged):
            known.clear()


def _read_labels(given: Any, source: str) -> dict[Key, Label]:
    if not isinstance(given, list) or len(given) > _MOST_LABELS:
        raise ValueError(f"labels must be a list of at most {_MOST_LABELS:,}")
    found: dict[Key, Label] = {}
    for number, entry in enumerate(given):
        try:
            key, label = _read_label(entry, source)
        except ValueError as error:
            message = f"labels[{number}]: {error}"
            raise ValueError(message) from None
        found[key] = label
    return found


def _read_label(entry: Any, source: str) -> tuple[Key, Label]:
    if not isinstance(entry, dict) or set(entry) - _MORE not in _FORMS or "text" not in entry:
        raise ValueError(
            "expected text (and optionally url and name) with object; object, part and value; or link, from, "
            "to and, optionally, value"
        )
    for name, text in entry.items():
        if not isinstance(text, str) or not 0 < len(text) <= _LONGEST or not text.isprintable():
            raise ValueError(
                f"{name} must be a text of 1 to {_LONGEST:,} characters, none of them a control character"
            )
    if "url" in entry:
        _check_url(entry["url"])
    label = Label(entry["text"], entry.get("url", ""), entry.get("name", ""), source)
    if "link" in entry:
        if entry["link"] not in LINKS:
            raise ValueError(f"link must be one of {', '.join(LINKS)}, not {entry['link'][:80]!r}")
        return link_key(entry["link"], entry["from"], entry["to"], entry.get("value", "")), label
    if "part" not in entry:
        return object_key(entry["object"]), label
    if entry["part"] not in PARTS:
        raise ValueError(f"part must be one of {', '.join(PARTS)}, not {entry['part'][:80]!r}")
    return part_key(entry["object"], entry["part"], entry["value"]), label


def _check_url(url: str) -> None:
    """Refuse a URL that is anything but a plain address of a web page."""
    try:
        parts = urlsplit(url)
        plain = parts.scheme in ("http", "https") and parts.hostname and parts.username is None
    except ValueError:
        plain = False
    if not plain or any(char in url for char in ' \\"<>'):
        raise ValueError(f"url must be an http or https address without a user name, not {url[:80]!r}")
