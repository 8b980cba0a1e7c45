"""Which ground a terminal says that it has, and which styles are bold on it."""

from __future__ import annotations

import pytest

from entra_config.report import palette


@pytest.mark.parametrize(
    ("said", "ground"),
    [
        ("15;0", "dark"),
        ("0;15", "light"),
        ("0;7", "light"),
        ("0;8", "dark"),
        ("0;default;6", "dark"),
        ("9", "light"),
        ("0;16", "unknown"),
        ("", "unknown"),
        ("0;", "unknown"),
        ("0;x", "unknown"),
        ("0;-1", "unknown"),
    ],
)
def test_a_ground_is_told_by_its_number(said: str, ground: str) -> None:
    """The last one is the background; of 16 the first seven and the ninth are dark."""
    assert palette.ground(said) == ground
    for number in range(16):
        assert palette.ground(f"1;{number}") == ("dark" if number < 7 or number == 8 else "light")


def test_styles_that_warn_are_bold() -> None:
    """So is each that says so, and each without a colour."""
    dark, few = palette.styles("dark", many=False), palette.styles("unknown", many=False)
    assert (dark["high"], dark["red"], dark["bold red"]) == ("bold #ff938d", "#ff938d", "bold #ff938d")
    assert (few["high"], few["mid"], few["yellow"], few["dim"]) == ("bold #af5f5f", "bold", "bold", "#767676")
    assert palette.styles("unknown", many=True)["yellow"] == "#9c6c00"
    assert dark["bar.back"] == dark["dim"] == "#9ba4b0"
