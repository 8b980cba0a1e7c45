"""The rules of fences by name, each with what the engine is without it, and the ways out that then must be
found open.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.oracle.review import trespasses
from tests.oracle.review.switches import Switch


def nothing(_: Any) -> Any:
    """Say nothing."""
    return lambda *_rest, **_options: []


def silent(original: Any) -> Any:
    """Say nothing of two names for one object."""

    def without(manifest: Any, subjects: Any, responses: Any) -> Any:
        return [
            each
            for each in original(manifest, subjects, responses)
            if "one object, one key" not in each.message
        ]

    return without


def unheard(original: Any) -> Any:
    """Note nothing of two names for one object."""

    def without(restricted: Any, problems: Any) -> None:
        class Filtered:
            def add(self, position: Any, message: str) -> None:
                if "one object, one key" not in message:
                    problems.add(position, message)

        original(restricted, Filtered())

    return without


def of_any_mark(original: Any) -> Any:
    """Take it for proof of nothing that an application bears another project's mark."""
    return lambda manifest, position: () if position is not None else original(manifest, position)


def unregistered(_: Any) -> Any:
    """Ask no registration for its marks."""
    return lambda *_rest: {}


def unpinned(original: Any) -> Any:
    """Let an appId stand in a restricted file without a pin."""

    def without(restricted: Any, node: Any, application: Any, problems: Any) -> None:
        original(restricted, node, replace(application, app_id=None), problems)

    return without


def unrelated(original: Any) -> Any:
    """Let `previously` name a key outside."""

    def without(restricted: Any, node: Any, application: Any, problems: Any) -> None:
        original(restricted, node, replace(application, previously=None), problems)

    return without


EFFECTS = "manifest.environments.restriction_effects"
NAMES = f"{EFFECTS}:_check_external"
OBJECTS = "actual.restricted:_external"
TAKEN = "actual.restricted:_taken"

SWITCHES = (
    Switch(
        "keys outside of the fence",
        {"manifest.environments.path_restriction:_leaves": nothing},
        (trespasses.outside,),
    ),
    Switch(
        "an appId in a restricted file is pinned to that key",
        {f"{EFFECTS}:_check_taken": unpinned},
        (trespasses.take,),
    ),
    Switch(
        "what bears other marks is not taken, pinned or not",
        {TAKEN: nothing},
        (trespasses.mispinned,),
        budget=120,
    ),
    Switch("a former key is in the fence", {f"{EFFECTS}:_check_taken": unrelated}, (trespasses.inherit,)),
    Switch(
        "a consent at ours is listed in the fence",
        {f"{EFFECTS}:_check_consents": nothing},
        (trespasses.consents, trespasses.scopes),
    ),
    Switch(
        "no enterprise application is ours, by its name or its object",
        {NAMES: nothing, OBJECTS: nothing},
        (trespasses.alias,),
    ),
    Switch("no enterprise application is ours, by its object", {OBJECTS: nothing}, (trespasses.alias,)),
    Switch(
        "in a restricted file none bears an owner's mark",
        {"actual.restricted:_path_restrictions": of_any_mark},
        (trespasses.alias,),
        budget=120,
    ),
    Switch(
        "marks are those of the registration too",
        {"actual.restricted:registrations": unregistered},
        (trespasses.alias,),
        budget=120,
    ),
    Switch("one object stands under one key", {OBJECTS: silent, NAMES: unheard}, (trespasses.twice,)),
)
