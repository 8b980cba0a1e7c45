"""A drift report, and what tokens said before and after somebody's hands, in; each difference that it does
not tell of out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.oracle.estates import Manifest
from tests.oracle.judge import Ground
from tests.oracle.reported import Names


def missing(
    report: Mapping[str, Any], before: Ground, after: Ground, names: Names, deployed: Manifest
) -> list[str]:
    """Return what tokens gained or lost of our APIs and clients, and no finding is about."""
    texts = [
        f"{each['address']} {each['sentence']} {each['live']} {each['declared']}"
        for each in report["findings"]
    ]
    return [
        f"drift without a finding: {' '.join(words)}"
        for words in {*_roles(before, after, names, deployed), *_scopes(before, after, names, deployed)}
        if not any(_about(text, words, deployed) for text in texts)
    ]


def _roles(before: Ground, after: Ground, names: Names, deployed: Manifest) -> Iterator[tuple[str, ...]]:
    for noun in ("people", "applications"):
        old, new = getattr(before.said, noun), getattr(after.said, noun)
        for api, value in old.keys() | new.keys():
            moved = old.get((api, value), set()) ^ new.get((api, value), set())
            # An application that somebody deleted is one finding, whatever it held.
            counts = (
                moved
                if noun == "people"
                else {
                    client
                    for client in moved & _living(after)
                    if not _unmanaged(names.api(client), names.api(api), value, deployed)
                }
            )
            if names.api(api) in deployed["applications"] and counts:
                yield names.api(api), value


def _living(ground: Ground) -> set[str]:
    return set(ground.registrations.principals)


def unlisted(goal: Manifest, after: Ground, names: Names) -> set[str]:
    """Return the APIs of ours that people hold roles of and the manifest does not list: findings until
    they are listed.
    """
    held = {names.api(api) for (api, _), people in after.said.people.items() if people}
    return (held & set(goal["applications"])) - set(goal["appRoleAssignments"])


def _scopes(before: Ground, after: Ground, names: Names, deployed: Manifest) -> Iterator[tuple[str, ...]]:
    for key in before.said.scopes.keys() | after.said.scopes.keys():
        client, api, scope = key
        labels = names.api(client), names.api(api)
        old, new = before.said.scopes.get(key, set()), after.said.scopes.get(key, set())
        # Whom the API or the client lets in is another question.
        moved = (old ^ new) & before.inside(client, api) & after.inside(client, api)
        # What single users consented to never counts; a consent for everybody moves more than one.
        if (
            len(moved) > 1
            and labels[0] in deployed["applications"]
            and not _unmanaged(*labels, scope, deployed)
        ):
            yield *labels, scope


def _unmanaged(client: str, api: str, value: str, deployed: Manifest) -> bool:
    """Tell whether a client of ours requests this and its consent is left to humans."""
    entry = deployed["applications"].get(client, {}).get("apiPermissions", {}).get(api, {})
    requested = {*entry.get("delegated", ()), *entry.get("application", ())}
    return "adminConsent" not in entry and bool({value, *_labels(api, value, deployed)} & requested)


def _about(text: str, words: tuple[str, ...], deployed: Manifest) -> bool:
    *keys, value = words
    # What somebody deleted, an application or its service principal, took everything along: one finding.
    gone = any(
        re.search(rf"(^a|eA)pplication\.{re.escape(key)} ", text) and ("deleted" in text or "removed" in text)
        for key in keys
    )
    return gone or (
        all(key in text for key in keys)
        and any(word in text for word in (value, *_labels(keys[-1], value, deployed)))
    )


def _labels(api: str, value: str, deployed: Manifest) -> list[str]:
    app = deployed["applications"].get(api, {})
    entries = {**app.get("appRoles", {}), **app.get("scopes", {})}
    return [label for label, each in entries.items() if each.get("value", label) == value]
