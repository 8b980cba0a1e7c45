"""What is said of a module that is not there: the extra that brings it, and the line that installs it."""

from __future__ import annotations

import json
from importlib import metadata
from typing import Any

import pytest

from entra_config import extras

PIP, PIPX, UV = (
    "/home/a/venv",
    "/home/a/.local/pipx/venvs/entra-config",
    "C:\\Users\\a\\uv\\tools\\entra-config",
)
SOURCE = f"@ {extras.SOURCE}'"
GIT = {"url": "https://example.com/r", "vcs_info": {"vcs": "git", "commit_id": "abc"}}
EDITABLE = {"url": "file:///home/a/my%20code", "dir_info": {"editable": True}}
FOLDER = {"url": "file:///home/a/code", "dir_info": {}}


@pytest.mark.parametrize(
    ("origin", "prefix", "line"),
    [
        (None, PIP, f"pip install 'entra-config[aws] {SOURCE}"),
        (None, PIPX, f"pipx install --force 'entra-config[sdk,aws] {SOURCE}"),
        (None, UV, f"uv tool install --force 'entra-config[sdk,aws] {SOURCE}"),
        (GIT, PIP, "pip install 'entra-config[aws] @ git+https://example.com/r@abc'"),
        (EDITABLE, PIP, "pip install -e '/home/a/my code[aws]'"),
        (EDITABLE, PIPX, "pipx install --force 'entra-config[sdk,aws] @ file:///home/a/my%20code'"),
        (FOLDER, PIP, "pip install 'entra-config[aws] @ file:///home/a/code'"),
    ],
    ids=["unknown", "pipx", "uv", "git", "editable", "editable in pipx", "a folder"],
)
def test_the_line_installs_the_program_from_where_it_came(origin: Any, prefix: str, line: str) -> None:
    """Hold that what begins anew names the other extras too, and pip adds to what is there."""
    known = json.dumps(origin) if origin else None
    assert extras.install_line("aws", ["sdk"], known, prefix) == line


def test_an_extra_that_is_there_already_is_named_once() -> None:
    """Hold that its place among the others stays."""
    line = extras.install_line("aws", ["aws", "sdk"], None, PIPX)
    assert line == f"pipx install --force 'entra-config[aws,sdk] {SOURCE}"


class Distribution:
    """An installed package, of which pip wrote where it came from."""

    @staticmethod
    def read_text(name: str) -> str:
        """Return what pip wrote."""
        assert name == "direct_url.json"
        return json.dumps(GIT)


def missing(name: str) -> Distribution:
    """Raise that a package is not installed."""
    raise metadata.PackageNotFoundError(name)


@pytest.mark.parametrize(
    ("distribution", "source"),
    [(lambda _: Distribution(), "git+https://example.com/r@abc"), (missing, extras.SOURCE)],
    ids=["installed", "not installed"],
)
def test_a_requirement_is_of_where_the_program_came_from(
    distribution: Any, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hold what pip is given, and what is said of an extra that is not there."""
    monkeypatch.setattr(metadata, "distribution", distribution)
    monkeypatch.setattr(extras, "installed", lambda: ["sdk"])
    monkeypatch.setattr("sys.prefix", PIPX)

    assert extras.requirement("aws", "sdk") == f"'entra-config[aws,sdk] @ {source}'"
    assert extras.lacking("aws") == (
        "this needs the extra `aws`, which is not installed: pipx install --force "
        f"'entra-config[sdk,aws] @ {source}'"
    )


@pytest.mark.parametrize(
    ("module", "extra"),
    [
        ("boto3", "aws"),
        ("botocore.session", "aws"),
        ("azure.keyvault.secrets", "azure"),
        ("azure.keyvault", "azure"),
        ("azure", None),
        ("azure.identity", None),
        ("boto", None),
        ("yaml", None),
    ],
)
def test_a_module_is_of_an_extra_by_its_name_or_that_of_what_it_is_in(
    module: str, extra: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hold that what the base has is of none."""
    monkeypatch.setattr(extras, "lacking", lambda name: f"lacks {name}")
    assert extras.advice(module) == (f"lacks {extra}" if extra else None)


def test_an_extra_is_there_with_all_of_its_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold that the first that is not there is named."""
    there = {"boto3", "nacl"}
    monkeypatch.setattr(extras, "find_spec", lambda name: name if name in there else None)

    assert extras.installed() == ["github"]
    extras.require("github")
    with pytest.raises(ModuleNotFoundError) as lacks:
        extras.require("aws")
    assert (lacks.value.name, str(lacks.value)) == ("botocore", "No module named 'botocore'")
