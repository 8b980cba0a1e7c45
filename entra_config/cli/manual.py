"""Write the manual page in roff, docs/entra-config.1.

One page of what there is; the options of a command are in its own `--help`, and in docs/cli/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from entra_config.cli import main
from entra_config.errors import EXIT_CODES

_NAME = "Microsoft Entra ID as code: app registrations, roles and who has them, from YAML"
_FILES = (
    ("manifests/entra-config.yaml", "The root file of the manifest."),
    ("manifests/entra-config.ENV.lock.yaml", "Names pinned to object ids, by environment."),
    (".entra-config/emulator/", "The directory, keys and certificates of the local emulator."),
)


def text() -> str:
    """Return the page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield '.\\" Made by `make generated`; a test compares it.'
    yield '.TH ENTRA-CONFIG 1 "" "entra-config" "User Commands"'
    yield f".SH NAME\nentra-config \\- {_roff(_NAME)}"
    yield ".SH SYNOPSIS\n.B entra-config\n.I COMMAND\n[\\fIOPTION\\fR]..."
    yield ".SH COMMANDS"
    yield from (_entry(name, about) for name, (_, about) in main.COMMANDS.items())
    yield ".SH OPTIONS"
    program = main.root()
    for each in program.params:
        yield _entry(", ".join(each.opts), each.help or "")
    yield _entry("-h, --help", "Tell of the program, or of a command and its options.")
    yield ".SH EXIT STATUS"
    yield from (_entry(str(code), words) for code, words in EXIT_CODES.items())
    yield ".SH ENVIRONMENT"
    for each in _common():
        yield _entry(each.envvar, each.help)
    yield ".SH FILES"
    yield from (_entry(name, words) for name, words in _FILES)


def _common() -> list[Any]:
    return [each for each in main.load("plan").params if getattr(each, "envvar", None)]


def _entry(term: str, words: str) -> str:
    return f".TP\n.B {_roff(term)}\n{_roff(words)}"


def _roff(words: str) -> str:
    """Return text as roff takes it: backslashes and hyphens are said, a dot does not begin a line."""
    said = re.sub(r"([\\-])", lambda found: "\\e" if found[1] == "\\" else "\\-", words).replace("`", "")
    return f"\\&{said}" if said.startswith((".", "'")) else said
