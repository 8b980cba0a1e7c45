"""An earlier report in; from when each finding of now is known to be younger, out.

A finding has a window: whoever did something before it opened did not do this.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from entra_config.drift.model import Finding, Objects
from entra_config.errors import Position
from entra_config.manifest.fields.table import added
from entra_config.manifest.model import Application, Manifest
from entra_config.manifest.targets import Targets


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier report says: when it was made, what it compared with, and its findings by fingerprint.

    `since` is from when each of them was known to be younger then; None where that was not known. `gone` are
    the keys of the objects that were missing then, and the addresses of what was missing of an object: the
    report says nothing of their parts. `objects` are those that it compared.
    """

    at: datetime
    manifest: str
    since: Mapping[str, datetime | None] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    objects: Objects = field(default_factory=Objects)


def opened(
    finding: Finding, deployed_at: datetime | None, earlier: Earlier | None, manifest: Manifest
) -> datetime | None:
    """Return from when a finding is known to be younger.

    `deployed_at` is the start of the last whole deployment, which took away all that an apply mends.
    """
    known = [deployed_at] if deployed_at is not None and finding.mended else []
    if earlier is not None and finding.fingerprint in earlier.since:
        known += [moment] if (moment := earlier.since[finding.fingerprint]) is not None else []
    elif (
        earlier is not None
        and earlier.manifest == digest(manifest)
        and not earlier.gone & finding.about
        # Without the client or credential nothing was added to it, but this may have gone with it.
        and not (finding.sign == "removed" and str(finding.address) in earlier.gone)
        and not _lapses(finding, manifest)
    ):
        known.append(earlier.at)
    return max(known, default=None)


def _lapses(finding: Finding, manifest: Manifest) -> bool:
    """Tell whether what was acknowledged for a time may be told now, and be there for long."""
    return not finding.mended and any(
        each.until for each in manifest.acknowledged.get(finding.address.key, ())
    )


def digest(manifest: Manifest) -> str:
    """Return what tells apart two manifests that declare something else; where in the files that stands is
    no matter.
    """
    folder = manifest.root.rpartition("/")[0]
    path_restrictions = {
        file.removeprefix(f"{folder}/"): inside for file, inside in manifest.path_restrictions.items()
    }
    declared = _to_comparable(
        dataclasses.replace(
            manifest,
            root="",
            written=None,
            path_restrictions=path_restrictions,
            test_restrictions={},
            settings=Targets(),
        )
    )
    return hashlib.sha256(json.dumps(declared, sort_keys=True, default=str).encode()).hexdigest()[:32]


def _to_comparable(value: Any) -> Any:
    if isinstance(value, Position):
        return None
    if dataclasses.is_dataclass(value):
        found = {each.name: _to_comparable(getattr(value, each.name)) for each in dataclasses.fields(value)}
        if isinstance(value, Application):
            # A key that a kind brings is compared like every other key of an application.
            found |= {"added": {}} | {key: _to_comparable(value.added.get(key)) for key in added()}
        return found
    if isinstance(value, Mapping):
        return {json.dumps(_to_comparable(key)): _to_comparable(each) for key, each in value.items()}
    if isinstance(value, AbstractSet):
        return sorted((_to_comparable(each) for each in value), key=json.dumps)
    return [_to_comparable(each) for each in value] if isinstance(value, tuple | list) else value
