"""Pages of the portal as the values that they show, in approved files: `make approve` writes the files anew.

A state of a page begins with `=== NAME: MODULE.HANDLER WORLD {hole of the path: value} QUERY#VALUE`. WORLD
is a function of `example`, and only the value behind `#` is shown. `=== NAME: read WORLD ADDRESS` is what a
person reads on the page of an address. Names stand for ids, and N for milliseconds.
"""

import difflib
import json
import os
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

from tests.golden.html_text import text_of
from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.browsing import Browser
from tests.unit.emulator.portal.showing import names, plain, shown

FOLDER = Path(__file__).with_name("approved")


def read_states() -> Iterator[tuple[Path, str, str]]:
    """Yield each state of the approved files: its file, its heading and its text."""
    for path in sorted(FOLDER.glob("*.txt")):
        for state in path.read_text("utf-8").removeprefix("=== ").split("\n=== "):
            heading, _, text = state.partition("\n")
            yield path, heading, text.rstrip("\n")


def show_state(heading: str) -> str:
    """Return what the page of a heading shows now."""
    target, world, rest = heading.partition(": ")[2].split(" ", 2)
    if target == "read":
        return _read(_browser(world), rest)
    module, _, handler = target.partition(".")
    path, end = json.JSONDecoder().raw_decode(rest)
    page = getattr(import_module(f"entra_emulator.portal.{module}"), handler)
    return shown(_browser(world), page, rest[end:].strip(), **path)


def _read(browser: Browser, address: str) -> str:
    known = names(browser.world)
    for row_id, name in sorted(known.items(), key=lambda pair: -len(pair[1])):
        address = re.sub(rf"(?<=[/=]){re.escape(name)}(?=$|[/&?])", row_id, address)
    page = browser.get(address).text.partition("<main")[2].partition("</main>")[0]
    page = re.sub(r"[\d.,]+ ms(?=\s*<)", "N ms", page)
    return str(plain(text_of(f"<main{page}"), known)).rstrip("\n")


@cache
def _browser(world: str) -> Browser:
    browser: Browser = getattr(example, world)()
    return browser


def main() -> None:
    """Write each file anew, and print the difference."""
    if os.environ.get("CI"):
        sys.exit("Approved files are written by a person, not by CI.")
    files: dict[Path, list[str]] = {}
    for path, heading, _ in read_states():
        files.setdefault(path, []).append(f"=== {heading}\n{show_state(heading)}\n")
    for path, states in files.items():
        before, after = path.read_text("utf-8"), "".join(states)
        path.write_text(after, "utf-8")
        lines = difflib.unified_diff(before.splitlines(True), after.splitlines(True), path.name, path.name)
        sys.stdout.writelines(lines)


if __name__ == "__main__":
    main()
