"""A seed in; the manifest of a random estate, people in groups of a random nesting, and who asks for what
there, out.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from tests.oracle import estates
from tests.oracle.estates import GROUPS, PEOPLE, Manifest

ADDED = ("Night shift", "Guests of honour")  # groups that no manifest names
PAGES = ("spa", "publicClient", "web")
MOST = 40  # questions of one estate


@dataclass(frozen=True)
class Question:
    """Who asks for which scope (a label, or `.default`) of which API, by whom; no person is an application
    by itself.
    """

    client: str
    api: str
    scope: str = ".default"
    person: str = ""


@dataclass(frozen=True)
class Drawn:
    """An estate with its people: `members` are the groups of each person, `inside` those that each group
    is in.
    """

    seed: int
    manifest: Manifest
    members: dict[str, list[str]]
    inside: dict[str, list[str]]
    disabled: frozenset[str]
    guests: frozenset[str]
    questions: tuple[Question, ...]

    def value(self, api: str, label: str) -> str:
        """Return what tokens carry for a scope."""
        scope: dict[str, Any] = self.manifest["applications"][api]["scopes"].get(label, {})
        return str(scope.get("value", label))


def _askable(random: Random) -> dict[str, Any]:
    """Draw a manifest with an API and a client: one application alone asks nothing."""
    while True:
        manifest = estates.estate(random, "shop")
        types = [app["type"] for app in manifest["applications"].values()]
        if "api" in types and len(types) > 1:
            return manifest


def draw(seed: int) -> Drawn:
    """Draw an estate."""
    random = Random(seed)
    manifest = _askable(random)
    groups = [*GROUPS, *ADDED]
    members = {person: random.sample(groups, random.choice([0, 1, 1, 2, 3])) for person in PEOPLE}
    # A group is in later ones only: nesting has an end.
    inside = {
        name: random.sample(groups[at + 1 :], 1)
        for at, name in enumerate(groups[:-1])
        if random.random() < 0.3
    }
    disabled = frozenset(person for person in PEOPLE if random.random() < 0.1)
    guests = frozenset(person for person in PEOPLE if random.random() < 0.2)
    applications = manifest["applications"]
    apis = [key for key, app in applications.items() if app["type"] == "api"]
    requested = [
        Question(key, api)
        for key, app in applications.items()
        if app["type"] != "spa"
        for api in apis
        if key != api
    ]
    for client in (key for key, app in applications.items() if app["type"] in PAGES):
        for api in apis:
            scopes = [*applications[api]["scopes"], ".default"]
            requested += [Question(client, api, random.choice(scopes), person) for person in PEOPLE]
    random.shuffle(requested)
    return Drawn(seed, manifest, members, inside, disabled, guests, tuple(requested[:MOST]))
