"""The catalogue of refusals: every code renders, and every code is answered somewhere."""

import re
import string
from pathlib import Path

import pytest

from entra_emulator.login import catalogue, errors

FOLDER = Path(errors.__file__).parent
SOURCE = "\n".join(
    path.read_text(encoding="utf-8") for path in sorted(FOLDER.rglob("*.py")) if "catalogue" not in path.name
)


@pytest.mark.parametrize("code", sorted(catalogue.CATALOGUE))
def test_each_code_renders(code: int) -> None:
    """Each text takes its gaps, and an `invalid_client` is 401 where all else is 400."""
    entry = catalogue.CATALOGUE[code]
    gaps = {name: f"<{name}>" for _, name, _, _ in string.Formatter().parse(entry.text) if name}
    error = errors.LoginError(code, **gaps)
    assert str(error).startswith(f"AADSTS{code}: ")
    assert all(text in error.text for text in gaps.values())
    assert "{" not in error.text.replace("{EmailHidden}", "")
    assert error.status == (401 if entry.error == "invalid_client" else 400)


def test_each_code_is_answered_somewhere() -> None:
    """No code stands in the catalogue that nothing raises."""
    raised = {int(code) for code in re.findall(r"\b(\d{5,7})\b", SOURCE)}
    assert set(catalogue.CATALOGUE) <= raised
