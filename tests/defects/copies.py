"""Make copies of the tracked files, and run tests in them with a defect."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.defects.rows import ROOT, Defect, apply_patch

# What is installed or built, and not tracked: the copy uses it where it is.
INSTALLED = (".venv", "spa/node_modules", "spa/dist", "tools/newman/node_modules")
PACKAGES = ("entra_config", "entra_emulator", "entra_fleet", "api", "options")
# A file takes 60 s at most on an idle machine; one that takes longer than this hangs.
TIMEOUT = 600
# Exit codes of pytest.
PASSED, FAILED = 0, 1


@dataclass(frozen=True)
class Outcome:
    """Whether the tests noticed a defect, the test that did or why none did, and the seconds it took."""

    noticed: bool
    text: str
    seconds: float


def make_copy(folder: Path) -> None:
    """Copy the tracked files, as they are in this checkout, into a folder."""
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    for name in filter(None, tracked.stdout.split("\0")):
        source, target = ROOT / name, folder / name
        if source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target, follow_symlinks=False)
    for name in INSTALLED:
        if (ROOT / name).exists():
            (folder / name).symlink_to(ROOT / name)
    # A patched file can have the time and the size of the original: Python must compare the contents.
    compiling = [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "checked-hash", *PACKAGES]
    subprocess.run(compiling, cwd=folder, check=True)


def run_tests(defect: Defect, copy: Path) -> Outcome:
    """Make a defect in a copy, run its test file, and return whether a test failed."""
    begun = time.monotonic()
    with _patched(defect, copy):
        noticed, text = _run(defect, copy)
    return Outcome(noticed, text, time.monotonic() - begun)


@contextmanager
def _patched(defect: Defect, copy: Path) -> Iterator[None]:
    if defect.patch is None:
        yield
        return
    file = copy / defect.patch.file
    text = file.read_text(encoding="utf-8")
    file.write_text(apply_patch(text, defect.patch), encoding="utf-8")
    try:
        yield
    finally:
        file.write_text(text, encoding="utf-8")


def _run(defect: Defect, copy: Path) -> tuple[bool, str]:
    command = [sys.executable, "-m", "pytest", "-n", "0", "-x", "-q", "-p", "no:cacheprovider"]
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environ["PYTHONPATH"] = str(copy)  # before the checkout, which is installed in the environment
    if defect.switch:
        command += ["-p", "tests.defects.switched"]
        environ["DEFECT_SWITCH"] = defect.switch
    with subprocess.Popen(
        [*command, *defect.noticed_by],
        cwd=copy,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # what hangs is ended with the programs that it started
    ) as program:
        try:
            output, _ = program.communicate(timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            os.killpg(program.pid, signal.SIGKILL)
            return False, f"no result within {TIMEOUT} s"
    if program.returncode == PASSED:
        return False, "all tests pass"
    failed = re.findall(r"^FAILED (.+?)(?: - .*)?$", output, re.MULTILINE)
    if program.returncode == FAILED and failed:
        return True, failed[0]
    return False, f"the tests could not be run: {output[-300:]}"
