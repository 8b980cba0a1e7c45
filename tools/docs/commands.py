"""A page in; what is wrong with its commands out: an unknown command or option of the program, a block that
nobody runs and of which blocks.yaml does not say why.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from entra_config.cli import main

FENCE = re.compile(
    r"(?P<before>[^\n]*)\n(?P<mark>```)(?P<language>[\w-]*)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL
)
ROOT = Path(__file__).parents[2]
BEGINNINGS = {"fresh", "started", "project"}
SHELLS = {"console", "bash", "sh"}
SESSION = "<!-- session -->"
INLINE = re.compile(r"`(entra-config [^`]+)`")


def said(source: str, code: str) -> Mapping[str, Any]:
    """Return what blocks.yaml says of a block of one file; nothing where it does not."""
    of_page = known().get(source, {})
    if {*of_page} & {"run", "by", "why"}:
        return of_page
    return next((each for words, each in of_page.items() if code.startswith(words)), {})


def blocks(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each block of commands on a page, and whether it is of the README's session."""
    for found in FENCE.finditer("\n" + text):
        if found["language"] in SHELLS:
            yield found["code"], found["before"].strip() == SESSION


def problems(source: str, text: str) -> Iterator[str]:
    """Yield what is wrong on a page that is made of a file."""
    for code, session in blocks(text):
        what = said(source, code)
        if not session and not what:
            first = code.splitlines()[0]
            yield f"the block that begins with {first!r} is not run, and blocks.yaml does not say why"
        if what.get("run", "fresh") not in BEGINNINGS:
            yield f"blocks.yaml says `run: {what['run']}`, and no page begins so"
        if "by" in what and not (ROOT / what["by"]).exists():
            yield f"{what['by']} is not there"
        lines = code.replace("\\\n", " ").splitlines()
        yield from (each for line in lines for each in _line(line))
    for inline in INLINE.finditer(re.sub(r"```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)):
        yield from _line(inline[1])


def _line(line: str) -> Iterator[str]:
    for piece in re.split(r"&&|\|\||[|;]|\$\(", line.partition(" #")[0]):
        words = _split(piece)
        if "entra-config" in words[:3]:
            yield from _unknown(words[words.index("entra-config") + 1 :], piece.strip())


def _split(text: str) -> list[str]:
    try:
        return shlex.split(text.rstrip(")\"'"))
    except ValueError:
        return text.split()


def _unknown(words: list[str], line: str) -> Iterator[str]:
    """Yield what of one command line the program has not; placeholders in capitals are anybody's."""
    if not words or words[0].startswith("-") or not re.fullmatch(r"[a-z][a-z-]*", words[0]):
        return
    if words[0] not in main.COMMANDS:
        yield f"`{line}`: no command {words[0]}"
        return
    command = _load(words[0])
    below = getattr(command, "commands", {})
    if below and len(words) > 1 and re.fullmatch(r"[a-z][a-z-]*", words[1]):
        if words[1] not in below:
            yield f"`{line}`: no command {words[0]} {words[1]}"
            return
        command = below[words[1]]
    elif "list" in below:  # what such a command does without a word behind it
        command = below["list"]
    spelled = {spelling for each in command.params for spelling in (*each.opts, *each.secondary_opts)} | {
        "-h",
        "--help",
    }
    for word in words:
        option = word.partition("=")[0]
        if re.fullmatch(r"--?[a-zA-Z][\w-]*", option) and option not in spelled:
            yield f"`{line}`: no option {option}"


def runs(source: str) -> str:
    """Return how a page begins whose blocks are typed; nothing where none is."""
    of_page = known().get(source, {})
    whole = [of_page["run"]] if "run" in of_page else []
    return next((each for each in [*whole, *(_run(value) for value in of_page.values())] if each), "")


def _run(value: Any) -> str:
    return value.get("run", "") if isinstance(value, Mapping) else ""


@cache
def known() -> Mapping[str, Any]:
    """Return what blocks.yaml says."""
    return yaml.safe_load(Path(__file__).with_name("blocks.yaml").read_text(encoding="utf-8"))


@cache
def _load(name: str) -> Any:
    return main.load(name)
