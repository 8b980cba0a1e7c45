"""Changes to app roles and their holders, made in the text of the manifest and read again by its one
loader.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from entra_config import quoting
from entra_config.errors import UsageError
from entra_config.manifest.editing.editor import Edit, Editor, KeyPath, Scope
from entra_config.manifest.parts import MemberType
from entra_config.manifest.reading.problems import listing, near
from entra_config.manifest.references import Reference, TenantNoun
from entra_config.manifest.sections.assignments import APPLICATIONS

_NOUNS: dict[str, TenantNoun] = {
    "users": "user",
    "groups": "group",
    APPLICATIONS: "servicePrincipal",
}
_FLAGS = {"users": "--user", "groups": "--group", APPLICATIONS: "--application"}


def add(
    path: Path,
    application: str,
    role: str,
    *,
    description: str,
    display_name: str | None = None,
    members: Sequence[MemberType] = ("User",),
    scope: Scope = "",
) -> Edit:
    """Add a role to an application; `scope` says for which, where one entry makes several."""
    editor = Editor(path)
    command = ("entra-config", "app-role", "add", f"{application}/{role}", "--description", description)
    ways = [quoting.command(*command, option) for option in ("--all", "--only-here")]
    target = ("applications", editor.application(application, scope, ways), "appRoles", role)
    if editor.holders(target):
        raise UsageError(f"`{application}` already has a role `{role}`: {editor.place(target)}")
    value = {
        "displayName": display_name or role,
        "description": description,
        "allowedMemberTypes": list(members),
    }
    editor.put(target, value)
    return editor.finish()


def rename(
    path: Path, application: str, role: str, new: str, *, keep_value: bool = False, scope: Scope = ""
) -> Edit:
    """Rename a role wherever it stands; unless the value is kept, tokens carry the new one."""
    editor = Editor(path)
    way = quoting.command("entra-config", "app-role", "rename", f"{application}/{role}", new, "--all")
    target = editor.role(application, role, scope, [way])
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
        for key in sorted(editor.made_with(application, target[1]))
        for each in editor.references.to_role(key, role)
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


def remove(path: Path, application: str, role: str, *, scope: Scope = "") -> Edit:
    """Remove a role, with who holds it and what asks for it."""
    editor = Editor(path)
    way = quoting.command("entra-config", "app-role", "remove", f"{application}/{role}", "--all")
    target = editor.role(application, role, scope, [way])
    keys = sorted(editor.made_with(application, target[1]))
    mentions = [each for key in keys for each in editor.references.to_role(key, role)]
    editor.remove_mentions(mentions, f"{application}/{role}")
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
    scope: Scope = "",
) -> Edit:
    """Give a role to users, groups and applications of others, for good or until the end of a day:
    everywhere, or in one environment. `scope` is as for `add`.
    """
    names = dict(zip(_NOUNS, (users, groups, applications), strict=True))
    words = () if until is None else ("--until", until.isoformat())
    editor = Editor(path, environment)
    command = _Command("assign", application, role, words)
    target = editor.assignees(application, role, environment, scope, command.format_ways(names))
    for kind, chosen in names.items():
        holders = _Holders(editor, (*target, kind), environment, command, scope)
        for name in chosen:
            holders.check_missing(name)
            where = editor.prepare((*target, kind), environment)
            editor.add_item(where, name if until is None else {"name": name, "until": until.isoformat()})
    return editor.finish(notes=_find_overrides(editor, application, target, environment))


def unassign(
    path: Path,
    application: str,
    role: str,
    *,
    users: Sequence[str] = (),
    groups: Sequence[str] = (),
    applications: Sequence[str] = (),
    environment: str | None = None,
    scope: Scope = "",
) -> Edit:
    """Take a role from users, groups and applications of others: everywhere, or in one environment. `scope`
    is as for `add`.
    """
    names = dict(zip(_NOUNS, (users, groups, applications), strict=True))
    editor = Editor(path, environment)
    command = _Command("unassign", application, role)
    target = editor.assignees(application, role, environment, scope, command.format_ways(names))
    for kind, chosen in names.items():
        holders = _Holders(editor, (*target, kind), environment, command, scope)
        removed = {index for name in chosen for index in holders.find_entries(name)}
        if removed:
            editor.remove_items(editor.prepare((*target, kind), environment), removed)
    return editor.finish(notes=_find_overrides(editor, application, target, environment))


def _find_overrides(
    editor: Editor, application: str, target: KeyPath, environment: str | None
) -> tuple[str, ...]:
    """Return a note for each environment whose overrides replace the list, for each application."""
    keys = sorted(editor.made_with(application, target[1])) if environment is None else ()
    return tuple(note for key in keys for note in editor.overridden(key, target[2]))


@dataclass(frozen=True, slots=True)
class _Command:
    """The command that edits who holds a role, to be printed with other options."""

    verb: Literal["assign", "unassign"]
    application: str
    role: str
    words: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        return f"{self.application}/{self.role}"

    def format(self, names: Mapping[str, Sequence[str]], *options: str) -> str:
        """Return the command line for some holders by their kind."""
        holders = (word for kind, chosen in names.items() for name in chosen for word in (_FLAGS[kind], name))
        return quoting.command(
            "entra-config", "app-role", self.verb, self.subject, *holders, *self.words, *options
        )

    def format_ways(self, names: Mapping[str, Sequence[str]]) -> list[str]:
        """Return the commands for all applications of an entry, and for the one alone."""
        return [self.format(names, option) for option in ("--all", "--only-here")]


class _Holders:
    """One list of users, groups or applications of others, as each environment reads it."""

    def __init__(
        self, editor: Editor, path: KeyPath, environment: str | None, command: _Command, scope: Scope
    ) -> None:
        self._editor, self._command, self._scope = editor, command, scope
        self._path = path if environment is None else path[3:]
        self._noun = _NOUNS[path[-1]]
        # Without a list in `overrides`, that of all environments counts.
        self._base = editor.base(self._path)
        place = path if environment is None or editor.holders(path) else self._base
        self._is_of_all = environment is None
        self._environments = editor.readers(self._path) if environment is None else (environment,)
        self._mentions: dict[str, dict[int, list[Reference]]] = {each: {} for each in self._environments}
        for each in editor.references.every:
            found = each.place.path
            if (
                each.place.kind == "manifest"
                and found[: len(place)] == place
                and len(found) > len(place)
                and (scope == "all" or each.of in {command.application, ""})
            ):
                index = found[len(place)]
                assert isinstance(index, int)
                for name in self._mentions.keys() & set(each.environments):
                    self._mentions[name].setdefault(index, []).append(each)

    def _check_alone(self, name: str) -> None:
        """Refuse to change for one application what the entry with `each` sets for all."""
        if not self._is_of_all or self._base == self._path:
            return
        texts = (
            each.place.text
            for each in self._editor.references.every
            if each.place.path[: len(self._base)] == self._base
            and each.of == self._command.application
            and each.name.casefold() == name.casefold()
        )
        having = [each.manifest for each in self._editor.loaded]
        environments = [each.environment for each in having if self._command.application in each.applications]
        names = {self._path[-1]: [name]}
        ways = [
            self._command.format({self._path[-1]: [next(texts, name)]}, "--all"),
            *(self._command.format(names, "-e", each) for each in environments),
        ]
        message = (
            f"`{self._path[-1]}` of {self._command.subject} is set for all applications of the entry "
            f"`{self._base[1]}`, and a list can only be in one place: {self._editor.place(self._base)}. Use:"
        )
        raise UsageError("\n".join([message, *(f"  {way}" for way in ways)]))

    def check_missing(self, name: str) -> None:
        """Refuse a name that has the role already, in each environment or in some."""
        self._check_alone(name)
        held = self._find(name)
        having = [environment for environment, found in held.items() if found]
        missing = [environment for environment, found in held.items() if not found]
        if not having:
            return
        first = next(iter(held[having[0]].values()))
        if not missing:
            raise UsageError(f"`{name}` already has {self._role}: {first.place.position}")
        raise UsageError(
            f"`{name}` already has {self._role} in {listing(having)}, by the entry `{first.place.text}`: "
            f"{first.place.position}\n"
            f"Assign the role in {listing(missing)} alone:\n"
            f"{self._format_commands(name, missing)}"
        )

    def find_entries(self, name: str) -> set[int]:
        """Return the indexes of a holder's entries; refuse one that means others in other environments, or
        for other items.
        """
        self._check_alone(name)
        held = self._find(name)
        entries = {index: found for every in held.values() for index, found in every.items()}
        if not entries:
            raise UsageError(f"`{name}` does not have {self._role}{self._explain(name)}")
        lines = []
        for index, entry in sorted(entries.items()):
            same = [environment for environment, found in held.items() if index in found]
            others = [environment for environment in held if environment not in same]
            if others:
                lines.append(
                    f"  {entry.place.position}: `{entry.place.text}` is `{name}` in {listing(same)}, "
                    f"but not in {listing(others)}"
                )
        if lines:
            having = [environment for environment, found in held.items() if found]
            raise UsageError(
                "\n".join(
                    [
                        f"{self._role} cannot be taken from `{name}` in all environments at once:",
                        *lines,
                        "Take it away in each environment in which that is intended:",
                        self._format_commands(name, having),
                    ]
                )
            )
        self._check_items(name, entries)
        return set(entries)

    def _check_items(self, name: str, entries: Mapping[int, Reference]) -> None:
        """Refuse a name that an entry with `each` has for one item, and its text others for other items."""
        for entry in entries.values():
            if self._scope == "all" and entry.place.text != name and self._editor.references.others_at(entry):
                way = self._command.format({self._path[-1]: [entry.place.text]}, "--all")
                raise UsageError(
                    f"`{name}` has the role by `{entry.place.text}` at {entry.place.position}, which "
                    f"means others for other applications. To take the role from all of them:\n  {way}"
                )

    def _find(self, name: str) -> dict[str, dict[int, Reference]]:
        """Return the mentions of a holder in each environment, by the indexes of their entries: by any name
        or id, also by a variable.
        """
        names = self._names(name)
        return {
            environment: {
                index: mention
                for index, mentions in entries.items()
                for mention in mentions
                if mention.name.casefold() in names[environment] or mention.place.text == name
            }
            for environment, entries in self._mentions.items()
        }

    def _names(self, name: str) -> Mapping[str, frozenset[str]]:
        """Return every name and id of a holder in each environment; of a fleet's, those in any tenant."""
        references, found = self._editor.references, defaultdict[str, frozenset[str]](frozenset)
        for file, words in references.find_names(self._noun, name).items():
            found[references.locks[file][0]] |= words
        return found

    def _explain(self, name: str) -> str:
        """Return where the role is assigned instead, or names in the list that are alike."""
        names = self._names(name)
        overrides = sorted(
            {
                each.place.environment
                for each in self._editor.references.every
                if self._is_of_all
                and each.place.override
                and each.place.path[3 : 3 + len(self._path)] == self._path
                and each.name.casefold() in names[each.place.environment]
            }
        )
        if overrides:
            return (
                f" in all environments, but in the overrides of {listing(overrides)}: use -e {overrides[0]}"
            )
        known = (each.name for found in self._mentions.values() for every in found.values() for each in every)
        return f".{near(name, sorted(set(known)))}"

    @property
    def _role(self) -> str:
        return self._command.subject

    def _format_commands(self, name: str, environments: Sequence[str]) -> str:
        """Return a command line for each environment."""
        names = {self._path[-1]: [name]}
        return "\n".join(f"  {self._command.format(names, '-e', each)}" for each in environments)
