"""Plain fields of applications: what was written, and the type's default for every kept field that was
not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from entra_config.errors import Position
from entra_config.manifest.fields import limits, properties
from entra_config.manifest.fields.application import APPLICATION
from entra_config.manifest.fields.binder import Bound, bind
from entra_config.manifest.fields.client import URIS
from entra_config.manifest.fields.field import AUDIENCES, IMPLICIT_GRANT, OWN_PLATFORM, PLATFORMS, Field
from entra_config.manifest.fields.records import CLAIM, OPTIONAL_CLAIMS
from entra_config.manifest.model import Setting
from entra_config.manifest.reading.node import Entry, Items, Map, Node, Scalar, is_null
from entra_config.manifest.reading.problems import listing
from entra_config.manifest.reading.reader import Reader
from entra_config.manifest.sections import uris
from entra_config.resource import Ref, Text

MARK = "entra-config:"

_GROUPS = ("None", "SecurityGroup", "All", "ApplicationGroup", "DirectoryRole")
_NO_SPACE = re.compile(r"\S+")


def simple(field: Field, fields: Bound, reader: Reader) -> Setting:
    """Return a field of a simple shape as Graph will hold it."""
    entry, value = fields.map.entries[field.key], fields[field.key]
    if field.key == "tags":
        _check_tags(entry.node, value, reader)
    return Setting(list(value) if isinstance(value, tuple) else value, entry.position)


class Settings:
    """Reads the plain fields of one application."""

    def __init__(self, key: str, kind: str, fields: Bound, own_ids: frozenset[str], reader: Reader) -> None:
        self._key = key
        self._kind = kind
        self._fields = fields
        self._own_ids = own_ids
        self._reader = reader
        self._typed = kind != "application"
        self.found: dict[str, Setting] = {}

    @property
    def personal(self) -> bool:
        """Tell whether personal Microsoft accounts may sign in."""
        audience = self.found.get("signInAudience")
        return audience is not None and audience.value in AUDIENCES[2:]

    def read(self) -> Mapping[str, Setting]:
        """Return all settings by Graph path."""
        self._check_refused()
        for field in APPLICATION:
            if field.plain:
                self._read_simple(field)
        self._platforms()
        self._claims()
        for path in IMPLICIT_GRANT:
            self.found[path] = Setting(False)
        written = properties.read(self._fields["properties"], "application", self._reader)
        for path, setting in written.items():
            self._check_implicit(path, setting)
            self.found[path] = setting
        self._check_uris()
        self._check_versions()
        return self.found

    def _check_refused(self) -> None:
        for field in APPLICATION:
            entry = self._fields.map.entries.get(field.key)
            refusal = field.refused.get(self._kind)
            if entry is None or refusal is None or is_null(entry.node):
                continue
            if isinstance(entry.node, Map | Items):
                blank = not (entry.node.entries if isinstance(entry.node, Map) else entry.node.items)
            else:
                blank = field.default(self._kind) is not None and entry.node.value == field.default(
                    self._kind
                )
            if not blank:
                message = f"`{field.key}` does not fit type `{self._kind}`: {refusal.why}"
                self._reader.problems.add(entry.position, message)

    def _read_simple(self, field: Field) -> None:
        if field.key == "displayName":
            what = f"application `{self._key}`"
            value = self._reader.required(self._fields.map, "displayName", what)
            self.found[field.graph] = Setting(value, self._fields.where("displayName"))
        elif field.key in self._fields:
            setting = simple(field, self._fields, self._reader)
            if setting.value is None and field.key == "signInAudience":
                setting = replace(setting, value=field.default(self._kind))
            self.found[field.graph] = setting
        elif field.cls == "kept":
            self.found[field.graph] = Setting(field.default(self._kind))

    def _platforms(self) -> None:
        reader = self._reader
        for path in PLATFORMS.values():
            self.found[path] = Setting([])
        platforms = bind(self._fields["platforms"], "platforms", URIS, reader, but=URIS.keys).map
        for platform, path in PLATFORMS.items():
            entry = platforms.entries.get(platform)
            if entry is not None:
                self._redirects(path, platform, entry)
        short = self._fields.map.entries.get("redirectUris")
        own = OWN_PLATFORM.get(self._kind)
        if short is not None and own is not None:
            if own in platforms.entries:
                message = (
                    f"`redirectUris` is short for `platforms.{own}`, which stands at "
                    f"{platforms.where(own)} too"
                )
                reader.problems.add(short.position, message)
            self._redirects(PLATFORMS[own], own, short)
        if self._typed:
            self._check_platforms(platforms, short)

    def _redirects(self, path: str, platform: str, entry: Entry) -> None:
        reader = self._reader
        values = reader.references(entry.node, "redirectUris", longest=limits.LONGEST_REDIRECT_URI)
        self.found[path] = Setting(list(values), entry.position)
        for item in entry.node.items if isinstance(entry.node, Items) else ():
            value = getattr(item, "value", None)
            if isinstance(value, str | Text):
                for wrong in uris.redirect_uri(value, platform, typed=self._typed, personal=self.personal):
                    reader.problems.add(item.position, f"redirect URI `{value}` {wrong}")

    def _check_platforms(self, platforms: Map, short: Entry | None) -> None:
        seen: dict[Any, str] = {}
        for platform, path in PLATFORMS.items():
            for value in self.found[path].value:
                if value in seen:
                    entry = platforms.entries.get(platform) or short
                    where = entry.position if entry else self._fields.map.position
                    message = (
                        f"redirect URI `{value}` stands on `{seen[value]}` and on `{platform}`: a URI "
                        "has one platform"
                    )
                    self._reader.problems.add(where, message)
                seen[value] = platform

    def _claims(self) -> None:
        entry = self._fields.map.entries.get("optionalClaims")
        if entry is not None:
            value = _optional_claims(entry.node, self._reader)
            self.found["optionalClaims"] = Setting(value, entry.position)
        groups = self.found.get("groupMembershipClaims")
        if groups is not None and groups.value is not None:
            where = self._fields.map.entries["groupMembershipClaims"].node.position
            _check_groups(groups.value, where, self._reader)

    def _check_implicit(self, path: str, setting: Setting) -> None:
        if path in IMPLICIT_GRANT and setting.value and self._kind not in {"web", "application"}:
            message = (
                f"implicit grant does not fit type `{self._kind}`: tokens in a URL leak; use the code "
                "flow with PKCE"
            )
            self._reader.problems.add(setting.position, message)

    def _check_uris(self) -> None:
        reader = self._reader
        most = limits.MOST_PERSONAL_REDIRECT_URIS if self.personal else limits.MOST_REDIRECT_URIS
        total = sum(len(self.found[path].value) for path in PLATFORMS.values())
        if total > most:
            reader.problems.add(
                self._fields.where("redirectUris"), f"{total} redirect URIs; Graph takes {most}"
            )
        node = self._fields.node("identifierUris")
        items = node.items if isinstance(node, Items) else ()
        if self.personal and len(items) > limits.MOST_PERSONAL_IDENTIFIER_URIS:
            message = (
                f"{len(items)} identifier URIs; with personal accounts Graph takes "
                f"{limits.MOST_PERSONAL_IDENTIFIER_URIS}"
            )
            reader.problems.add(self._fields.where("identifierUris"), message)
        version = self.found["api.requestedAccessTokenVersion"].value
        for item in items:
            value = getattr(item, "value", None)
            if isinstance(value, str | Text):
                self._check_identifier(value, item.position, v2=version == 2)
        logout = self.found.get("web.logoutUrl")
        if (
            logout is not None
            and logout.value is not None
            and not uris.sample(logout.value).lower().startswith("https://")
        ):
            reader.problems.add(logout.position, f"`logoutUrl`: `{logout.value}` is not https")

    def _check_identifier(self, value: str | Text, position: Position, *, v2: bool) -> None:
        external = (
            [p for p in value.parts if isinstance(p, Ref) and p.address.key != self._key]
            if isinstance(value, Text)
            else ()
        )
        if external:
            self._reader.problems.add(
                position, f"identifier URI `{value}` names another application: write `${{appId}}`"
            )
            return
        rules = uris.identifier_uri(
            value, typed=self._typed, personal=self.personal, v2=v2, own_ids=self._own_ids
        )
        for wrong in rules:
            self._reader.problems.add(position, f"identifier URI `{value}` {wrong}")

    def _check_versions(self) -> None:
        if self.personal and self.found["api.requestedAccessTokenVersion"].value != 2:
            where = self._fields.where("accessTokenVersion")
            self._reader.problems.add(
                where, "`accessTokenVersion` must be 2 while personal accounts may sign in"
            )


def _check_tags(node: Node, values: tuple[str, ...], reader: Reader) -> None:
    for value in values:
        if not _NO_SPACE.fullmatch(value):
            reader.problems.add(node.position, f"tag `{value}` holds white space, which Graph does not take")
        if value.casefold().startswith(MARK):
            reader.problems.add(
                node.position, f"tag `{value}`: tags that begin with `{MARK}` are this tool's own marks"
            )


def _optional_claims(node: Node, reader: Reader) -> Any:
    """Read `optionalClaims`; a text is short for a claim without options. Graph answers every list, and
    every key of a claim.
    """
    if is_null(node):
        return None
    fields = bind(node, "optionalClaims", OPTIONAL_CLAIMS, reader)
    return {token: _claims(items, token, reader) for token, items in fields.values.items()}


def _check_groups(value: str, where: Position, reader: Reader) -> None:
    """Note each word of `groupMembershipClaims`, joined by commas, that Graph does not know."""
    for word in value.split(","):
        if word.strip() not in _GROUPS:
            message = f"`groupMembershipClaims`: `{word.strip()}` is none of {listing(_GROUPS, 'or')}"
            reader.problems.add(where, message)


def _claims(items: Sequence[Node], token: str, reader: Reader) -> list[dict[str, Any]]:
    found: dict[tuple[str, str | None], dict[str, Any]] = {}
    for item in items:
        claim = _claim(item, reader)
        key = claim["name"], claim["source"]
        if key in found and claim["name"]:
            reader.problems.add(item.position, f"`{token}`: duplicate claim `{claim['name']}`")
        found[key] = claim
    return list(found.values())


def _claim(item: Node, reader: Reader) -> dict[str, Any]:
    if isinstance(item, Scalar):
        name = reader.text(item, "a claim") or ""
        return {"name": name, "source": None, "essential": False, "additionalProperties": []}
    fields = bind(item, "a claim", CLAIM, reader)
    return {
        "name": reader.required(fields.map, "name", "a claim"),
        "source": fields["source"],
        "essential": fields["essential"] or False,
        "additionalProperties": list(fields["additionalProperties"]),
    }
