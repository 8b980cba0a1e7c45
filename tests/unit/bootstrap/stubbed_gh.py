"""A stub in place of GitHub's own command line."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

HIDDEN = "gh: Must have admin rights to Repository. (HTTP 403)"
GONE = "gh: Not Found (HTTP 404)"
Done = subprocess.CompletedProcess[str]


class Stub:
    """Stands in for the program: what it says to `gh api PATH`, and with which words it was called."""

    def __init__(self, responses: Mapping[str, Any]) -> None:
        self.responses, self.calls = responses, list[list[str]]()

    def __call__(self, words: Sequence[str], **settings: Any) -> Done:
        """Respond as gh does; what is not known is not found, text is what it complains of."""
        assert settings["env"] == {**os.environ, "GH_HOST": "github.com"}
        assert {name: value for name, value in settings.items() if name != "env"} == {
            "capture_output": True, "text": True, "timeout": 60, "check": False
        }  # fmt: skip
        self.calls.append(list(words))
        found = self.responses.get(words[-1], GONE)
        refused = isinstance(found, str)
        return Done(list(words), int(refused), "" if refused else json.dumps(found), found if refused else "")


def stubbed(monkeypatch: pytest.MonkeyPatch, responses: Mapping[str, Any]) -> Stub:
    """Let a stub stand in for the program."""
    stub = Stub(responses)
    monkeypatch.setattr(subprocess, "run", stub)
    return stub
