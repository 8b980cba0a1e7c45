"""Which repository on GitHub a checkout is, as its remote says it, and what is refused."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from entra_config.bootstrap import github_hub
from entra_config.bootstrap.gh import Gh, UnseenError
from entra_config.errors import UsageError


def remote(tmp_path: Path, url: str) -> str:
    """Return what a checkout with this remote is taken for."""
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    subprocess.run(["git", "-C", str(tmp_path), "remote", "add", "origin", url], check=True)
    return github_hub.remote(tmp_path)


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/example/my.app",
        "https://github.com/example/my.app.git",
        "https://ann@github.com/example/my.app/",
        "git@github.com:example/my.app.git",
        "ssh://git@github.com/example/my.app.git",
    ],
)
def test_the_remote_says_which_repository_it_is(tmp_path: Path, url: str) -> None:
    """In each form that git and GitHub write."""
    assert remote(tmp_path, url) == "example/my.app"


@pytest.mark.parametrize(
    "url", ["https://ghe.example.com/example/app", "git@github.com.evil.example:example/app.git"]
)
def test_another_server_is_refused(tmp_path: Path, url: str) -> None:
    """Its issuer and its subjects are its own."""
    with pytest.raises(UsageError, match="GitHub Enterprise Server"):
        remote(tmp_path, url)


def test_without_a_remote_it_has_to_be_said(tmp_path: Path) -> None:
    """A folder on disk is no repository on GitHub."""
    with pytest.raises(UsageError, match="--repository OWNER/NAME"):
        remote(tmp_path, str(tmp_path / "other"))


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("gh: Not Found (HTTP 404)", None),
        ("gh: Must have admin rights to Repository. (HTTP 403)", UnseenError),
        ("gh: Bad credentials (HTTP 401)", UnseenError),
        ("gh: Server Error (HTTP 502)", UsageError),
        ("error connecting to api.github.com", UsageError),
    ],
)
def test_what_gh_cannot_show_is_not_there_unseen_or_an_error(
    tmp_path: Path, said: str, found: type[Exception] | None
) -> None:
    """By the status that GitHub answered, in gh's own words."""
    program = tmp_path / "gh"
    program.write_text(f"#!/bin/sh\necho '{said}' >&2\nexit 1\n")
    program.chmod(0o755)
    if found is None:
        assert Gh(str(program)).get("repos/a/b") is None
        return
    with pytest.raises(found, match=re.escape(f"gh api repos/a/b: {said}")) as refused:
        Gh(str(program)).get("repos/a/b")
    assert type(refused.value) is found


@pytest.mark.parametrize(("code", "signed_in"), [(0, True), (1, False)])
def test_gh_says_whether_somebody_is_signed_in(tmp_path: Path, code: int, signed_in: bool) -> None:
    """By its exit code, of GitHub itself and no other server."""
    program = tmp_path / "gh"
    program.write_text(f'#!/bin/sh\nprintf %s "$*" > {tmp_path}/words\nexit {code}\n')
    program.chmod(0o755)
    assert Gh(str(program)).signed_in() is signed_in
    assert (tmp_path / "words").read_text() == "auth status --hostname github.com"
