"""Run tests with a plugin that writes files, and yield these."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]


def recorded(plugin: str, tests: Sequence[str], only: str = "") -> Iterator[tuple[str, str]]:
    """Run the tests whose name contains `only`, and yield what the plugin wrote below `--record-to`; a test
    that fails ends this.
    """
    with tempfile.TemporaryDirectory() as folder:
        chosen = ["-k", only] if only else []
        options = ["-p", f"tests.golden.{plugin}", "--record-to", folder, "-p", "no:cacheprovider"]
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2", *options, *chosen, *tests]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"these tests fail:\n{done.stdout[-4000:]}{done.stderr[-2000:]}")
        for path in sorted(Path(folder).rglob("*.txt")):
            yield path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8")


def file_name(node: str, below: str) -> str:
    """Return the path of a test's file; a digest keeps names apart that are cut or simplified."""
    folder, _, name = node.removeprefix(below).partition("::")
    plain = re.sub(r"[^\w.=,-]+", "_", name)[:100]
    return f"{folder.removesuffix('.py')}/{plain}.{hashlib.sha256(name.encode()).hexdigest()[:6]}.txt"
