"""The blocks of commands on the pages that say so, typed by page into one shell, against an emulator on the
worked example.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from entra_config.emulator import background
from tests.docs import session
from tests.docs.session import PROJECT

sys.path.append(str(PROJECT / "tools/docs"))
import commands  # of tools/docs

PAGES = ["docs/emulator.md", "docs/preflight.md", "docs/tests.md", "docs/until.md"]


def test_the_pages_are_those_that_are_said_to_run() -> None:
    """A page that says `run` in tools/docs/blocks.yaml is in the list above, and has blocks."""
    assert [page for page, each in commands.known().items() if each.get("run")] == PAGES


def ready(code: str) -> str:
    """Return a block as it can be typed here: with a free port instead of the usual one, since two tests may
    run side by side, on an emulator where it starts none, and answered where it asks.
    """
    script = code.replace("emulator start", "emulator start --port 0")
    script = re.sub(r"'?https://localhost:8443(/[^\s']+)'?", r'"$ENTRA_CONFIG_EMULATOR\1"', script)
    script = script.replace("apply --expired", "apply --expired --auto-approve")
    if "emulator start" in script:
        return script
    begun = (
        "entra-config emulator start --port 0",
        "entra-config apply --auto-approve",
        'eval "$(entra-config emulator env)"',
    )
    return "\n".join((*begun, script))


@pytest.mark.parametrize("page", PAGES)
def test_the_blocks_of_a_page_run(page: str, tmp_path: Path) -> None:
    """As a person types them in a clone on main."""
    folder = session.clone(tmp_path / "clone")
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "as it was"]):
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *words], cwd=folder, check=True
        )
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("ENTRA_CONFIG", "AZURE_"))
    }
    environ = kept | {"ENTRA_CONFIG_CLOUD": "emulator", "ENTRA_CONFIG_ENVIRONMENT": "dev"}
    environ["PATH"] = f"{Path(sys.executable).parent}:{kept['PATH']}"
    typed = [code for code, _ in commands.blocks((PROJECT / page).read_text(encoding="utf-8"))]
    assert typed
    for code in typed:
        try:
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", ready(code)],
                cwd=folder,
                env=environ,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
        finally:
            background.end(folder / ".entra-config/emulator")
        assert done.returncode == 0, done.stdout
