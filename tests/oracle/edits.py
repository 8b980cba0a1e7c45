"""Chance in; a sequence of edits of two projects' manifests out, with a model of which object each key
must be afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.oracle.estates import TENANT

OWNERS = ("shop", "Shop", "ledger")
KEYS = ("api", "web", "job", "API", "Web")


@dataclass
class Project:
    """One project: what its manifest declares, and what the tenant is known to hold of it beside that."""

    name: str
    # Key → the object (its appId; "" before it is made).
    objects: dict[str, str] = field(default_factory=dict)
    # Key → an object that still bears the key's marks, live or deleted, and is not declared.
    left: dict[str, str] = field(default_factory=dict)
    previously: dict[str, str] = field(default_factory=dict)
    taken: dict[str, str] = field(default_factory=dict)
    # Keys whose marks more than one object bears that is not declared: which one is meant nobody can say but
    # a person.
    several: set[str] = field(default_factory=set)

    @property
    def owner(self) -> str:
        """Return project and environment."""
        return f"{self.name}/prod"

    def manifest(self, removed: dict[str, bool]) -> dict[str, Any]:
        """Return the manifest as it stands."""
        applications: dict[str, Any] = {}
        for key in self.objects:
            app: dict[str, Any] = {"type": "daemon", "displayName": f"{self.name} {key}"}
            if key in self.previously:
                app["previously"] = self.previously[key]
            if key in self.taken:
                app["appId"] = self.taken[key]
            applications[key] = app
        found: dict[str, Any] = {
            "project": self.name,
            "environments": {"prod": {"tenantId": TENANT}},
            "applications": applications,
        }
        if removed:
            found["removed"] = {
                "applications": {key: {"destroy": destroy} for key, destroy in removed.items()}
            }
        return found


@dataclass
class Edit:
    """One edit as it was made, for whoever reads a failure: what must be, and whether a refusal would do
    as well.
    """

    said: str
    project: Project
    removed: dict[str, bool] = field(default_factory=dict)
    words: frozenset[str] = frozenset()
    may_refuse: bool = False
    handed: str = ""


def edit(random: Random, projects: list[Project]) -> Edit:
    """Change the model of one project, and return what was done."""
    project = random.choice(projects)
    # What was said of renames and pins is taken out, sooner or later: nothing may come of that.
    for memory in (project.previously, project.taken):
        for key in [key for key in memory if random.random() < 0.6]:
            del memory[key]
    for verb in random.sample(VERBS, len(VERBS)):
        made = verb(random, project, projects)
        if made is not None:
            return made
    return Edit("nothing", project)


def _free(random: Random, project: Project) -> str | None:
    folded = {key.casefold() for key in project.objects} | {
        old.casefold() for old in project.previously.values()
    }
    return next((key for key in random.sample(KEYS, len(KEYS)) if key.casefold() not in folded), None)


def _add(random: Random, project: Project, _: list[Project]) -> Edit | None:
    key = _free(random, project)
    if key is None:
        return None
    project.objects[key] = project.left.pop(key, "")
    return Edit(
        f"{project.name}: add {key}", project, words=frozenset({"restore"}), may_refuse=key in project.several
    )


def _leave(project: Project, key: str) -> None:
    """Take a key out of what is declared, and remember that its object still bears the marks."""
    made = _out(project, key)
    if project.left.get(key, made) != made:
        project.several.add(key)
    project.left[key] = made


def _drop(random: Random, project: Project, _: list[Project]) -> Edit | None:
    key = _any(random, project)
    if key is None:
        return None
    _leave(project, key)
    return Edit(f"{project.name}: leave {key} out", project)


def _destroy(random: Random, project: Project, _: list[Project]) -> Edit | None:
    key = _any(random, project)
    if key is None:
        return None
    _leave(project, key)
    return Edit(f"{project.name}: destroy {key}", project, removed={key: True}, words=frozenset({"delete"}))


def _release(random: Random, project: Project, _: list[Project]) -> Edit | None:
    key = _any(random, project)
    if key is None:
        return None
    _out(project, key)
    return Edit(f"{project.name}: let {key} go", project, removed={key: False})


def _rename(random: Random, project: Project, _: list[Project]) -> Edit | None:
    old = _any(random, project)
    # A change of case alone is a rename like any other.
    new = random.choice([old.swapcase(), None]) if old else None
    new = new if new in KEYS else _free(random, project)
    if old is None or new is None:
        return None
    contested = new in project.left
    said = random.random() < 0.6
    project.taken.pop(old, None)
    if said:
        project.objects[new] = _out(project, old)
        project.previously[new] = old
        if contested:
            project.left[new] = project.left[new]
    else:
        _leave(project, old)
        project.objects[new] = project.left.pop(new, "")
    reported = "previously" if said else "without a word"
    return Edit(
        f"{project.name}: rename {old} → {new}, {reported}",
        project,
        words=frozenset({"restore"}),
        may_refuse=(said and contested) or new in project.several,
    )


def _hand_over(random: Random, project: Project, projects: list[Project]) -> Edit | None:
    others = [
        (other, key)
        for other in projects
        if other is not project
        for key, made in other.objects.items()
        if made
    ]
    new = _free(random, project)
    if not others or new is None or new in project.left:
        return None
    other, key = random.choice(others)
    project.objects[new] = project.taken[new] = _out(other, key)
    return Edit(
        f"{project.name}: take {other.name}'s {key} over as {new}",
        project,
        words=frozenset({"takeover"}),
        handed=project.objects[new],
    )


VERBS = (_add, _add, _drop, _destroy, _release, _rename, _rename, _hand_over)


def _any(random: Random, project: Project) -> str | None:
    # What another plan did not make yet cannot be renamed or removed.
    made = [key for key, object_ in project.objects.items() if object_]
    return random.choice(made) if made else None


def _out(project: Project, key: str) -> str:
    project.previously.pop(key, None)
    project.taken.pop(key, None)
    return project.objects.pop(key)
