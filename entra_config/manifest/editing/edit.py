"""Changes to app roles and their holders, made in the text of the manifest and read again by its one
loader.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Literal

from entra_config.errors import UsageError
from entra_config.manifest.editing.editor import Edit, Editor, KeyPath
from entra_config.manifest.parts import MemberType
from entra_config.manifest.reading.problems import listing, near
from entra_config.manifest.references import Reference
from entra_config.manifest.sections.assignments import APPLICATIONS

_NOUNS: dict[str, Literal["user", "group", "servicePrincipal"]] = {
    "users": "user",
    "groups": "group",
    APPLICATIONS: "servicePrincipal",
}


def add(
    path: Path,
    application: str,
    role: str,
    *,
    description: str,
    display_name: str | None = None,
    members: Sequence[MemberType] = ("User",),
) -> Edit:
    """Add a role to an application."""
    editor = Editor(path)
    editor.application(application)
    target = ("applications", application, "appRoles", role)
    if editor.holders(target):
        raise UsageError(f"`{application}` already has a role `{role}`: {editor.place(target)}")
    value = {
        "displayName": display_name or role,
        "description": description,
        "allowedMemberTypes": list(members),
    }
    editor.put(target, value)
    return editor.finish()


def rename(path: Path, application: str, role: str, new: str, *, keep_value: bool = False) -> Edit:
    """Rename a role wherever it stands; unless the value is kept, tokens carry the new one."""
    editor = Editor(path)
    target = editor.role(application, role)
    if editor.holders((*target[:-1], new)):
        raise UsageError(f"`{application}` already has a role `{new}`: {editor.place((*target[:-1], new))}")
    fields = editor.tree(target)
    if isinstance(fields, str):
        fields = {"description": fields}
        editor.set(target, fields)
    explicit = "value" in fields
    # A label is its role's value where no other one is set: then tokens and access tests have the new one.
    mentions = [
        each
        for each in editor.references.to_role(application, role)
        if each.noun == "role" or (each.name == role and not explicit and not keep_value)
    ]
    # The first label is what the tenant may still know the role by: nobody tells here which renames were
    # applied.
    if fields.get("previously") == new:
        editor.remove((*target, "previously"))
    elif "previously" not in fields:
        editor.put((*target, "previously"), role)
    if not explicit and keep_value:
        editor.put((*target, "value"), role)
    elif not explicit:
        editor.put((*target, "breaking"), True)
    editor.rename_mentions(mentions, new)
    return editor.finish(breaking=not explicit and not keep_value)


def remove(path: Path, application: str, role: str) -> Edit:
    """Remove a role, with who holds it and what asks for it."""
    editor = Editor(path)
    editor.role(application, role)
    editor.remove_mentions(editor.references.to_role(application, role), f"{application}/{role}")
    return editor.finish(breaking=True)


def assign(
    path: Path,
    application: str,
    role: str,
    *,
    users: Sequence[str] = (),
    groups: Sequence[str] = (),
    applications: Sequence[str] = (),
    environment: str | None = None,
    until: date | None = None,
) -> Edit:
    """Give a role to users, groups and applications of others, for good or until the end of a day:
    everywhere, or in one environment.
    """
    editor = Editor(path)
    target = editor.assignees(application, role, environment)
    for kind, names in zip(_NOUNS, (users, groups, applications), strict=True):
        for name in names:
            holders = _Holders(editor, (*target, kind), environment)
            if held := holders.find(name):
                raise UsageError(f"`{name}` already has {application}/{role}: {held[0].place.position}")
            where = editor.prepare((*target, kind), environment)
            editor.add_item(where, name if until is None else {"name": name, "until": until.isoformat()})
    return editor.finish(notes=editor.overridden(application, role, environment))


def unassign(
    path: Path,
    application: str,
    role: str,
    *,
    users: Sequence[str] = (),
    groups: Sequence[str] = (),
    applications: Sequence[str] = (),
    environment: str | None = None,
) -> Edit:
    """Take a role from users, groups and applications of others: everywhere, or in one environment."""
    editor = Editor(path)
    target = editor.assignees(application, role, environment)
    for kind, names in zip(_NOUNS, (users, groups, applications), strict=True):
        holders = _Holders(editor, (*target, kind), environment)
        removed: set[int] = set()
        for name in names:
            held = holders.find(name)
            if not held:
                raise UsageError(f"`{name}` does not have {application}/{role}{holders.explain(name)}")
            removed |= {holders.check_entry(each) for each in held}
        if removed:
            editor.remove_items(editor.prepare((*target, kind), environment), removed)
    return editor.finish(notes=editor.overridden(application, role, environment))


@dataclass(frozen=True, slots=True)
class _Holders:
    """One list of users, groups or applications of others, as each environment reads it."""

    editor: Editor
    path: KeyPath
    environment: str | None

    def find(self, name: str) -> list[Reference]:
        """Return the mentions of a holder in the list, by any name or id, also by a variable."""
        names = self._names(name)
        return [each for each in self._every() if each.name.casefold() in names]

    def check_entry(self, held: Reference) -> int:
        """Return the index of the entry of a mention; refuse one that means others in other environments."""
        others = self.editor.references.others_at(held) if self.environment is None else ()
        if others:
            what = " and ".join(f"`{each.name}` in `{each.environments[0]}`" for each in others)
            raise UsageError(
                f"{held.place.position}: `{held.place.text}` is `{held.name}` in `{held.environments[0]}`, "
                f"and {what}. Name one environment: -e {held.environments[0]}"
            )
        index = held.place.path[len(self._place)]
        assert isinstance(index, int)
        return index

    def explain(self, name: str) -> str:
        """Return where the role is assigned instead, or names in the list that are alike."""
        names = self._names(name)
        overrides = sorted(
            {
                str(each.place.path[1])
                for each in self.editor.references.every
                if each.place.override
                and each.place.path[3 : 3 + len(self.path)] == self.path
                and each.name.casefold() in names
            }
        )
        if overrides:
            return (
                f" in all environments, but in the overrides of {listing(overrides)}: use -e {overrides[0]}"
            )
        return f".{near(name, [each.name for each in self._every()])}"

    def _names(self, name: str) -> frozenset[str]:
        noun = _NOUNS[self.path[-1]]
        pinned = chain.from_iterable(each.names_of(noun) for each in self.editor.locks())
        return self.editor.references.find_names(noun, name, pinned)

    @property
    def _place(self) -> KeyPath:
        """Return where the list is: without one in `overrides`, that of all environments counts."""
        return self.path if self.environment is None or self.editor.holders(self.path) else self.path[3:]

    def _every(self) -> list[Reference]:
        place = self._place
        return [
            each
            for each in self.editor.references.every
            if each.place.kind == "manifest"
            and each.place.path[: len(place)] == place
            and (self.environment is None or self.environment in each.environments)
        ]
