"""A question on the terminal, and the one answer that counts."""

from __future__ import annotations

import pytest

from entra_config.cli.carrying import agreed


@pytest.mark.parametrize(
    ("typed", "counts"), [("yes", True), (" yes ", True), ("y", False), ("YES", False), ("", False)]
)
def test_only_the_very_answer_counts(
    typed: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *, counts: bool
) -> None:
    """The question is on stderr, beside what a pipe reads; what is in it cannot move the cursor."""
    monkeypatch.setattr("builtins.input", lambda: typed)
    assert agreed("Take \x1b[2J it away?", "yes") is counts
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("Take ")
    assert err.endswith(" it away? ")
    assert "\x1b" not in err
