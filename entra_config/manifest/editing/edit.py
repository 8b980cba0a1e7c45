"""Changes to app roles and their holders, made in the text of the manifest and read again by its one
loader.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from entra_config.errors import UsageError
from entra_config.manifest.editing import trees
from entra_config.manifest.editing.editor import Edit, Editor, KeyPath
from entra_config.manifest.parts import MemberType
from entra_config.manifest.reading.problems import near
from entra_config.manifest.sections.assignments import APPLICATIONS


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
    for where, name in _named(
        editor, target, {"users": users, "groups": groups, APPLICATIONS: applications}, environment
    ):
        if any(trees.names(item, name) for item in editor.tree(where) or []):
            place = editor.place_of_name(where, name) or editor.place_of_name(where[3:], name)
            raise UsageError(f"`{name}` already has {application}/{role}: {place}")
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
    for where, name in _named(
        editor, target, {"users": users, "groups": groups, APPLICATIONS: applications}, environment
    ):
        items = editor.tree(where) or []
        if not any(trees.names(item, name) for item in items):
            held = [str(item.get("name", "")) if isinstance(item, dict) else str(item) for item in items]
            raise UsageError(f"`{name}` does not have {application}/{role}.{near(name, held)}")
        editor.remove_name(where, name)
    return editor.finish(notes=editor.overridden(application, role, environment))


def _named(
    editor: Editor, target: KeyPath, holders: Mapping[str, Sequence[str]], environment: str | None
) -> Iterator[tuple[KeyPath, str]]:
    """Yield each name with the list that it stands in, or will."""
    for kind, names in holders.items():
        yield from ((editor.prepare((*target, kind), environment), name) for name in names)
