"""A file's name in; the first minutes in a terminal as one moving picture (SVG), out.

A shell in tmux types (`make pictures`). It plays once and stays at its end; whoever asked for less motion
sees the end alone. Nothing in it is fetched from anywhere.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from pictures import THEMES
from rich.color import Color
from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parents[2]
COLUMNS, ROWS = 96, 28
PROMPT = "$ "
# What is typed, and for how many seconds its end is read.
STORY = (
    ("entra-config emulator start", 1.5),
    ("export ENTRA_CONFIG_CLOUD=emulator", 0.8),
    ("entra-config plan -e dev", 4.0),
    ("entra-config apply -e dev --auto-approve", 3.0),
    ("entra-config test", 2.5),
    ("entra-config access -e dev", 5.0),
)
WIDTH, HEIGHT, SIZE = 8.4, 18, 14
THEME = THEMES["dark"]


@dataclass(frozen=True)
class Frame:
    """What the terminal shows, with its colours, and for how many seconds."""

    text: str
    seconds: float


def frames() -> list[Frame]:
    """Type the story; return what was seen, one frame where something changed."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "manifests", Path(folder) / "manifests")
        tmux = ["tmux", "-L", f"recording-{os.getpid()}", "-f", "/dev/null"]
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ENTRA_CONFIG")}
        environ = kept | {
            "PS1": PROMPT,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "COLORTERM": "truecolor",
            "COLORFGBG": "15;0",
        }
        size = ["-x", str(COLUMNS), "-y", str(ROWS)]
        shell = ["env", f"PS1={PROMPT}", "bash", "--norc", "--noprofile"]
        start = [*tmux, "new-session", "-d", *size, "-c", folder, *shell]
        subprocess.run(start, env=environ, check=True)
        try:
            return list(_told(tmux))
        finally:
            stop = ["entra-config", "emulator", "stop"]
            subprocess.run(stop, cwd=folder, env=environ, check=False, capture_output=True)
            subprocess.run([*tmux, "kill-server"], check=False)


def _told(tmux: list[str]) -> Iterator[Frame]:
    for line, seconds in STORY:
        before = _settled(tmux)
        subprocess.run([*tmux, "send-keys", "-l", line], check=True)
        typed = _settled(tmux)
        yield Frame(typed if typed != before else before, 1.0)
        subprocess.run([*tmux, "send-keys", "Enter"], check=True)
        shown = typed
        while not _ended(tmux):
            now = _pane(tmux)
            if now != shown:
                yield Frame(now, 0.25)
                shown = now
            time.sleep(0.25)
        yield Frame(_settled(tmux), seconds)


def _ended(tmux: list[str]) -> bool:
    """Tell whether the prompt waits: the shell runs nothing, and the last line is empty but for it."""
    time.sleep(0.3)
    asked = [*tmux, "display-message", "-p", "#{pane_current_command}"]
    running = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    last = Text.from_ansi(_pane(tmux)).plain.rstrip().splitlines()[-1:]
    return running == "bash" and last == [PROMPT.strip()]


def _settled(tmux: list[str]) -> str:
    """Return the pane once it stays as it is."""
    seen = _pane(tmux)
    while True:
        time.sleep(0.2)
        now = _pane(tmux)
        if now == seen:
            return now
        seen = now


def _pane(tmux: list[str]) -> str:
    shown = subprocess.run([*tmux, "capture-pane", "-p", "-e"], capture_output=True, text=True, check=True)
    return shown.stdout


def drawn(story: list[Frame], title: str) -> str:
    """Return the frames as one SVG."""
    width, height = round(COLUMNS * WIDTH + 24), ROWS * HEIGHT + 24
    total = sum(each.seconds for each in story)
    rules, groups, at = [], [], 0.0
    for number, frame in enumerate(story):
        begins, ends = (100 * at / total, 100 * (at + frame.seconds) / total)
        last = number == len(story) - 1
        after = "100% { visibility: visible }" if last else f"{ends:.2f}%, 100% {{ visibility: hidden }}"
        before = f"0% {{ visibility: hidden }} {begins:.2f}% {{ visibility: visible }}"
        shown = "0% { visibility: visible }" if number == 0 else before
        rules.append(f"@keyframes f{number} {{ {shown} {after} }}")
        rules.append(f".f{number} {{ animation: f{number} {total:.1f}s step-end forwards }}")
        groups.append(f'<g class="f f{number}{" end" if last else ""}">{"".join(_lines(frame.text))}</g>')
        at += frame.seconds
    ground, ink = (f"#{_hex(each)}" for each in (THEME.background_color, THEME.foreground_color))
    style = (
        f"text {{ font: {SIZE}px ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: {ink}; "
        "white-space: pre } .f { visibility: hidden } .b { font-weight: 700 } " + " ".join(rules) + " "
        "@media (prefers-reduced-motion: reduce) "
        "{ .f { animation: none; visibility: hidden } .f.end { visibility: visible } }"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label={quoteattr(title)} '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"><title>{escape(title)}</title>'
        f'<style>{style}</style><rect width="100%" height="100%" rx="8" fill="{ground}"/>'
        f"{''.join(groups)}</svg>\n"
    )


def _lines(text: str) -> Iterator[str]:
    """Yield each line of a screen; each run of one colour stands at its own column, whatever the font is."""
    console = Console(file=io.StringIO(), width=COLUMNS, color_system="truecolor", force_terminal=True)
    for row, line in enumerate(text.rstrip("\n").split("\n")):
        column, spans = 0, []
        for segment in Text.from_ansi(line).render(console):
            words, style = segment.text.rstrip("\n"), segment.style
            if words.strip():
                color = style.color if style else None
                fill = f' fill="#{_hex(_seen(color))}"' if color and not color.is_default else ""
                bold = ' class="b"' if style and style.bold else ""
                long = f' textLength="{len(words) * WIDTH:.1f}" lengthAdjust="spacingAndGlyphs"'
                spans.append(
                    f'<tspan x="{12 + column * WIDTH:.1f}"{long}{fill}{bold}>{escape(words)}</tspan>'
                )
            column += len(words)
        if spans:
            yield f'<text y="{12 + (row + 1) * HEIGHT - 4}">{"".join(spans)}</text>'


def _seen(color: Color) -> tuple[int, int, int]:
    return color.get_truecolor(THEME)


def _hex(color: tuple[int, int, int]) -> str:
    return "".join(f"{each:02x}" for each in color)


if __name__ == "__main__":
    TITLE = "A terminal: the emulator starts; plan, apply, access tests, and who has access in the end"
    Path(sys.argv[1]).write_text(drawn(frames(), TITLE), encoding="utf-8")
