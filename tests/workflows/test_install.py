"""What the jobs install: a repository's own source, or one wheel by hash; nothing of a checkout where lock
files say it all.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.workflows.runs import PROJECT

PYTHON = """#!/bin/sh
case "$*" in
  "-I -m venv "*) mkdir -p "$4/bin" && cp "$0" "$4/bin/python" ;;
  *) echo "$*" >>"$LOG" ;;
esac
"""


def installed(tmp_path: Path, *locks: str) -> list[str]:
    """Run the script with these lock files beside it; return what Python was asked for."""
    action, work, temp = (tmp_path / name for name in ("action", "work", "temp"))
    for folder in (action, work / "main", temp, tmp_path / "bin"):
        folder.mkdir(parents=True)
    for name in locks:
        (action / name).touch()
    (tmp_path / "bin/python").write_text(PYTHON)
    (tmp_path / "bin/python").chmod(0o755)
    environ = {
        "PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin",
        "FOLDER": "main",
        "GITHUB_ACTION_PATH": str(action),
        "GITHUB_PATH": str(tmp_path / "path"),
        "GITHUB_WORKSPACE": str(work),
        "LOG": str(tmp_path / "log"),
    }
    script = PROJECT / ".github/actions/install/install.sh"
    subprocess.run(["bash", str(script)], cwd=temp, env=environ, check=True)
    assert (temp / "bin/entra-config").exists()
    assert (tmp_path / "path").read_text() == f"{temp / 'bin'}\n"
    return (tmp_path / "log").read_text().replace(str(tmp_path), "").splitlines()


def test_a_repository_of_the_tool_installs_its_own_source(tmp_path: Path) -> None:
    """Its dependencies by hash, then itself without any."""
    pip = "-I -m pip install --quiet"

    assert installed(tmp_path) == [
        f"{pip} --require-hashes -r /work/main/requirements.lock",
        f"{pip} --require-hashes -r /work/main/requirements-build.lock",
        f"{pip} --no-deps --no-build-isolation /work/main",
    ]


def test_a_repository_that_uses_the_tool_installs_what_its_lock_files_say(tmp_path: Path) -> None:
    """All of it by hash, wheels only, and nothing of the checkout."""
    assert installed(tmp_path, "entra-config.lock", "requirements.lock") == [
        (
            "-I -m pip install --quiet --require-hashes --only-binary :all: -r /action/requirements.lock "
            "-r /action/entra-config.lock"
        )
    ]
