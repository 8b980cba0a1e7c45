"""How the jobs of a pipeline get this tool: lock files by hash, or its own source."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from entra_config.bootstrap import templates, tool
from entra_config.errors import UsageError

WHEEL = "entra_config-1.2.3-py3-none-any.whl"
HASH = f"sha256:{hashlib.sha256(b'wheel').hexdigest()}"


@pytest.fixture(name="wheel")
def _wheel(tmp_path: Path) -> Path:
    path = tmp_path / WHEEL
    path.write_bytes(b"wheel")
    return path


@pytest.mark.parametrize(
    ("host", "folder", "sinks", "names"),
    [
        ("github", ".github/actions/install", False, ["requirements.lock"]),
        ("gitlab", ".gitlab/install", True, ["requirements.lock", "requirements-sinks.lock"]),
    ],
)
def test_the_jobs_install_one_wheel_and_what_it_needs(  # noqa: PLR0917  # the columns of a table
    host: str, folder: str, sinks: bool, names: list[str], wheel: Path, tmp_path: Path
) -> None:
    """Hold every file, whole: the wheel by its hash, and the lock files of this version."""
    head = f"# Written by `entra-config bootstrap {host}`: what its version 1.2.3 needs.\n"
    assert tool.files(tmp_path, host, "1.2.3", wheel, sinks=sinks) == {
        f"{folder}/entra-config.lock": (
            f"# Written by `entra-config bootstrap {host} --wheel FILE`: the jobs install this very wheel, "
            f"whatever their index offers.\nentra-config==1.2.3 \\\n    --hash={HASH}\n"
        ),
        **{f"{folder}/{name}": head + templates.requirements(name) for name in names},
    }


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"entra-config==1.2.3 \\\n    --hash={HASH}\n", True),
        (f"entra-config==1.2.4 \\\n    --hash={HASH}\n", False),
        (f"entra-config==1.2.34 \\\n    --hash={HASH}\n", False),
        ("entra-config==1.2.3 \\\n    --hash=sha256:abc\n", False),
        ("", False),
    ],
    ids=["this version", "another", "one that begins so", "no hash", "nothing"],
)
def test_the_hash_that_stands_there_stays_for_its_version(text: str, kept: bool, tmp_path: Path) -> None:
    """Hold that nobody has to say the wheel again, and that another version needs another one."""
    lock = tmp_path / tool.FOLDERS["github"] / tool.LOCK
    lock.parent.mkdir(parents=True)
    lock.write_text(text, encoding="utf-8")
    if kept:
        found = tool.files(tmp_path, "github", "1.2.3", None)
        assert f"--hash={HASH}\n" in found[f"{tool.FOLDERS['github']}/{tool.LOCK}"]
        return
    with pytest.raises(UsageError, match="which wheel do the jobs install"):
        tool.files(tmp_path, "github", "1.2.3", None)


@pytest.mark.parametrize("name", ["entra_config-1.2.4-py3-none-any.whl", "entra_config-1.2.3-py3.zip"])
def test_another_file_is_no_wheel_of_this_version(name: str, tmp_path: Path) -> None:
    """Hold what is expected."""
    with pytest.raises(UsageError) as refused:
        tool.files(tmp_path, "github", "1.2.3", tmp_path / name)
    assert str(refused.value) == (
        f"--wheel {tmp_path / name}: expected entra_config-1.2.3-….whl, the version that writes these files"
    )


def test_a_wheel_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """Hold why."""
    with pytest.raises(UsageError, match="cannot be read: No such file or directory"):
        tool.files(tmp_path, "github", "1.2.3", tmp_path / WHEEL)


@pytest.mark.parametrize(
    ("names", "own"),
    [
        (("entra_config/cli/main.py", "requirements.lock"), True),
        (("entra_config/cli/main.py",), False),
        (("requirements.lock",), False),
        ((), False),
    ],
)
def test_a_repository_is_the_tool_s_own(
    names: tuple[str, ...], own: bool, wheel: Path, tmp_path: Path
) -> None:
    """Hold that both files say so, and that its jobs install what they check out."""
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")

    assert tool.is_source(tmp_path) is own
    assert (tool.files(tmp_path, "github", "1.2.3", wheel) == {}) is own
