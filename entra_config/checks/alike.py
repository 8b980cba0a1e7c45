"""Changes, a manifest and the names that it uses in; a warning for names of a plan that differ and look alike
out.

What changes is compared with itself and with all that the manifest names: applications, roles, scopes,
people, groups, URIs.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, zip_longest

from entra_config.confusables import skeleton
from entra_config.kinds.directory import Directory
from entra_config.manifest.model import Application, Manifest
from entra_config.phrase import Person, Phrase, quote_name, without_names
from entra_config.plan.model import Change, FieldChange, Notice, subject_of
from entra_config.properties import find
from entra_config.resource import Value

MOST = 10  # lines of one plan

Names = Mapping[str, str | Person]


def notices(manifest: Manifest, directory: Directory, changes: Iterable[Change]) -> Iterator[Notice]:
    """Yield a warning for each pair, and one for how many more there are."""
    changing = _changing(changes)
    known = {**_known(manifest, directory), **changing} if changing else {}
    by_look: dict[str, list[str]] = {}
    for name in sorted(known):
        by_look.setdefault(skeleton(name), []).append(name)
    alike = (pair for names in by_look.values() for pair in combinations(names, 2))
    pairs = [pair for pair in alike if not changing.keys().isdisjoint(pair)]
    for name, other in pairs[:MOST]:
        yield Notice(
            Phrase.of(
                "two names look alike and differ: ",
                known[name],
                " and ",
                known[other],
                f": {_apart(name, other)}",
            )
        )
    if len(pairs) > MOST:
        yield Notice(f"{len(pairs) - MOST} more pairs of names look alike and differ")


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
