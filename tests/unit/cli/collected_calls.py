"""What a part of a command is called with, collected in place of its work."""

from __future__ import annotations

from typing import Any

import pytest

Calls = list[tuple[Any, ...]]


def collected(monkeypatch: pytest.MonkeyPatch, module: object, name: str, *, later: bool = True) -> Calls:
    """Let a part of a command do nothing but end with 2; collect what it gets, but for the common options."""
    calls: Calls = []

    async def work(*given: Any, **more: Any) -> int:
        calls.append((*given, *([more] if more else [])))
        return 2

    def at_once(*given: Any, **more: Any) -> int:
        calls.append((*given, *([more] if more else [])))
        return 2

    monkeypatch.setattr(module, name, work if later else at_once)
    return calls
