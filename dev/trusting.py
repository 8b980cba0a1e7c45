"""The emulator's CA in; a browser that knows it out, where a person at the terminal says yes.

A browser that does not know it warns at each of the three addresses. It is asked once for each CA; nobody is
asked where nobody could answer.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from entra_emulator.api import trust

QUESTION = """
  The certificate is the emulator's own, so a browser warns of it. Let your browsers trust it? It vouches for
  localhost and nothing else; `.venv/bin/entra-config emulator trust --undo --yes` takes it away. [y/N] """
RESPONDED = "trust-asked"


def offer(
    ca: Path,
    say: Callable[[str], None],
    *,
    ask: Callable[[str], str] = input,
    give: Callable[[Path], Iterable[str]] = lambda ca: trust.apply(ca, root=False),
) -> None:
    """Ask whether the browsers of this user shall trust the CA, and do it; what was done is said."""
    requested = ca.with_name(RESPONDED)
    mark = hashlib.sha256(ca.read_bytes()).hexdigest()
    if requested.exists() and requested.read_text(encoding="ascii").strip() == mark:
        return
    try:
        yes = ask(QUESTION).strip().lower() in {"y", "yes"}
    except EOFError:
        return
    if yes:
        try:
            for line in give(ca.absolute()):
                say(f"  {line}")
        except trust.TrustError as error:
            say(f"  Not done: {error}")
            return
    requested.write_text(f"{mark}\n", encoding="ascii")


def attended() -> bool:
    """Tell whether somebody sits there who could answer."""
    return sys.stdin.isatty() and sys.stderr.isatty() and "CI" not in os.environ
