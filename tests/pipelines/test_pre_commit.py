"""pre-commit itself in; this project's hooks, from a commit of this checkout, on a repository as its user
has one.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.docs import session

pytestmark = pytest.mark.pipelines
ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "tools/pre-commit/.venv/bin/pre-commit"
PAGE = (ROOT / "docs/pre-commit.md").read_text(encoding="utf-8")
CONFIG, ELSEWHERE = re.findall(r"```yaml\n(.+?)```", PAGE, re.DOTALL)
# What pip builds the program of: the packages, and what pyproject.toml takes into the wheel beside them.
BUILT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
SOURCES = (".pre-commit-hooks.yaml", "pyproject.toml", "README.md", "LICENSE")
SOURCES += (*BUILT["targets"]["wheel"]["packages"], *BUILT["targets"]["wheel"]["force-include"])
CLIENTS, PEOPLE = "manifests/applications/clients.yaml", "manifests/tests/people.yaml"
HOOKS = ("validate", "lint", "test", "settings-check")


@dataclass(frozen=True)
class Desk:
    """A repository with a manifest, whose commits pre-commit looks at."""

    folder: Path
    environ: dict[str, str]

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a program in it."""
        return subprocess.run(
            command, cwd=self.folder, env=self.environ, capture_output=True, text=True, check=False
        )

    def git(self, *arguments: str) -> str:
        """Run git in it."""
        done = self.run("git", *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def hooks(self, *arguments: str) -> dict[str, str]:
        """Run the hooks; return what became of each, and all that was said under `said`."""
        done = self.run(str(PROGRAM), "run", "--color", "never", *arguments)
        ended = dict(re.findall(r"^entra-config ([a-z -]+?)\.+(?:\(.*\))?(\w+)$", done.stdout, re.MULTILINE))
        return {
            **{name.replace(" --", "-"): what for name, what in ended.items()},
            "said": done.stdout + done.stderr,
        }

    def edit(self, path: str, before: str, after: str) -> None:
        """Replace a text in a file, once, and stage it."""
        file = self.folder / path
        text = file.read_text(encoding="utf-8")
        assert text.count(before) == 1, (path, before)
        file.write_text(text.replace(before, after), encoding="utf-8")
        self.git("add", path)


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return an environment in which pre-commit keeps what it installs to itself, at the versions that the
    lock file pins.
    """
    pins = tmp_path_factory.mktemp("pins") / "constraints.txt"
    locked = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins.write_text(
        "\n".join(re.findall(r"^[a-z0-9][^ \\]*==[^\\\n]*", locked, re.MULTILINE)), encoding="utf-8"
    )
    dropped = ("ENTRA_CONFIG", "AZURE_", "PYTHON", "GIT_", "VIRTUAL_ENV")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    names = {"GIT_AUTHOR_NAME": "dev", "GIT_AUTHOR_EMAIL": "dev@example.com"}
    names |= {name.replace("AUTHOR", "COMMITTER"): value for name, value in names.items()}
    home = tmp_path_factory.mktemp("pre-commit")
    return {
        **kept,
        **names,
        "PRE_COMMIT_HOME": str(home),
        "PIP_CONSTRAINT": str(pins),
        "GIT_CONFIG_GLOBAL": "/dev/null",
    }


@pytest.fixture(scope="module")
def tool(tmp_path_factory: pytest.TempPathFactory, environ: dict[str, str]) -> tuple[Path, str]:
    """Return a repository of this checkout and its commit."""
    made = Desk(tmp_path_factory.mktemp("tool"), environ)
    left = shutil.ignore_patterns("__pycache__", "node_modules")
    for name in SOURCES:
        (made.folder / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, made.folder / name, ignore=left, dirs_exist_ok=True)
        else:
            shutil.copy(ROOT / name, made.folder / name)
    made.git("init", "--quiet")
    made.git("add", "-A")
    made.git("commit", "--quiet", "-m", "Release")
    return made.folder, made.git("rev-parse", "HEAD")


@pytest.fixture(scope="module")
def prepared(
    tmp_path_factory: pytest.TempPathFactory, environ: dict[str, str], tool: tuple[Path, str]
) -> Desk:
    """Return a repository with the page's file; its hooks are installed by the first run."""
    made = Desk(session.clone(tmp_path_factory.mktemp("desk") / "repository"), environ)
    where, commit = tool
    config = CONFIG.replace("https://github.com/example/entra-config", str(where))
    config = config.replace("0123456789abcdef0123456789abcdef01234567", commit)
    (made.folder / ".pre-commit-config.yaml").write_text(config, encoding="utf-8")
    made.git("init", "--quiet", "--initial-branch=main")
    made.git("add", "-A")
    made.git("commit", "--quiet", "-m", "Start")
    return made


@pytest.fixture
def desk(prepared: Desk) -> Iterator[Desk]:
    """Return the repository as it was committed first."""
    yield prepared
    prepared.git("reset", "--quiet", "--hard", prepared.git("rev-list", "--max-parents=0", "HEAD"))
    prepared.git("clean", "--quiet", "-fd")


def test_a_clean_repository_passes_each_hook(desk: Desk) -> None:
    """The worked example: four hooks, four times nothing to say."""
    ended = desk.hooks("--all-files")

    assert {name: ended.get(name) for name in HOOKS} == dict.fromkeys(HOOKS, "Passed"), ended["said"]


def test_an_invalid_manifest_is_stopped_at_its_line(desk: Desk) -> None:
    """`validate` says file, line and what was expected."""
    desk.edit("manifests/access.yaml", "groups: [All Staff]", "gruops: [All Staff]")
    ended = desk.hooks()

    assert ended["validate"] == "Failed"
    assert re.search(r"manifests/access\.yaml:\d+:\d+: .*groups", ended["said"])


def test_what_lint_finds_is_stopped(desk: Desk) -> None:
    """A wildcard in a redirect URI is valid to `validate`, and stopped by `lint`."""
    desk.edit(CLIENTS, "      - ${spaUrl}/\n", "      - https://*.example.com/\n")
    ended = desk.hooks()

    assert (ended["validate"], ended["lint"]) == ("Passed", "Failed"), ended["said"]
    assert "redirect-wildcard" in ended["said"]


def test_an_access_test_that_fails_is_stopped(desk: Desk) -> None:
    """The reason is told as `entra-config test` tells it."""
    desk.edit("manifests/access.yaml", "    Reader: { groups: [All Staff] }", "    Reader: { groups: [] }")
    ended = desk.hooks("entra-config-test")

    assert ended["test"] == "Failed"
    assert "FAIL" in ended["said"]


def test_a_generated_source_that_is_stale_is_stopped_though_no_manifest_changed(desk: Desk) -> None:
    """Only this hook runs where nothing below `manifests/` is committed."""
    desk.edit("api/generated/authorization.py", "do not edit.", "edited.")
    ended = desk.hooks()

    assert {name: ended[name] for name in HOOKS} == {
        **dict.fromkeys(HOOKS, "Skipped"),
        "settings-check": "Failed",
    }
    assert "api/generated/authorization.py" in ended["said"]


def test_git_makes_no_commit_that_a_hook_stops(desk: Desk) -> None:
    """Installed as git's own hook it ends the commit; what is right is committed."""
    assert desk.run(str(PROGRAM), "install").returncode == 0
    before = desk.git("rev-parse", "HEAD")
    desk.edit(CLIENTS, "      - ${spaUrl}/\n", "      - https://*.example.com/\n")
    assert desk.run("git", "commit", "-m", "Wrong").returncode == 1
    assert desk.git("rev-parse", "HEAD") == before
    desk.edit(CLIENTS, "      - https://*.example.com/\n", "      - ${spaUrl}/   # as before\n")
    done = desk.run("git", "commit", "-m", "Right")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_manifest_elsewhere_is_named_in_the_arguments(desk: Desk) -> None:
    """The page's second block: another folder, for the hook and for the program."""
    desk.git("mv", "manifests", "identity")
    file = desk.folder / ".pre-commit-config.yaml"
    head = file.read_text(encoding="utf-8").partition("      - id:")[0]
    file.write_text(head + ELSEWHERE, encoding="utf-8")
    desk.git("add", "-A")
    ended = desk.hooks()

    assert ended["validate"] == "Passed", ended["said"]
