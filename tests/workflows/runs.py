"""What starts a run of a workflow, and what becomes of its jobs."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[2]


@dataclass
class Result:
    """What became of a job: did it succeed, its outputs, what it printed, its summary."""

    ok: bool
    outputs: dict[str, str] = field(default_factory=dict)
    log: str = ""
    summary: str = ""
    skipped: bool = False

    @property
    def result(self) -> str:
        """Return what `needs.JOB.result` says."""
        return "skipped" if self.skipped else "success" if self.ok else "failure"


@dataclass(frozen=True)
class Event:
    """What started a run: a pull request, a push, a schedule, a hand."""

    name: str
    ref: str
    sha: str
    payload: dict[str, Any] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)


def assert_all(jobs: dict[str, Result], *results: str) -> None:
    """Assert that every job ended in one of these ways."""
    odd = {name: job.log[-3000:] for name, job in jobs.items() if job.result not in results}
    assert not odd, "\n".join(f"{name}: {log}" for name, log in odd.items())
