"""A process that dies at one of its writes."""

from __future__ import annotations

from entra_emulator.embedded import Embedded


class KilledError(BaseException):
    """The process is gone."""


def kill(tenant: Embedded, write: int, phase: str) -> None:
    """Let the process die at its n-th write from now, before or after Graph carries it out."""
    seen = 0

    def on_call(_number: int, when: str, method: str, path: str) -> None:
        nonlocal seen
        seen += when == phase and method != "GET"
        if seen == write:
            raise KilledError

    tenant.faults.on_call = on_call
