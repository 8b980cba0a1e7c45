"""A copy of the commit in; what its tests say to each mistake, without collecting them anew, out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Verdict:
    """The first test that failed, "" where none did; whether the mistake's code could be put into functions
    that exist; whether nothing came in time.
    """

    failed: str = ""
    placed: bool = True
    hangs: bool = False


class Forks:
    """A process of pytest that collected all tests of a copy, and forks for each mistake (`forking.py`).

    It is there once they are collected: a mistake that is written before would be collected with them.
    """

    def __init__(self, copy: Path, options: Sequence[str]) -> None:
        shutil.copy(Path(__file__).parent / "forking.py", copy / "forking.py")
        self._copy = copy
        read, self._requests = os.pipe()
        responses, write = os.pipe()
        self._responses = os.fdopen(responses, encoding="utf-8")
        environ = os.environ | {
            "PYTHONPATH": str(copy),
            "PYTHONDONTWRITEBYTECODE": "1",
            "MUTATION_FORKS": f"{read},{write}",
        }
        with (copy / "forks.log").open("wb") as log:
            self._program = subprocess.Popen(
                [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "forking", *options],
                cwd=copy,
                env=environ,
                pass_fds=(read, write),
                stdout=log,
                stderr=log,
            )
        os.close(read)
        os.close(write)
        self.verdict((), (), 60.0)

    def verdict(
        self, tests: Sequence[str], red: Collection[str], limit: float, *, path: str = "", text: str = ""
    ) -> Verdict:
        """Return what tests say, in order, of a file's text; of the copy as it stands where there is none."""
        chosen = [test for test in tests if test not in red]
        request = {
            "tests": chosen,
            "path": str(self._copy / path) if path else "",
            "text": text,
            "limit": limit,
        }
        with os.fdopen(os.dup(self._requests), "w", encoding="utf-8") as requests:
            requests.write(json.dumps(request) + "\n")
        line = self._responses.readline()
        if not line:
            said = (self._copy / "forks.log").read_text(encoding="utf-8", errors="replace")
            raise RuntimeError(f"the tests could not be collected: {said[-2000:]}")
        return Verdict(**json.loads(line))

    def close(self) -> None:
        """End the process."""
        os.close(self._requests)
        self._responses.close()
        self._program.wait()
