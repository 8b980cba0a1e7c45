"""Rules about names: values that tokens carry, and names that look alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, zip_longest

from entra_config.checks.changes import ChangesView
from entra_config.checks.rule import Finding, found, rule
from entra_config.checks.tenant import Own, TenantView
from entra_config.confusables import skeleton
from entra_config.kinds.directory import Directory
from entra_config.kinds.entitlements import ids, renames, unclear
from entra_config.manifest.model import Application, Manifest
from entra_config.phrase import Person, Phrase, quote_name, without_names
from entra_config.plan.model import Change, FieldChange, subject_of
from entra_config.properties import find
from entra_config.resource import Value

MOST = 10  # pairs of one plan

Names = Mapping[str, str | Person]


@rule(
    "refuse",
    "the value of {key}/{label} would change from {before!r} to {after!r}, and tokens contain it. If the "
    "applications are ready, write `breaking: true` next to it",
    example="""\
manifest:
  applications:
    api:
      type: api
      displayName: API
      appRoles: {Reader: {displayName: Reader, description: Reads.}}
edit:
  applications: {api: {appRoles: {Reader: {value: Auditor}}}}
""",
)
def value_changes(view: TenantView, own: Own) -> Iterator[Finding]:
    """Find a live value of a scope or role that would change without `breaking: true`."""
    body = own.live.subject.application
    for rename in renames(own.declared, ids(view.manifest, own.declared, body), body):
        before, after = rename.before, rename.after
        yield found(own.key, rename.entry.position, label=rename.label, before=before, after=after)


@rule(
    "refuse",
    "`breaking: true` of {key}/{label} says that a live value changes, and nothing tells which: write "
    "`id:` with one of {ids}, or take `breaking` away to make a new one",
    example="""\
before:
  - POST: /applications
    as: made
    body:
      displayName: API
      appRoles:
        - id: 0bbbbbbb-0000-4000-8000-000000000001
          value: Admin
          displayName: Admin
          description: Administers.
          isEnabled: true
          allowedMemberTypes: [User]
  - {POST: /servicePrincipals, body: {appId: "{made.appId}"}}
manifest:
  applications:
    api:
      type: api
      displayName: API
      appId: "{made.appId}"
      appRoles: {Admin: {displayName: Admin, description: Administers.}}
edit:
  applications: {api: {appRoles: {Admin: {value: Root, breaking: true}}}}
""",
)
def value_ambiguous(view: TenantView, own: Own) -> Iterator[Finding]:
    """Find a `breaking: true` of which nothing tells which live value it changes."""
    for each in unclear(view.manifest, own.declared, own.live.subject.application):
        listed = ", ".join(f"{value or 'without a value'} ({id_})" for value, id_ in each.candidates)
        yield found(own.key, each.entry.position, label=each.label, ids=listed)


@rule(
    "notice",
    "{which} look alike and differ{how}",
    example="""\
manifest:
  applications: {job: {type: daemon, displayName: Job}}
edit:
  applications: {job: {displayName: "J\\u043Eb"}, web: {type: web, displayName: Job}}
""",
)
def names_look_alike(view: ChangesView, _: ChangesView) -> Iterator[Finding]:
    """Find two names that look alike and differ, of which one changes; what changes is compared with itself
    and with all names of the manifest. Of more than ten pairs the rest is counted.
    """
    changing = _changing((*view.changes, *view.following))
    known = {**_known(view.manifest, view.found.directory), **changing} if changing else {}
    by_look: dict[str, list[str]] = {}
    for name in sorted(known):
        by_look.setdefault(skeleton(name), []).append(name)
    alike = (pair for names in by_look.values() for pair in combinations(names, 2))
    pairs = [pair for pair in alike if not changing.keys().isdisjoint(pair)]
    for name, other in pairs[:MOST]:
        how = Phrase.of(": ", known[name], " and ", known[other], f": {_apart(name, other)}")
        yield Finding({"which": "two names", "how": how})
    if len(pairs) > MOST:
        yield Finding({"which": f"{len(pairs) - MOST} more pairs of names", "how": ""})


def _changing(changes: Iterable[Change]) -> Names:
    found: dict[str, str | Person] = {}
    for change in changes:
        resource = subject_of(change)
        if name := resource.display_name:
            is_person = without_names(resource.title) != resource.title
            found[name] = (
                Person(quote_name(name), resource.facts.principal) if is_person else quote_name(name)
            )
        for field in change.fields:
            if find(field.path).text != "prose":
                found |= {text: quote_name(text) for text in _texts(field)}
    return found


def _texts(field: FieldChange) -> Iterator[str]:
    """Yield what names something of a field, on both sides: entries of lists, roles and scopes, and single
    values.
    """
    yield from (item.label for item in field.items)
    for value in (field.before, field.after):
        yield from _named(value)


def _named(value: Value) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list() | tuple():
            yield from (item for item in value if isinstance(item, str))
        case _:
            return


def _known(manifest: Manifest, directory: Directory) -> dict[str, str | Person]:
    names = [name for application in manifest.applications.values() for name in _of(application)]
    names += [
        name
        for key in (*manifest.enterprise_applications, *directory.apis)
        for name in (key, _shown(directory, key))
    ]
    found: dict[str, str | Person] = {name: quote_name(name) for name in names if name}
    for who in directory.principals.values():
        found[who.name] = Person(quote_name(who.name), who.id) if who.type == "user" else quote_name(who.name)
    return found


def _shown(directory: Directory, key: str) -> str:
    return directory.apis[key].shown if key in directory.apis else ""


def _of(application: Application) -> Iterator[str]:
    yield application.key
    name = application.settings.get("displayName")
    if name is not None:
        yield str(name.value)
    for scope in application.scopes.values():
        yield from (scope.label, scope.value)
    for role in application.app_roles.values():
        yield from (role.label, role.value or role.display_name)


def _apart(name: str, other: str) -> str:
    """Return the first characters by which two names differ."""
    one, two = next(pair for pair in zip_longest(name, other) if pair[0] != pair[1])
    return f"{_called(one)} and {_called(two)}"


def _called(char: str | None) -> str:
    return f"U+{ord(char):04X} ({unicodedata.name(char, 'no name')})" if char else "nothing"
