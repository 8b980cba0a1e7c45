"""Scopes and app roles of one application, with Graph's rules on them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from entra_config.errors import Position
from entra_config.manifest.fields import limits
from entra_config.manifest.fields.binder import Bound, bind
from entra_config.manifest.fields.field import LABEL
from entra_config.manifest.fields.records import APP_ROLE, SCOPE
from entra_config.manifest.parts import AppRole, Scope
from entra_config.manifest.reading.node import Entry, Map, Scalar
from entra_config.manifest.reading.problems import listing
from entra_config.manifest.reading.reader import Reader

DEFAULT_ACCESS = "default"
_LABEL = re.compile(LABEL)


def scopes(declared: Map, reader: Reader) -> Mapping[str, Scope]:
    """Read `scopes`; a text is short for a scope with that name and description."""
    found = {entry.key: _scope(entry, reader) for entry in declared.present}
    _check_renames(found, reader)
    return found


def app_roles(declared: Map, reader: Reader) -> Mapping[str, AppRole]:
    """Read `appRoles`; a text is short for a role of users with that description."""
    if DEFAULT_ACCESS in declared.entries:
        reader.problems.add(
            declared.where(DEFAULT_ACCESS),
            f"`{DEFAULT_ACCESS}` means access without a role; give the role another label",
        )
    found = {entry.key: _role(entry, reader) for entry in declared.present}
    _check_renames(found, reader)
    return found


def check(
    scopes: Mapping[str, Scope],
    roles: Mapping[str, AppRole],
    *,
    personal: bool,
    where: Position,
    reader: Reader,
) -> None:
    """Note what Graph would not take of all scopes and roles together."""
    total = len(scopes) + len(roles)
    if total > limits.MOST_DEFINITIONS:
        reader.problems.add(
            where, f"{total} scopes and roles; Graph takes {limits.MOST_DEFINITIONS} in one application"
        )
    if personal and len(scopes) > limits.MOST_PERSONAL_SCOPES:
        reader.problems.add(
            where, f"{len(scopes)} scopes; with personal accounts Graph takes {limits.MOST_PERSONAL_SCOPES}"
        )
    for scope in scopes.values():
        if personal and len(scope.value) > limits.LONGEST_PERSONAL_SCOPE:
            message = (
                f"the value of a scope has at most {limits.LONGEST_PERSONAL_SCOPE} characters with "
                "personal accounts"
            )
            reader.problems.add(scope.position, message)
    _check_doubles(scopes, "scope", reader)
    _check_doubles(roles, "role", reader)
    by_value = {role.value.casefold(): role for role in roles.values() if role.value}
    for scope in scopes.values():
        role = by_value.get(scope.value.casefold())
        if role is not None and role.value == scope.value:
            _check_shared(scope, role, reader)
        elif role is not None:
            _alike(role, scope, "scope", reader)
    _check_ids(scopes, roles, reader)


def _scope(entry: Entry, reader: Reader) -> Scope:
    node, what = entry.node, f"scope `{entry.key}`"
    _check_label(entry, "a scope", reader)
    if isinstance(node, Scalar) and isinstance(node.value, str):
        text = reader.text(node, entry.key) or ""
        return Scope(
            entry.key, _own_value(entry, reader), text, text, None, None, "admins", position=entry.position
        )
    fields = bind(node, entry.key, SCOPE, reader, but=["value"])
    name, description = fields["displayName"], fields["description"]
    who = fields["whoCanConsent"] or "admins"
    admin_name = fields["adminConsentDisplayName"] or name
    admin_description = fields["adminConsentDescription"] or description
    for key, required in (("displayName", admin_name), ("description", admin_description)):
        if required is None:
            reader.problems.add(
                entry.position, f"`{key}` of {what} is missing: people read it on the consent page"
            )
    value = _value(fields, entry, reader)
    if value is None:
        reader.problems.add(
            fields.where("value"), f"the value of {what} cannot be null: clients ask for it by value"
        )
    for_users = who == "adminsAndUsers"
    return fields.make(
        Scope,
        label=entry.key,
        value=value or entry.key,
        admin_consent_display_name=admin_name or "",
        admin_consent_description=admin_description or "",
        user_consent_display_name=_users_text(fields, "userConsentDisplayName", name if for_users else None),
        user_consent_description=_users_text(
            fields, "userConsentDescription", description if for_users else None
        ),
        who_can_consent=who,
        position=entry.position,
    )


def _users_text(fields: Bound, key: str, short: str | None) -> str | None:
    return fields[key] if key in fields.map.entries else short


def _role(entry: Entry, reader: Reader) -> AppRole:
    node, what = entry.node, f"role `{entry.key}`"
    _check_label(entry, "a role", reader)
    if isinstance(node, Scalar) and isinstance(node.value, str):
        text = reader.text(node, entry.key) or ""
        return AppRole(
            entry.key, _own_value(entry, reader), entry.key, text, ("User",), position=entry.position
        )
    fields = bind(node, entry.key, APP_ROLE, reader, but=["value"])
    known, members = APP_ROLE.field("allowedMemberTypes").choices, fields["allowedMemberTypes"]
    for member in members:
        if member not in known:
            where = fields.where("allowedMemberTypes")
            reader.problems.add(where, f"`allowedMemberTypes`: `{member}` is none of {listing(known, 'or')}")
    if "allowedMemberTypes" in fields and not members:
        reader.problems.add(
            fields.where("allowedMemberTypes"),
            f"`allowedMemberTypes` of {what} is empty: {listing(known, 'or')}",
        )
    return fields.make(
        AppRole,
        label=entry.key,
        value=_value(fields, entry, reader),
        display_name=fields["displayName"] or entry.key,
        description=reader.required(fields.map, "description", what),
        allowed_member_types=tuple(member for member in known if member in members) or ("User",),
        position=entry.position,
    )


def _check_label(entry: Entry, what: str, reader: Reader) -> None:
    if not _LABEL.fullmatch(entry.key) or len(entry.key) > limits.LONGEST_VALUE:
        message = (
            f"no spaces, no `/`, at most {limits.LONGEST_VALUE} characters; "
            "the texts for people are `displayName` and `description`"
        )
        reader.problems.add(entry.position, f"`{entry.key}` is not a label of {what}: {message}")


def _own_value(entry: Entry, reader: Reader) -> str:
    _check_value(entry.key, entry.position, reader)
    return entry.key


def _value(fields: Bound, entry: Entry, reader: Reader) -> str | None:
    node = fields["value"]
    if node is None:
        return _own_value(entry, reader)
    value: str | None = reader.text(node, "value")
    if value is not None:
        _check_value(value, node.position, reader)
    return value


def _check_value(value: str, position: Position, reader: Reader) -> None:
    if not SCOPE.field("value").match(value):
        reader.problems.add(
            position,
            f"`{value}` is not a value: no spaces, no dot at the start, of ASCII only what Graph takes",
        )
    elif len(value) > limits.LONGEST_VALUE:
        reader.problems.add(
            position, f"a value has at most {limits.LONGEST_VALUE} characters, this one {len(value)}"
        )


def _check_renames(found: Mapping[str, Scope] | Mapping[str, AppRole], reader: Reader) -> None:
    seen: dict[str, str] = {}
    for item in found.values():
        old = item.previously
        if old is None:
            continue
        if old in found:
            reader.problems.add(
                item.position,
                f"`previously: {old}`: that label is still here; a rename leaves the old one out",
            )
        if old in seen:
            reader.problems.add(item.position, f"`previously: {old}` stands at `{seen[old]}` too")
        seen[old] = item.label


def _check_doubles(found: Mapping[str, Scope] | Mapping[str, AppRole], what: str, reader: Reader) -> None:
    seen: dict[str, Scope | AppRole] = {}
    for item in found.values():
        first = seen.setdefault(item.value.casefold(), item) if item.value else item
        if first is not item and first.value == item.value:
            reader.problems.add(item.position, f"the value `{item.value}` is {what} `{first.label}` already")
        elif first is not item:
            _alike(item, first, what, reader)


def _alike(item: Scope | AppRole, other: Scope | AppRole, what: str, reader: Reader) -> None:
    """Note a value that differs from another in the case of letters alone: no reader of tokens should have
    to tell them apart.
    """
    message = (
        f"the value `{item.value}` is `{other.value}` of {what} `{other.label}` but for the case of a letter"
    )
    reader.problems.add(item.position, message)


def _check_shared(scope: Scope, role: AppRole, reader: Reader) -> None:
    """Note where a role and a scope of one value differ: for Graph they are one id."""
    pairs = (
        ("displayName", scope.admin_consent_display_name, role.display_name),
        ("description", scope.admin_consent_description, role.description),
        ("isEnabled", scope.is_enabled, role.is_enabled),
        ("id", scope.id or role.id, role.id or scope.id),
    )
    differing = [name for name, of_scope, of_role in pairs if of_scope != of_role]
    if differing:
        message = (
            f"scope `{scope.label}` and role `{role.label}` share the value `{scope.value}`, which Graph "
            "allows only where"
        )
        reader.problems.add(role.position, f"{message} {listing(differing)} agree ({scope.position})")


def _check_ids(scopes: Mapping[str, Scope], roles: Mapping[str, AppRole], reader: Reader) -> None:
    seen: dict[str, Scope | AppRole] = {}
    every: list[Scope | AppRole] = [*scopes.values(), *roles.values()]
    for item in every:
        other = seen.get(item.id) if item.id else None
        if other is not None and (other.value != item.value or type(other) is type(item)):
            reader.problems.add(item.position, f"the id {item.id} is `{other.label}` already")
        elif item.id:
            seen[item.id] = item
