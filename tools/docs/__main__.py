"""`python tools/docs`: the site of the documentation in output/docs/site, built and held against what is so.

It fails on a link that leads nowhere, a page that is named and not there, a command or option in any block of
commands that the program has not, and a block that nobody runs and that does not say why.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import commands
import pages

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "output/docs"
MKDOCS = ROOT / ".venv/tools/docs/bin/mkdocs"


def main() -> int:
    """Build and check; 1 where anything is wrong, all of it told."""
    try:
        found = pages.write(FOLDER)
    except pages.BrokenLinkError as error:
        return _failed([str(error)])
    texts = pages.sources()
    reported = [f"{name}: {each}" for name, text in texts.items() for each in commands.problems(name, text)]
    reported += [f"blocks.yaml: {name} is not there" for name in commands.known() if name not in texts]
    if reported:
        return _failed(reported)
    building = [str(MKDOCS), "build", "--strict", "--config-file", str(FOLDER / "mkdocs.yml")]
    if code := subprocess.run(
        building, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}, check=False
    ).returncode:
        return code
    print(f"{FOLDER / 'site/index.html'}: {len(found)} pages")
    return 0


def _failed(reported: list[str]) -> int:
    print("\n".join(f"error: {each}" for each in reported), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
