"""What engines left of a fleet in; the same but for times and drawn ids out, to be compared.

An engine is whatever starts `fleet run`: xargs, a matrix of jobs, a state machine. Each plays on tenants of
its own, so ids of objects, what hashes them, and when something was done differ; all else must not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

# When, in which run, by which approval: drawn by each engine. A plan's digest hashes ids of objects.
DRAWN = frozenset({"run", "ended", "digest", "approval"})
_ID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
# As reports for people have it.
_SHORT = re.compile(r"\([0-9a-f]{4}…\)")
_TIME = re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?")
# What is counted while something is carried out takes as long as it takes.
_SECONDS = re.compile(r"\b\d+(?:\.\d+)? (?:s|seconds?)\b")


def of_folder(folder: Path, *, known: Iterable[str] = ()) -> dict[tuple[str, str], Any]:
    """Return the results in a folder, by shard and verb, without times and drawn ids; ids that are `known`
    stay. Two of one shard and verb are an error: of an apply there is one an approval.
    """
    found: dict[tuple[str, str], Any] = {}
    for path in sorted(folder.rglob("*.json")):
        result = json.loads(path.read_text(encoding="utf-8"))
        if result.get("kind") != "fleetResult":
            continue
        key = result["shard"], result["do"]
        assert key not in found, (key, path)
        found[key] = undrawn(result, known=known)
    return found


def undrawn(result: Mapping[str, Any], *, known: Iterable[str] = ()) -> Any:
    """Return a document without times and drawn ids: each id is the number of its first place in it."""
    kept = {each.casefold() for each in known}
    seen: dict[str, str] = {}

    def without(value: Any, name: str = "") -> Any:
        if name in DRAWN and isinstance(value, str):
            return bool(value)
        match value:
            case Mapping():
                return {key: without(each, key) for key, each in value.items()}
            case list():
                return [without(each) for each in value]
            case str():
                text = _ID.sub(lambda found: _numbered(found[0], kept, seen), value)
                return _SHORT.sub("(…)", _SECONDS.sub("… s", _TIME.sub("…", text)))
            case _:
                return value

    return without(result)


def _numbered(id_: str, known: set[str], seen: dict[str, str]) -> str:
    return id_ if id_ in known else seen.setdefault(id_, f"id {len(seen) + 1}")
