"""The wheel alone in an environment: the README and the pages of docs/ typed there, and the lines that
install it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from entra_config.extras import SOURCE
from tests.docs import session
from tests.installs.installed import TOOLS, environment

pytestmark = pytest.mark.installs
PYTHONS = ("3.11", "3.13")  # the oldest and the newest that are supported; a worker of the suite has one


@pytest.fixture(
    scope="session", params=[pytest.param(each, marks=pytest.mark.xdist_group(each)) for each in PYTHONS]
)
def programs(
    request: pytest.FixtureRequest, wheel: Path, pins: Path, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """Make an environment with nothing but the wheel and its emulator, of the oldest and newest Python; uv
    fetches the one that is not here. Return where a shell looks for programs then.
    """
    version, folder = request.param, tmp_path_factory.mktemp("python") / "environment"
    environment(folder, version, f"{wheel}[emulator]", pins)
    requested = [str(folder / "bin/python"), "-c", "import sys; print(*sys.version_info[:2], sep='.')"]
    assert subprocess.run(requested, check=True, capture_output=True, text=True).stdout == f"{version}\n"
    return f"{folder / 'bin'}:/usr/bin:/bin"


def test_the_readme_is_one_session_of_the_wheel(programs: str, tmp_path: Path) -> None:
    """What the page shows is typed in a folder that has what a clone has."""
    blocks = session.readme()

    session.reported(session.typed(session.clone(tmp_path / "clone"), programs, blocks), blocks)


# Of the tasks, those that write most; tests/docs types all of them.
TASKS = ("find-drift", "give-a-role-by-pull-request", "import-an-application")
PAGES = [
    source
    for source in session.pages("fresh", "started")
    if not source.startswith("docs/tasks/") or source.endswith(tuple(f"/{name}.md" for name in TASKS))
]


@pytest.mark.parametrize("source", PAGES)
def test_each_page_is_one_session_of_the_wheel(programs: str, tmp_path: Path, source: str) -> None:
    """Likewise, on main of a repository."""
    session.walk(source, session.on_main(session.clone(tmp_path / "clone")), programs)


@pytest.mark.parametrize("source", session.pages("project"))
def test_a_page_about_a_project_is_one_session_of_the_wheel(
    wheel: Path, programs: str, tmp_path: Path, source: str
) -> None:
    """In a repository that has a manifest, with the wheel beside it."""
    folder = session.project(tmp_path)
    shutil.copy(wheel, folder)

    session.walk(source, folder, programs)


@pytest.mark.parametrize("line", session.install_lines())
def test_the_lines_that_install_are_as_the_readme_says(wheel: Path, tmp_path: Path, line: str) -> None:
    """uvx, uv and pipx take the line, with this wheel where the page has the repository; what they leave
    runs.
    """
    assert TOOLS.is_dir(), "make test-installs installs uv and pipx there"
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("UV_", "PIPX_", "PYTHON"))
    }
    home = {name: str(tmp_path / name) for name in ("HOME", "PIPX_HOME", "UV_CACHE_DIR", "XDG_DATA_HOME")}
    bins = {
        "PIPX_BIN_DIR": str(tmp_path / "bin"),
        "XDG_BIN_HOME": str(tmp_path / "bin"),
        "UV_PYTHON": sys.executable,
    }
    environ = kept | home | bins | {"PATH": f"{tmp_path / 'bin'}:{TOOLS}:/usr/bin:/bin"}
    wanted = line.replace(f"entra-config[emulator] @ {SOURCE}", f"{wheel}[emulator]")
    assert wanted != line
    after = "" if wanted.startswith("uvx") else "\nentra-config demo"

    shell = ["bash", "-euc", wanted + after]
    ran = subprocess.run(shell, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stderr
    assert "Nothing of myapp/dev is live" in ran.stdout
