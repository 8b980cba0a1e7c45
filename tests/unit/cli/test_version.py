"""The version with the commit that it was built from, and the extras that are installed."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from entra_config.cli import version


@pytest.mark.parametrize(
    ("url", "checkout", "said"),
    [
        (None, None, "entra-config 1.2"),
        (None, "b" * 40, f"entra-config 1.2 (commit {'b' * 12})"),
        (
            json.dumps({"vcs_info": {"commit_id": "a" * 40}}),
            "b" * 40,
            f"entra-config 1.2 (commit {'a' * 12})",
        ),
        (json.dumps({"dir_info": {}}), None, "entra-config 1.2"),
        (json.dumps({"dir_info": {}}), "b" * 40, f"entra-config 1.2 (commit {'b' * 12})"),
    ],
)
@pytest.mark.parametrize("extras", [[], ["aws", "fleet"]])
def test_the_version_says_its_commit(
    monkeypatch: pytest.MonkeyPatch, url: str | None, checkout: str | None, said: str, extras: list[str]
) -> None:
    """Of what pip installed, else of the checkout; and which extras are here."""
    known = SimpleNamespace(version="1.2", read_text=lambda name: url if name == "direct_url.json" else None)
    monkeypatch.setattr(version, "distribution", lambda _: known)
    monkeypatch.setattr(version, "_checked_out", lambda _: checkout)
    monkeypatch.setattr("entra_config.extras.installed", lambda: extras)
    assert version.lines() == [said, f"extras: {', '.join(extras) or 'none'}"]


def test_a_wheel_is_of_no_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is a folder that git knows nothing of."""
    assert version._checked_out(tmp_path) is None
    (tmp_path / ".git").mkdir()
    assert version._checked_out(tmp_path) is None
    done = SimpleNamespace(stdout="abc\n")
    calls: list[Any] = []

    def run(words: list[str], **settings: Any) -> Any:
        calls.append((words, settings))
        return done

    monkeypatch.setattr("subprocess.run", run)
    assert version._checked_out(tmp_path) == "abc"
    how = {"check": True, "capture_output": True, "text": True, "timeout": 5}
    assert calls == [(["git", "-C", str(tmp_path), "rev-parse", "HEAD"], how)]
