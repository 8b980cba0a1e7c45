"""Colours that everybody can read: 4.5:1 on the ground that a terminal says it has, and on black and white
where it says none.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import pytest
from rich.color import Color, ColorSystem

from entra_config.report import palette

LEAST = 4.5
GROUNDS = {
    "light": ("#ffffff", "#fafafa"),
    "dark": ("#000000", "#13161a", "#1e1e1e", "#282c34"),
    "unknown": ("#000000", "#ffffff"),
}


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, as WCAG 2 defines it."""
    parts = (int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours."""
    first, second = sorted((luminance(one), luminance(other)), reverse=True)
    return (first + 0.05) / (second + 0.05)


def drawn(style: str, *, many: bool) -> str:
    """Return the very colour that a terminal shows for a style: of 256 that which rich takes for it."""
    colour = Color.parse(style.removeprefix("bold "))
    shown = colour if many else colour.downgrade(ColorSystem.EIGHT_BIT)
    return shown.get_truecolor().hex


@pytest.mark.parametrize(("on", "many"), [*itertools.product(GROUNDS, (True, False))])
def test_each_style_can_be_read(on: Any, many: bool) -> None:
    """Each style has its contrast on each ground, or no colour at all and is bold."""
    for name, style in palette.styles(on, many=many).items():
        if style != "bold":
            found = {ground: contrast(drawn(style, many=many), ground) for ground in GROUNDS[on]}
            assert min(found.values()) >= LEAST, (name, style, found)


def test_the_referee_knows_a_colour_that_cannot_be_read() -> None:
    """Green on white, as most terminals have it, fails."""
    assert contrast("#00aa00", "#ffffff") < LEAST < contrast("#17663a", "#ffffff")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("15;0", "dark"),
        ("0;15", "light"),
        ("0;default;15", "light"),
        ("12;8", "dark"),
        ("0;7", "light"),
        ("", "unknown"),
        ("15;default", "unknown"),
        ("0;99", "unknown"),
        ("0;²", "unknown"),
    ],
)
def test_the_ground_is_what_the_terminal_says(said: str, expected: str) -> None:
    """Terminals set COLORFGBG, or nothing."""
    assert palette.ground(said) == expected


def test_risk_is_red_and_nothing_else_is() -> None:
    """Red is risk, failure and what destroys; amber what waits or is refused."""
    styles: Mapping[str, str] = palette.styles("light", many=True)
    red = {name for name, style in styles.items() if palette.COLOURS["light"]["high"] in style}
    assert red == {"high", "red", "bold red"}
