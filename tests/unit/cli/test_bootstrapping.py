"""Where `bootstrap` finds the repository and its manifest, and what it says where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.bootstrap.model import Files
from entra_config.cli import bootstrapping
from entra_config.cli.options import Common
from entra_config.errors import UsageError


@pytest.mark.parametrize("named", ["manifests", "infra/entra-config.yaml"])
def test_without_a_manifest_it_says_how_to_begin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    """An empty repository has none: that is said, and not that it stands in the wrong folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()

    with pytest.raises(UsageError, match=f"^{named}: there is no manifest .*entra-config init"):
        bootstrapping.place(Common(manifest=Path(named)))


def test_a_manifest_at_the_root_needs_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside it there would be no room for `pipeline/`."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / "entra-config.yaml").touch()

    with pytest.raises(UsageError, match="needs a folder of its own"):
        bootstrapping.place(Common(manifest=Path()))


@pytest.mark.parametrize(
    ("files", "shown"),
    [
        (Files({"a": "x\n"}), ["+ a"]),
        (Files({"a": "x\n"}, {"a": "y\n"}), ["~ a"]),
        (Files({"a": "x\n", "b": "x\n"}, {"b": "y\n"}), ["+ a", "~ b"]),
        (Files({"a": "x\n"}, {"a": "x\n"}), []),
        (Files({"a": "x\n"}, {"a": "x\n"}, ("kept",)), ["! kept"]),
        (Files({"a": "x\n"}, {}, ("kept",)), ["+ a", "! kept"]),
        (Files({}), []),
    ],
)
def test_new_files_and_changed_ones_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: Files, shown: list[str]
) -> None:
    """What is as it shall be is not told; what somebody added and stays is; a blank line ends each part."""
    monkeypatch.chdir(tmp_path)
    where = bootstrapping.Checkout(tmp_path, Path("manifests"), "manifests", "pipeline")
    lines = ["".join(text for text, _ in each.spans) for each in bootstrapping._lines(where, files)]

    assert [each for each in lines if each[:2] in ("+ ", "~ ", "! ")] == shown
    assert (lines[-1:] == [""]) == bool(shown)
