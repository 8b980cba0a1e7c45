"""Run the conformance tests and yield the request and the response of each."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]


def files(only: str = "") -> Iterator[tuple[str, str]]:
    """Yield a file for each conformance test whose name has `only` in it; one that fails ends this."""
    with tempfile.TemporaryDirectory() as folder:
        chosen = ["-k", only] if only else []
        plugin = ["-p", "tests.golden.recording", "--record-to", folder, "-p", "no:cacheprovider"]
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2", *plugin, *chosen, "tests/conformance"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"the conformance tests fail:\n{done.stdout[-4000:]}{done.stderr[-2000:]}")
        for path in sorted(Path(folder).rglob("*.txt")):
            yield path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8")
