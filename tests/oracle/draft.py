"""A world being drawn: what was applied before, what others did by hand, and the manifest that is planned
now.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.oracle.estates import Manifest

OURS, THEIRS = "shop/prod", "ledger/prod"


@dataclass(frozen=True)
class Hand:
    """Something that another administrator does through Graph: a verb, and what it is about."""

    verb: str
    about: tuple[str, ...]


@dataclass
class Draft:
    """Two projects in one tenant: what `history` made of the first and `neighbour` of the second; then hands;
    then `goal`.

    `late` are the hands after all others: what is deleted was held until then. `protected`: both environments
    are, with a lock file and the deployer named; `pins`: the lock file pins their applications too.
    """

    random: Random
    history: list[Manifest]
    neighbour: Manifest
    goal: Manifest
    hands: list[Hand] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)
    late: list[Hand] = field(default_factory=list)
    protected: bool = False
    pins: bool = True
    owner: str = OURS
    words: set[str] = field(default_factory=set)

    @property
    def last(self) -> Manifest:
        """Return what was applied last to our project."""
        return self.history[-1]

    def step(self) -> Manifest:
        """Let the goal of now be applied before, and return the next goal."""
        self.history.append(copy.deepcopy(self.goal))
        return self.goal


def apis(manifest: Manifest, *, roles: int = 0, scopes: int = 0) -> list[str]:
    """Return the keys of APIs that offer so much."""
    return [
        key
        for key, app in manifest["applications"].items()
        if app["type"] == "api"
        and len(app.get("appRoles", {})) >= roles
        and len(app.get("scopes", {})) >= scopes
    ]


def some_label(draft: Draft) -> tuple[str, str, str] | None:
    """Draw the label of a role, or less often of a scope: the application, the section, the label."""
    random, goal = draft.random, draft.goal
    type_ = random.choice(["appRoles", "appRoles", "scopes"])
    found = apis(goal, roles=1) if type_ == "appRoles" else apis(goal, scopes=1)
    if not found:
        return None
    key = random.choice(found)
    return key, type_, random.choice(list(goal["applications"][key][type_]))


def clients(manifest: Manifest, *kinds: str) -> list[str]:
    """Return the keys of applications of these types."""
    return [
        key
        for key, app in manifest["applications"].items()
        if app["type"] in (kinds or ("spa", "publicClient", "web", "daemon"))
    ]


def value(entries: Manifest, label: str) -> str:
    """Return what tokens carry of a role or scope."""
    return str(entries[label].get("value", label))


def set_value(entries: Manifest, label: str, new: str) -> None:
    """Change the value of a role or scope, and say that it is meant."""
    entries[label] |= {"value": new, "breaking": True}


def rename_key(manifest: Manifest, old: str, new: str) -> None:
    """Call an application otherwise, wherever it is named."""
    manifest["applications"] = {
        new if key == old else key: app for key, app in manifest["applications"].items()
    }
    for holder in _named_by_key(manifest):
        if old in holder:
            holder[new] = holder.pop(old)


def rename_label(manifest: Manifest, key: str, type_: str, old: str, new: str) -> None:
    """Call a role (`appRoles`) or a scope (`scopes`) of an application otherwise, wherever it is named."""
    app = manifest["applications"][key]
    app[type_] = {new if label == old else label: each for label, each in app[type_].items()}
    if type_ == "appRoles":
        roles = manifest["appRoleAssignments"].get(key, {})
        if old in roles:
            roles[new] = roles.pop(old)
    for names in _named_by_label(manifest, key, type_):
        names[:] = [new if name == old else name for name in names]


def drop_label(manifest: Manifest, key: str, type_: str, label: str) -> None:
    """Take a role or a scope out, wherever it is named."""
    del manifest["applications"][key][type_][label]
    if type_ == "appRoles":
        manifest["appRoleAssignments"].get(key, {}).pop(label, None)
    for names in _named_by_label(manifest, key, type_):
        names[:] = [name for name in names if name != label]
    tidy(manifest)


def drop_key(manifest: Manifest, key: str) -> None:
    """Take an application out, wherever it is named."""
    del manifest["applications"][key]
    for holder in _named_by_key(manifest):
        holder.pop(key, None)
    tidy(manifest)


def tidy(manifest: Manifest) -> None:
    """Take out what names nothing any more."""
    for app in manifest["applications"].values():
        for name in ("apiPermissions", "authorizedClients"):
            if name not in app:
                continue
            app[name] = {other: each for other, each in app[name].items() if _asks(each)}
    found = manifest["appRoleAssignments"]
    for key in [key for key, roles in found.items() if not roles and key not in manifest["applications"]]:
        del found[key]


def of_people(roles: Any) -> Any:
    """Return who holds an API's roles without the other project's applications: whoever takes the API over
    is that project, and says it of its own by `apiPermissions`.
    """
    if not isinstance(roles, dict):
        return roles
    people = {
        label: {word: names for word, names in entry.items() if word != "servicePrincipals"}
        for label, entry in roles.items()
    }
    return {label: copy.deepcopy(entry) for label, entry in people.items() if entry or not roles[label]}


def _asks(entry: Any) -> bool:
    if not isinstance(entry, dict):
        return bool(entry)
    for kind in ("delegated", "application"):
        if not entry.get(kind):
            entry.pop(kind, None)
    return "delegated" in entry or "application" in entry


def _named_by_key(manifest: Manifest) -> Iterator[Manifest]:
    yield manifest["appRoleAssignments"]
    for app in manifest["applications"].values():
        yield from (app[name] for name in ("apiPermissions", "authorizedClients") if name in app)


def _named_by_label(manifest: Manifest, key: str, type_: str) -> Iterator[list[str]]:
    kind = "application" if type_ == "appRoles" else "delegated"
    for app in manifest["applications"].values():
        entry = app.get("apiPermissions", {}).get(key, {})
        if kind in entry:
            yield entry[kind]
        if isinstance(entry.get("adminConsent"), list):
            yield entry["adminConsent"]
    if type_ == "scopes":
        yield from manifest["applications"][key].get("authorizedClients", {}).values()
