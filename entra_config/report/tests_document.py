"""The published document of access tests: `entra-config test --format json`, and `plan --tests --format json` holds it too."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from entra_config.report.document import Document, Place


class Miss(Document):
    """One claim that is not as a test says."""

    claim: str = Field(description="A claim's name, `refused` for a refusal, `test` for a test that cannot be run.")
    expected: str
    found: str
    why: list[str] = Field(description="Why the token has it or has it not, as the emulator says.")
    places: list[Place] = Field(description="The lines of the manifest that decide it, the likeliest first.")


class TestResult(Document):
    """One test in one environment."""

    name: str
    environment: str
    position: Place
    passes: bool
    misses: list[Miss]


class TestNote(Document):
    """What the plan of an environment left out, so that it is not in the world of its tests."""

    environment: str
    message: str


class TestEdits(Document):
    """What changed of the tests since `--base`, by name."""

    removed: list[str]
    changed: list[str]
    added: list[str]
    unread: str = Field(description="Why the tests that were there cannot be read, so that all count as added; else empty.")


class TestsDocument(Document):
    """What came of access tests: `entra-config test --format json`."""

    version: Literal[1]
    kind: Literal["tests"]
    project: str
    tests: int = Field(description="How many tests ran; one that runs in several environments counts once.")
    failed: int = Field(description="How many of them fail in one environment at least.")
    results: list[TestResult]
    notes: list[TestNote]
    edits: TestEdits | None = Field(description="Null without --base.")
