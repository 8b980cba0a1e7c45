"""Changes to app roles and their holders, made in the text of the manifest and read again by its one
loader.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Literal

from entra_config import quoting
from entra_config.errors import EntraConfigError, UsageError
from entra_config.manifest.editing import trees
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
    run = partial(
        add, path, application, role, description=description, display_name=display_name, members=members
    )
    command = ("entra-config", "app-role", "add", f"{application}/{role}", "--description", description)
    scopes: tuple[tuple[Scope, str], ...] = (("all", "--all"), ("here", "--only-here"))
    ways = _find_accepted(
        (partial(run, scope=each), quoting.command(*command, option)) for each, option in scopes
    )
    target = ("applications", editor.application(application, scope, ways), "appRoles", role)
    value = {
        "displayName": display_name or role,
        "description": description,
        "allowedMemberTypes": list(members),
    }
    for own in editor.own_paths(application, target):
        if editor.tree(own) == value:
            editor.drop(own)
    _check_label(editor, application, target, role)
    editor.put(target, value)
    return editor.finish()


def rename(
    path: Path, application: str, role: str, new: str, *, keep_value: bool = False, scope: Scope = ""
) -> Edit:
    """Rename a role wherever it stands; unless the value is kept, tokens carry the new one."""
    editor = Editor(path)
    way = quoting.command("entra-config", "app-role", "rename", f"{application}/{role}", new, "--all")
    target = editor.role(application, role, scope, [way])
    _check_label(editor, application, target, new)
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


def _find_accepted(tries: Iterable[tuple[Callable[[], Edit], str]]) -> Iterator[str]:
    """Yield the commands that are accepted, by the edit of each. If none is, raise the first error."""
    errors, found = [], 0
    for run, command in tries:
        try:
            run()
        except EntraConfigError as error:
            errors.append(error)
        else:
            found += 1
            yield command
    if errors and not found:
        raise errors[0]


def _check_label(editor: Editor, application: str, target: KeyPath, label: str) -> None:
    """Refuse the label of a role that an application of an entry has, by whichever entry."""
    keys = editor.made_with(application, target[1])
    labels = (each for each in editor.references.every if each.noun == "role" and each.declares)
    for each in labels:
        there = each.name == label and each.of in keys
        # A label that the edit dropped is in no file any more.
        if there and editor.holders(tuple(map(str, each.place.path))):
            raise UsageError(f"`{each.of}` already has a role `{label}`: {each.place.position}")


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
    return _Command(path, "assign", application, role, words).run(names, environment, scope)


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
    return _Command(path, "unassign", application, role).run(names, environment, scope)


def _find_overrides(
    editor: Editor, application: str, target: KeyPath, environment: str | None
) -> tuple[str, ...]:
    """Return a note for each environment whose overrides replace the list, for each application."""
    keys = sorted(editor.made_with(application, target[1])) if environment is None else ()
    return tuple(note for key in keys for note in editor.overridden(key, target[2]))


_Names = Mapping[str, Sequence[str]]  # of holders, by their kind


@dataclass(frozen=True, slots=True)
class _Command:
    """A command that edits who holds a role. It can be run, and printed with other options."""

    path: Path
    verb: Literal["assign", "unassign"]
    application: str
    role: str
    words: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        return f"{self.application}/{self.role}"

    def run(self, names: _Names, environment: str | None, scope: Scope, *, advises: bool = True) -> Edit:
        """Return the edit for some holders. `advises`: an error has the commands that are accepted."""
        editor = Editor(self.path, environment)
        ways = self._find_ways(editor, names) if advises else ()
        target = editor.assignees(self.application, self.role, environment, scope, ways)
        for kind, chosen in names.items():
            if chosen:
                holders = _Holders(editor, (*target, kind), environment, self, scope)
                holders.check_alone(ways)
                if self.verb == "assign":
                    holders.add(names)
                else:
                    holders.remove(chosen)
        return editor.finish(notes=_find_overrides(editor, self.application, target, environment))

    def format(self, names: _Names, *options: str) -> str:
        """Return the command line for some holders."""
        holders = (word for kind, chosen in names.items() for name in chosen for word in (_FLAGS[kind], name))
        return quoting.command(
            "entra-config", "app-role", self.verb, self.subject, *holders, *self.words, *options
        )

    def _find_ways(self, editor: Editor, names: _Names) -> Iterator[str]:
        """Yield the command with each option that is accepted: for all applications of an entry, for the one
        alone, or else for the one in each environment.
        """
        texts = {
            kind: [editor.find_text(self.application, self.role, kind, name) for name in names[kind]]
            for kind in names
        }
        environments = editor.environments_of(self.application)
        run = partial(self.run, advises=False)
        tries = [
            (partial(run, texts, None, "all"), self.format(texts, "--all")),
            (partial(run, names, None, "here"), self.format(names, "--only-here")),
            *((partial(run, names, each, ""), self.format(names, "-e", each)) for each in environments),
        ]
        for command in _find_accepted(tries):
            yield command
            if command == self.format(names, "--only-here"):
                return


class _Holders:
    """One list of users, groups or applications of others, as each environment reads it."""

    def __init__(
        self, editor: Editor, path: KeyPath, environment: str | None, command: _Command, scope: Scope
    ) -> None:
        self._editor, self._command, self._scope = editor, command, scope
        self._list, self._environment = path, environment
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

    def check_alone(self, ways: Iterable[str]) -> None:
        """Refuse to change for one application what the entry with `each` sets for all."""
        if not self._is_of_all or self._base == self._path:
            return
        if self._noun != "servicePrincipal" and not self._editor.tree(self._base):
            # Without the empty list the others have nobody, too.
            self._editor.drop(self._base)
            return
        message = (
            f"`{self._path[-1]}` of {self._role} is set for all applications of the entry "
            f"`{self._base[1]}`, and a list can only be in one place: {self._editor.place(self._base)}. Use:"
        )
        raise UsageError("\n".join([message, *(f"  {way}" for way in ways)]))

    def add(self, names: _Names) -> None:
        """Add the holders of this kind to the list."""
        chosen, words = names[self._path[-1]], self._command.words
        for name in chosen:
            self._check_missing(name)
            where = self._editor.prepare(self._list, self._environment)
            self._editor.add_item(where, {"name": name, "until": words[1]} if words else name)
        if not self._is_of_all:
            return
        items = self._editor.tree(self._list)
        for own in self._editor.own_paths(self._command.application, self._list):
            others = [item for item in self._editor.tree(own) if item not in items]
            if others:
                raise UsageError("\n".join(self._format_own(own, others, names)))
            # The entry has everybody of it.
            self._editor.drop(own)

    def remove(self, chosen: Sequence[str]) -> None:
        """Remove holders from the list."""
        removed = {index for name in chosen for index in self._find_entries(name)}
        self._editor.remove_items(self._editor.prepare(self._list, self._environment), removed)

    def _format_own(self, own: KeyPath, others: Sequence[Any], names: _Names) -> Iterator[str]:
        """Yield why a list of one application's own is in the way, and the commands that make one list."""
        kind, subject = own[-1], f"{own[1]}/{own[2]}"
        yield (
            f"`{kind}` of {subject} is set in an entry of its own, and a list can only be in one place: "
            f"{self._editor.place(own)}. Use:"
        )
        holders = {kind: [_name(item) for item in self._editor.tree(own)]}
        command = replace(self._command, application=own[1], role=own[2], words=())
        yield f"  {replace(command, verb='unassign').format(holders, '--only-here')}"
        yield f"  {self._command.format(names, '--all')}"
        for item in others:
            until = ("--until", str(item["until"])) if isinstance(item, dict) and "until" in item else ()
            for environment in self._editor.environments_of(own[1]):
                again = replace(command, words=until)
                yield f"  {again.format({kind: [_name(item)]}, '-e', environment)}"

    def _check_missing(self, name: str) -> None:
        """Refuse a name that has the role already, in each environment or in some."""
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

    def _find_entries(self, name: str) -> set[int]:
        """Return the indexes of a holder's entries; refuse one that means others in other environments, or
        for other items.
        """
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
        for own in self._editor.own_paths(self._command.application, self._list):
            if any(trees.says(item, name) for item in self._editor.tree(own)):
                return f" by the entry, but `{own[1]}` has an entry of its own: use --only-here"
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


def _name(item: Any) -> str:
    """Return the name of an entry of a list, its id if it has no name."""
    return str(item.get("name") or item["id"]) if isinstance(item, dict) else str(item)
