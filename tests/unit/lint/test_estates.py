"""Every case, an import of the seeded tenant and a first manifest: silent, or in a list of what somebody
looked at.
"""

from __future__ import annotations

from tests.unit.lint import estates


def test_nothing_is_told_that_nobody_looked_at() -> None:
    """The worked example is clean; each other finding is a line of expected.txt, and each line is a
    finding.
    """
    expected = estates.EXPECTED.read_text(encoding="utf-8").splitlines()

    assert list(estates.lines()) == expected
    assert not [line for line in expected if line.startswith("manifests:")]
