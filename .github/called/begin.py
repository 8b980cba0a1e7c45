"""A run of pipeline in; out, as outputs of a step, its environments by stage, and what of a pull request is
planned.

In: ENVIRONMENTS (names, as they are applied), MANIFEST (its folder), PULL_NUMBER (empty but for a pull
request).
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

# Python is started isolated (-I): the folder of the other scripts is added after the standard library, and
# nothing else is.
sys.path.append(str(Path(__file__).resolve().parents[1] / "scripts"))

from changed import changes
from github_api import Api

STAGES = ("first", "second", "third")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_FOLDER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*")


def stages(given: str) -> dict[str, str]:
    """Return the environment of each stage, and all of them as a matrix takes them."""
    names = given.split()
    if not names or len(names) > len(STAGES) or len({name.casefold() for name in names}) < len(names):
        raise SystemExit(
            "::error title=environments::One to three environments, each once, as they are applied."
        )
    for name in names:
        if not _NAME.fullmatch(name):
            raise SystemExit(
                "::error title=environments::A name has letters, digits and hyphens, and begins with "
                "a letter."
            )
    by_stage = dict(zip(STAGES, [*names, *[""] * len(STAGES)], strict=False))
    # A comment shows the last first: it is what matters most.
    return {**by_stage, "environments": json.dumps(names), "shown": " ".join(reversed(names))}


def folder(given: str) -> str:
    """Return the folder of the manifest, as GitHub begins its files' names."""
    if not _FOLDER.fullmatch(given):
        raise SystemExit(
            "::error title=manifest::The manifest is a folder of this repository, as in `manifests`."
        )
    return f"{given}/"


if __name__ == "__main__":
    begun = stages(os.environ["ENVIRONMENTS"])
    below = folder(os.environ["MANIFEST"])
    if pull := os.environ["PULL_NUMBER"]:
        begun["planned"] = "true" if changes(Api(), int(pull), below) else "false"
    print(*(f"{name}={value}" for name, value in begun.items()), sep="\n")
