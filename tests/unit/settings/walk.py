"""A tokens page in; what its `sh` blocks did when bash ran them in an empty folder, with stubs for what
they call, out.
"""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

URL, APP_ID_URI = "https://api.example.com/base", "api://app/$(>canary)"

# Each stub writes its words, ended by NUL, and answers what the next step needs.
_STUBS = r"""
set -u
said() { printf '%s\0' "$@" $'\n' >&3; }
function . { said . "$@"; TENANT_ID=t AUTHORITY=https://login.example.com/t; }
curl() { said curl "$@"; echo '{}'; }
python3() { said python3 "$@"; echo t.t.t; }
openssl() { [ "$1" = rand ] || cat >/dev/null; echo s; }
base64() { cat; }
sleep() { :; }
CLIENT_SECRET=c
"""


@dataclass(frozen=True)
class Walk:
    """The calls of the blocks with all their words, and the files that were in the folder afterwards."""

    calls: list[list[str]]
    left: list[str]
    said: str


def parsed(page: str) -> list[Token]:
    """Return the tokens of a page, tables among them."""
    return MarkdownIt().enable("table").parse(page)


def spans(tokens: list[Token]) -> list[str]:
    """Return what stands in code spans, in paragraphs and in cells."""
    return [
        child.content for token in tokens for child in token.children or () if child.type == "code_inline"
    ]


def walk(page: str, variables: dict[str, str]) -> Walk:
    """Run the blocks of a page one after the other in one bash."""
    blocks = [token.content for token in parsed(page) if token.type == "fence" and token.info == "sh"]
    with tempfile.TemporaryDirectory() as outside:
        empty, log = Path(outside) / "empty", Path(outside) / "log"
        empty.mkdir()
        script = f"exec 3>'{log}'\n{_STUBS}\n{''.join(blocks)}"
        environment = {"PATH": "/usr/bin:/bin", "API_APP_ID_URI": APP_ID_URI, "API_URL": URL, **variables}
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=empty,
            env=environment,
            input="http://localhost/?code=c&state=s\n",
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        calls = [call.split("\0")[:-1] for call in log.read_text(encoding="utf-8").split("\n\0")[:-1]]
        return Walk(calls, sorted(path.name for path in empty.iterdir()), done.stdout + done.stderr)
