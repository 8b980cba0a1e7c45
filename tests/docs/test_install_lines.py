"""How to install, in every file that people read and every message: from the repository or a wheel, never the
bare name from an index, which is nobody's yet.
"""

from __future__ import annotations

import re
import subprocess

import pytest

from entra_config import extras
from tests.docs.session import PROJECT

# What fetches a package by name, and then what is fetched.
INSTALLS = re.compile(
    r"(?:pip3? (?:install|download|wheel)|pipx (?:install|run)|uvx|uv tool (?:install|run)"
    r"|uv (?:pip install|add)|poetry add)\b(?P<rest>[^`\n|]*)"
)
NAMED = re.compile(r"(?<![\w/.+-])entra-config(?:\[[\w,]+\])?(?!\S*\.whl)(?![\w/.-])(?P<at> @ )?")


def bare(text: str) -> list[str]:
    """Return the lines that install the bare name."""
    found = []
    for line in text.splitlines():
        for each in INSTALLS.finditer(line):
            # `--from WHERE` and `--spec WHERE` say where the program that is named after them comes from.
            named = list(NAMED.finditer(each["rest"]))
            if (
                named
                and not named[0]["at"]
                and not re.search(r"--from|--spec|\.whl|requirements", each["rest"])
            ):
                found.append(line)
    return found


@pytest.mark.parametrize(
    ("line", "reported"),
    [
        ("pip install entra-config", True),
        ("pip install 'entra-config[emulator]'", True),
        ("run uvx entra-config demo", True),
        ("pipx run entra-config demo", True),
        ("pip download --no-deps entra-config==0.1.0", True),
        ("uv tool install --force 'entra-config[aws]'", True),
        ("pip install 'entra-config[emulator] @ git+https://github.com/OWNER/entra-config@TAG'", False),
        (
            "uvx --from 'entra-config[emulator] @ git+https://example.com/e@TAG' entra-config demo",
            False,
        ),
        ("pip install 'dist/entra_config-0.1.0-py3-none-any.whl[emulator]'", False),
        ("pip install -r entra-config.lock", False),
    ],
)
def test_the_bare_name_is_found(line: str, reported: bool) -> None:
    """What is looked for is found, and nothing else."""
    assert bool(bare(line)) == reported


def test_nothing_of_ours_installs_the_bare_name_from_an_index() -> None:
    """Documentation, messages, workflows, scripts, examples."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=PROJECT, check=True, capture_output=True, text=True
    )
    reported = {}
    for name in listed.stdout.split("\0"):
        path = PROJECT / name
        if name.startswith("tests/") or not path.is_file() or path.suffix in {".lock", ".png", ".ico"}:
            continue
        found = bare(path.read_text(encoding="utf-8", errors="ignore"))
        reported |= {name: found} if found else {}

    assert reported == {}


WHEEL = '{"url": "file:///tmp/entra_config-0.1.0-py3-none-any.whl", "archive_info": {}}'
COMMIT = '{"url": "https://example.com/e.git", "vcs_info": {"vcs": "git", "commit_id": "c0ffee"}}'
EDITABLE = '{"url": "file:///home/me/my%20clone", "dir_info": {"editable": true}}'


@pytest.mark.parametrize(
    ("origin", "prefix", "line"),
    [
        (None, "/x/.venv", f"pip install 'entra-config[aws] @ {extras.SOURCE}'"),
        (
            WHEEL,
            "/x/.venv",
            "pip install 'entra-config[aws] @ file:///tmp/entra_config-0.1.0-py3-none-any.whl'",
        ),
        (COMMIT, "/x/.venv", "pip install 'entra-config[aws] @ git+https://example.com/e.git@c0ffee'"),
        (EDITABLE, "/x/.venv", "pip install -e '/home/me/my clone[aws]'"),
        (
            COMMIT,
            "/home/me/.local/share/uv/tools/entra-config",
            "uv tool install --force 'entra-config[emulator,aws] @ git+https://example.com/e.git@c0ffee'",
        ),
        (
            WHEEL,
            r"C:\\Users\\me\\pipx\\venvs\\entra-config".replace("\\\\", "\\"),
            "pipx install --force 'entra-config[emulator,aws] @ file:///tmp/entra_config-0.1.0-py3-none-any.whl'",
        ),
    ],
)
def test_a_missing_extra_is_installed_from_where_the_program_came(
    origin: str | None, prefix: str, line: str
) -> None:
    """Pip adds to what is there; uv and pipx begin anew, with the extras that were there."""
    assert extras.install_line("aws", ["emulator"], origin, prefix) == line
