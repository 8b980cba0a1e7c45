"""What is known of a terminal's ground in, a colour for each style out: 4.5:1 at least, where no ground is
known on black and on white.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Ground = Literal["light", "dark", "unknown"]
Meaning = Literal["high", "mid", "ok", "accent", "soft"]

# "Unknown" are the few of 16 million that have 4.5:1 on black as on white.
COLOURS: Mapping[Ground, Mapping[Meaning, str]] = {
    "light": {"high": "#b0121d", "mid": "#7d4a00", "ok": "#17663a", "accent": "#3346ad", "soft": "#59626e"},
    "dark": {"high": "#ff938d", "mid": "#efb45c", "ok": "#74cf98", "accent": "#a9b6ff", "soft": "#9ba4b0"},
    "unknown": {
        "high": "#eb0000",
        "mid": "#9c6c00",
        "ok": "#00875f",
        "accent": "#5f5fff",
        "soft": "#767676",
    },
}
# Of 256 colours no red but a dull one has it there, and no amber: that is bold alone.
FEW: Mapping[Meaning, str] = {**COLOURS["unknown"], "high": "#af5f5f", "mid": ""}
# What the reports call their styles, and what each means. Red is risk, and what destroys; amber is what is
# refused, withheld, or wrong.
STYLES: Mapping[str, Meaning] = {
    "high": "high",
    "mid": "mid",
    "red": "high",
    "bold red": "high",
    "yellow": "mid",
    "bold yellow": "mid",
    "magenta": "mid",
    "green": "ok",
    "bold green": "ok",
    "cyan": "accent",
    "bold cyan": "accent",
    "dim": "soft",
}
# What rich's bars call theirs; its own green is too dark on dark.
BARS: Mapping[str, str] = {
    "bar.back": "dim",
    "bar.complete": "cyan",
    "bar.finished": "green",
    "bar.pulse": "cyan",
    "progress.download": "dim",
    "progress.spinner": "cyan",
}
_BOLD = frozenset({"high", "mid"})


def ground(colorfgbg: str) -> Ground:
    """Return the ground by `COLORFGBG` (`15;0`: foreground and background, by their numbers of 16)."""
    last = colorfgbg.rpartition(";")[2]
    if not last.isdecimal() or int(last) > 15:
        return "unknown"
    return "dark" if int(last) in {0, 1, 2, 3, 4, 5, 6, 8} else "light"


def styles(on: Ground, *, many: bool) -> dict[str, str]:
    """Return for each style what rich draws it with; `many`: the terminal has 16 million colours."""
    colours = FEW if on == "unknown" and not many else COLOURS[on]
    found = {}
    for name, meaning in STYLES.items():
        bold = "bold" if name in _BOLD or name.startswith("bold ") else ""
        found[name] = f"{bold or ('' if colours[meaning] else 'bold')} {colours[meaning]}".strip()
    return found | {name: found[like] for name, like in BARS.items()}
