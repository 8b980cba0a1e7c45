"""Where `bootstrap` finds the repository and its manifest, and what it says where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.bootstrap import checkout
from entra_config.errors import UsageError


@pytest.mark.parametrize("named", ["manifests", "infra/entra-config.yaml"])
def test_without_a_manifest_it_says_how_to_begin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    """An empty repository has none: that is said, and not that it stands in the wrong folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()

    with pytest.raises(UsageError, match=f"^{named}: there is no manifest .*entra-config init"):
        checkout.find(Path(named))


def test_a_manifest_at_the_root_needs_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside it there would be no room for `pipeline/`."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / "entra-config.yaml").touch()

    with pytest.raises(UsageError, match="needs a folder of its own"):
        checkout.find(Path())
