"""`validate` reports what `settings` and `test` would refuse, each at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.ran import Run


def _edit(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / "manifests" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "place", "message"),
    [
        (
            (
                "applications/api.yaml",
                "      Admin:",
                "      admin-: { description: x }\n      Admin:",
            ),
            "manifests/entra-config.yaml:29",
            "`Admin` and `admin-` would both be the constant",
        ),
        (
            (
                "entra-config.yaml",
                "readRecords:  {",
                "read-records: {}\n        readRecords:  {",
            ),
            "manifests/entra-config.yaml:29",
            "would both be the constant",
        ),
        (
            (
                "tests/people.yaml",
                "roles:               [Reader",
                "roles:               [Raeder",
            ),
            "manifests/tests/people.yaml:26",
            "`Raeder` is not a role of `api`. Did you mean `Reader`?",
        ),
        (
            (
                "tests/machines.yaml",
                "client: nightly",
                "client: nigthly",
            ),
            "manifests/tests/machines.yaml:9",
            "`nigthly` is not an application of the manifest. Did you mean `nightly`?",
        ),
        (
            (
                "tests/machines.yaml",
                "roles: [Writer]",
                "roles: [Writter]",
            ),
            "manifests/tests/machines.yaml:12",
            "`Writter` is not a role of `api`. Did you mean `Writer`?",
        ),
        (
            (
                "tests/clients.yaml",
                "asks: [api/user.read]",
                "asks: [apis/user.read]",
            ),
            "manifests/tests/clients.yaml:",
            "`apis` is not an API of the manifest. Did you mean `api`?",
        ),
    ],
)
def test_what_would_be_refused_later_is_reported(
    change: tuple[str, str, str], place: str, message: str, run: Run, folder: Path
) -> None:
    """With file and line, and exit code 1."""
    assert run("validate").code == 0
    _edit(folder, *change)

    ran = run("validate")

    assert ran.code == 1
    assert place in ran.err
    assert message in ran.err
