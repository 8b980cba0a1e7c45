"""A folder in; what a terminal shows of plan, apply, drift, access, an error and help, as pictures, out.

tmux is the terminal, 80 and 200 columns wide; each picture is its text, and an SVG of it on a dark and on a
light ground that loads nothing: `make terminal`. `--kept`: those that docs/terminal.md shows.
"""

from __future__ import annotations

import argparse
import io
import itertools
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

ROOT = Path(__file__).parents[2]
WIDTHS = (80, 200)
GROUNDS = {"dark": "15;0", "light": "0;15"}
_ANSI = [
    (0, 0, 0),
    (170, 0, 0),
    (0, 130, 0),
    (130, 90, 0),
    (0, 0, 200),
    (140, 0, 140),
    (0, 120, 130),
    (120, 120, 120),
]
THEMES = {
    "dark": TerminalTheme((19, 22, 26), (231, 233, 236), _ANSI),
    "light": TerminalTheme((255, 255, 255), (21, 24, 28), _ANSI),
}
# Rich's own asks a host on the network for a font.
SVG = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
# A tenant in this process, on which a command line is run; the ones before it only prepare it.
PROGRAM = """
import contextlib, io, os, sys
from entra_config.cli import main
from entra_config.cli.demo import tampering
from entra_config.cli.demo.story import session
from entra_emulator.api import Embedded, FaultPlan
tenant = Embedded.create()
tampering.population(tenant)
deployer = session(tenant)
for line in sys.argv[1:-1]:
    if line == "tamper":
        list(tampering.tamper(tenant))
    else:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            main.main(line.split(), deployer)
tenant.faults.set(FaultPlan(latency_ms=float(os.environ.get("LATENCY_MS", "0"))))
sys.exit(main.main(sys.argv[-1].split(), deployer))
"""
LARGE = 200  # applications, each with ten assignments
APPLIED = ("apply -e dev --auto-approve --quiet", "tamper")
END = "that-is-all"
_numbers = itertools.count()


@dataclass(frozen=True)
class Scene:
    """One command, what prepares its tenant, and of one that goes on what it shows when the picture is
    taken, with each request as slow as a tenant far away; `{large}` is a manifest of 200 applications.
    """

    command: str
    before: tuple[str, ...] = ()
    while_shown: str = ""


SCENES = {
    "plan": Scene("plan -e dev"),
    "repair": Scene("plan -e dev", APPLIED),
    "reading": Scene("plan -e bench -f {large}", while_shown=r"Reading.*\d/\d"),
    "apply": Scene("apply -e bench -f {large} --auto-approve", while_shown=r"\d{2,}/\d+ .*/s"),
    "applied": Scene("apply -e dev --auto-approve"),
    "drift": Scene("drift -e dev", APPLIED),
    "access": Scene("access -e dev --explain", APPLIED),
    "error": Scene("plan -e nowhere"),
    "help": Scene("plan --help"),
}
KEPT = ("repair", "apply", "drift", "access")  # at 80 columns, below docs/images


def shown(scene: Scene, columns: int, ground: str) -> str:
    """Return what a terminal of so many columns shows of a scene, with its colours."""
    # A name of its own: the server of the last picture may still be on its way out.
    tmux = ["tmux", "-L", f"pictures-{os.getpid()}-{next(_numbers)}", "-f", "/dev/null"]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        script = _script(scene, folder)
        env = {
            key: value for key, value in os.environ.items() if key not in {"NO_COLOR", "FORCE_COLOR", "CI"}
        }
        env |= {"COLORFGBG": GROUNDS[ground], "COLORTERM": "truecolor"}
        env |= {"LATENCY_MS": "400"} if scene.while_shown else {}
        # Of what goes on one screen is shown, of what has ended all of it.
        size = ["-x", str(columns), "-y", "24" if scene.while_shown else "120"]
        start = [*tmux, "new-session", "-d", *size, f"COLORTERM=truecolor sh {script}"]
        subprocess.run(start, env=env, check=True)
        try:
            return _taken(tmux, scene)
        finally:
            subprocess.run([*tmux, "kill-server"], check=False)


def _script(scene: Scene, folder: Path) -> Path:
    """Write what runs the scene; its last line is `END`, and stays."""
    (folder / "program.py").write_text(PROGRAM, encoding="utf-8")
    command = scene.command
    if "{large}" in command:
        from tools.bench import large_manifest

        (folder / "large").mkdir()
        large_manifest.write(folder / "large", LARGE, 0)
        command = command.replace("{large}", str(folder / "large"))
    words = shlex.join([sys.executable, str(folder / "program.py"), *scene.before, command])
    script = folder / "run.sh"
    script.write_text(f"cd {shlex.quote(str(ROOT))}\n{words}\necho {END}\nsleep 600\n", encoding="utf-8")
    return script


def _taken(tmux: list[str], scene: Scene) -> str:
    """Return the pane when the command has ended, or, of one that goes on, as soon as it shows what is
    waited for.
    """
    deadline, text = time.monotonic() + 240, ""
    capture = [*tmux, "capture-pane", "-p", "-e", *([] if scene.while_shown else ["-S", "-"])]
    while time.monotonic() < deadline:
        pane = subprocess.run(capture, capture_output=True, check=True)
        text = pane.stdout.decode()
        plain = Text.from_ansi(text).plain
        if scene.while_shown and re.search(scene.while_shown, plain):
            return text.rstrip() + "\n"
        if END in plain:
            if scene.while_shown:
                break
            return text.partition(END)[0].rstrip() + "\n"
        time.sleep(0.2)
    raise TimeoutError(f"the picture of {scene.command} was not to be taken:\n{text}")


def svg(text: str, scene: Scene, columns: int, ground: str) -> str:
    """Return a picture of what was shown."""
    console = Console(record=True, width=columns, file=io.StringIO())
    console.print(Text.from_ansi(text), soft_wrap=True)
    title = f"entra-config {scene.command.replace(' -f {large}', '')}"
    return console.export_svg(title=title, theme=THEMES[ground], code_format=SVG, unique_id="terminal")


def write(folder: Path, names: tuple[str, ...], widths: tuple[int, ...]) -> Iterator[Path]:
    """Write the pictures of some scenes; yield where each is."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, columns, ground in itertools.product(names, widths, GROUNDS):
        text = shown(SCENES[name], columns, ground)
        path = folder / f"{name}-{columns}-{ground}.svg"
        path.with_suffix(".txt").write_text(Text.from_ansi(text).plain, encoding="utf-8")
        path.write_text(svg(text, SCENES[name], columns, ground), encoding="utf-8")
        yield path


def main() -> None:
    """Write all pictures, or those that are kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kept", action="store_true", help="those of docs/terminal.md, without their texts")
    parser.add_argument("--only", choices=SCENES, help="the pictures of one scene")
    given = parser.parse_args()
    names = KEPT if given.kept else (given.only,) if given.only else tuple(SCENES)
    for path in write(given.folder, names, WIDTHS[:1] if given.kept else WIDTHS):
        if given.kept:
            path.with_suffix(".txt").unlink()
        print(path)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
