"""What the demo says is next: commands that work in the shell that ran it."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.cli.demo import story

WHY = "so that this shell finds entra-config"
REST = [
    ("entra-config emulator start", story.EMULATOR),
    ("entra-config plan -e dev --cloud emulator", "what yours would make there"),
]


@pytest.mark.parametrize(
    ("prefix", "found", "first"),
    [
        ("venv", "venv/bin/entra-config", []),
        ("venv", "other/bin/entra-config", ["export PATH=venv/bin:$PATH"]),
        ("venv", None, ["export PATH=venv/bin:$PATH"]),
        ("my venv", None, ["export PATH='my venv/bin':$PATH"]),
        ("pipx/venvs/entra-config", "pipx/venvs/entra-config/bin/entra-config", []),
    ],
)
def test_what_comes_next_works_in_this_shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prefix: str, found: str | None, first: list[str]
) -> None:
    """The program is found by its name, or it is said how; an example that is here stays."""
    monkeypatch.chdir(tmp_path)
    init = ("entra-config init", "start a manifest of your own")
    before = [(each, WHY) for each in first]
    assert story.next_steps(tmp_path, Path(prefix), found) == [*before, init, *REST]
    Path("manifests").mkdir()
    assert story.next_steps(tmp_path, Path(prefix), found) == [
        *before,
        ("entra-config init --project shop -f shop/manifests", init[1]),
        REST[0],
        ("entra-config plan -e dev -f shop/manifests --cloud emulator", REST[1][1]),
    ]


@pytest.mark.parametrize(
    ("prefix", "tag", "keeper"),
    [
        ("pipx/.cache/abc", None, "pipx install"),
        ("uv/archive/abc", "uv/CACHEDIR.TAG", "uv tool install"),
        ("uv/archive/abc", "uv/archive/CACHEDIR.TAG", "uv tool install"),
        ("uv/archive/abc", "uv/archive/abc/CACHEDIR.TAG", ""),
        ("pipx/venvs/abc", "pipx/CACHEDIR.TAG", ""),
        ("venv", None, ""),
    ],
)
def test_what_runs_out_of_a_cache_is_kept_first(
    tmp_path: Path, prefix: str, tag: str | None, keeper: str
) -> None:
    """By the tool that made it; your own environment is none."""
    (tmp_path / prefix).mkdir(parents=True)
    if tag is not None:
        (tmp_path / tag).touch()
    assert story.is_cached(tmp_path / prefix) is bool(keeper)
    (first, why), *_ = story.next_steps(tmp_path, tmp_path / prefix, None)
    if keeper:
        assert first.startswith(f"{keeper} ")
        assert "emulator" in first
        assert why == "keeps it: what ran now is of a cache"
    else:
        assert (first.startswith("export PATH="), why) == (True, WHY)


def test_the_commands_stand_below_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Why each is there begins in one column, of 64 at most."""
    rows = [("short", "one"), ("a longer one", "two")]
    monkeypatch.setattr(story, "next_steps", lambda *_: rows)
    assert story.format_next_steps() == "  short         one\n  a longer one  two\n"
    rows.append(("x" * 70, "three"))
    assert (
        story.format_next_steps() == f"  {'short':64}  one\n  {'a longer one':64}  two\n  {'x' * 70}  three\n"
    )
