# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
"""A list, a report or an approval of a fleet in; what jobs must know of it, as outputs of a step, out.

Usage: fleet_chunks.py LIST.json WAVES                                the numbers of the chunks
       fleet_chunks.py --report REPORT.json                           its id, where something may be done
       fleet_chunks.py --approval APPROVAL.json CHUNKS WAVES          its id, and the chunks of each wave
       fleet_chunks.py --shards APPROVAL.json WAVE CHUNKS CHUNK       the shards of a chunk, a line each
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# A tenant and a project of a fleet are called so: nothing else becomes a word of a command.
_SHARD = re.compile(r"[A-Za-z][A-Za-z0-9-]*/[A-Za-z][A-Za-z0-9-]*")
_ID = re.compile(r"[ar]-[0-9a-f]{32}")


def chunks(shards: list[dict[str, Any]], wave: int, number: int) -> list[list[str]]:
    """Return the approved shards of a wave in at most so many chunks, all of a tenant in one."""
    tenants: dict[str, list[str]] = {}
    for each in shards:
        if each["wave"] == wave:
            tenants.setdefault(each["tenantId"], []).append(_named(each["shard"]))
    parts: list[list[str]] = [[] for _ in range(min(number, len(tenants)))]
    for place, names in enumerate(tenants.values()):
        parts[place * len(parts) // len(tenants)] += names
    return parts


def _named(shard: str) -> str:
    if not _SHARD.fullmatch(shard):
        raise SystemExit("a shard is called tenant/project")
    return shard


def _identified(document: dict[str, Any]) -> str:
    if not _ID.fullmatch(document["id"]):
        raise SystemExit("an id is a letter and 32 hex digits")
    return str(document["id"])


def listed(document: dict[str, Any], waves: int) -> Iterator[str]:
    """Yield the output of a list; a wave that the workflow has no jobs for is an error."""
    if max((int(each["wave"]) for each in document["shards"]), default=0) > waves:
        raise SystemExit(
            f"::error title=Waves::The workflow has jobs for {waves} waves: run `entra-config fleet github` "
            "again, and merge what it writes"
        )
    yield f"chunks={json.dumps([int(each) for each in document['chunks']])}"


def reported(document: dict[str, Any]) -> str:
    """Return the id of a report on plans that would do something; "" if nothing differs."""
    some = any(member["code"] for group in document["groups"] for member in group["members"])
    return _identified(document) if some else ""


def approved(document: dict[str, Any], number: int, waves: int) -> Iterator[str]:
    """Yield the outputs of an approval."""
    yield f"approval={_identified(document)}"
    for wave in range(1, waves + 1):
        found = chunks(document["shards"], wave, number)
        yield f"wave-{wave}={json.dumps(list(range(1, len(found) + 1)))}"


def main(words: list[str]) -> None:
    """Write what is asked for."""
    flag = words.pop(0) if words[0].startswith("--") else ""
    document = json.loads(Path(words[0]).read_text(encoding="utf-8"))
    numbers = [int(each) for each in words[1:]]
    if flag == "--report":
        print(reported(document))
    elif flag == "--approval":
        print(*approved(document, *numbers), sep="\n")
    elif flag == "--shards":
        wave, number, chunk = numbers
        print(*chunks(document["shards"], wave, number)[chunk - 1], sep="\n")
    else:
        print(*listed(document, *numbers), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
