"""Keys to be created and who holds which uniqueName in; the name that each creation takes, and who is in the
way, out.

The name guards a creation against doubles and claims nothing. It is chosen before the POST, and stays
whatever Graph answers to that: a refusal may be the answer to a POST of our own that was lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from entra_config.claimants import LAST, created_for, described, marks
from entra_config.kinds.base import KEY_TAG, OWNER_TAG, application_address, created_ref, unique_name
from entra_config.manifest.model import Manifest
from entra_config.plan.model import Notice
from entra_config.resource import Text

Json = Mapping[str, Any]


def series(manifest: Manifest, key: str) -> Iterator[str]:
    """Yield the names that a key's application may bear, in the order in which they are tried."""
    name = unique_name(manifest, key)
    yield name
    yield from (f"{name}.{number}" for number in range(2, LAST + 1))


def is_of(manifest: Manifest, name: object) -> bool:
    """Tell whether a name is of the series of any key of this owner."""
    return bool(created_for(manifest, {"uniqueName": name}))


def choose(
    manifest: Manifest,
    keys: Iterable[str],
    live: Mapping[str, Json],
    deleted: Iterable[Json],
    *,
    purged: Iterable[str] = (),
) -> tuple[dict[str, str | Text], list[Notice]]:
    """Return the first name that nobody holds for each key, and a notice for each holder that was passed
    over.

    `live` are the holders by the name that was asked for; of the deleted those count that this plan does not
    purge.
    """
    held = {name.casefold(): (app, "") for name, app in live.items()}
    gone = set(purged)
    for app in deleted:
        if app.get("uniqueName") and app["id"] not in gone:
            held.setdefault(str(app["uniqueName"]).casefold(), (app, "deleted "))
    chosen: dict[str, str | Text] = {}
    notices: list[Notice] = []
    for key in keys:
        names = list(series(manifest, key))
        free = next((name for name in names if name.casefold() not in held), None)
        chosen[key] = free if free is not None else Text((f"{names[0]}.", created_ref(key)))
        passed = names[: names.index(free)] if free is not None else names
        position = manifest.applications[key].position
        for name in passed:
            app, state = held[name.casefold()]
            message = (
                f"uniqueName {name} is held by the {state}application {_whose(app)}; it only guards a "
                "creation: "
            )
            message += f"{chosen[key] if free is not None else names[0] + '.…'} is taken instead"
            notices.append(Notice(message, application_address(key), position))
    return chosen, notices


def _whose(app: Json) -> str:
    owners, keys = marks(app, OWNER_TAG), marks(app, KEY_TAG)
    wording = f" of {', '.join(owners)}" if owners else ""
    return described(app) + wording + (f" (key {', '.join(keys)})" if keys else "")
