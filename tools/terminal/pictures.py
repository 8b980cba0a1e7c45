"""A folder in; what a terminal shows of plan, apply, drift, access, an error and help, as pictures, out.

tmux is the terminal, 80 and 200 columns wide; each picture is its text, and an SVG of it on a dark and on a
light ground: `.venv/bin/python tools/terminal/pictures.py output/terminal`.
"""

from __future__ import annotations

import io
import os
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

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
# A tenant in this process, on which a command line is run; the ones before it only prepare it.
PROGRAM = """
import contextlib, io, os, sys
from entra_config.cli import main
from entra_config.cli.demo import tampering
from entra_config.cli.demo.story import session
from entra_config.emulator.embedded import Embedded
from entra_config.emulator.fault_plan import FaultPlan
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
APPLY = "apply -e dev --auto-approve --quiet"
# Name: what prepares, the command, after how many seconds the picture is taken (0: when it has ended).
SCENES = {
    "plan": ((), "plan -e dev", 0.0),
    "repair": ((APPLY, "tamper"), "plan -e dev", 0.0),
    "apply": ((), "apply -e dev --auto-approve", 2.5),
    "applied": ((), "apply -e dev --auto-approve", 0.0),
    "drift": ((APPLY, "tamper"), "drift -e dev", 0.0),
    "access": ((APPLY, "tamper"), "access -e dev --explain", 0.0),
    "error": ((), "plan -e nowhere", 0.0),
    "help": ((), "plan --help", 0.0),
}


def shown(scene: str, columns: int, ground: str) -> str:
    """Return what a terminal of so many columns shows of a scene, with its colours."""
    before, command, after = SCENES[scene]
    name, mark = f"pictures-{os.getpid()}", "that-is-all"
    tmux = ["tmux", "-L", name, "-f", "/dev/null"]
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "program.py"
        program.write_text(PROGRAM, encoding="utf-8")
        script = Path(folder) / "run.sh"
        words = shlex.join([sys.executable, str(program), *before, command])
        script.write_text(f"cd {shlex.quote(str(ROOT))}\n{words}\necho {mark}\nsleep 60\n", encoding="utf-8")
        env = {key: value for key, value in os.environ.items() if key not in {"NO_COLOR", "FORCE_COLOR"}}
        env |= {"COLORFGBG": GROUNDS[ground], "COLORTERM": "truecolor"}
        env |= {"LATENCY_MS": "400"} if after else {}
        size = ["-x", str(columns), "-y", "120"]
        start = [*tmux, "new-session", "-d", *size, f"COLORTERM=truecolor sh {script}"]
        subprocess.run(start, env=env, check=True)
        try:
            return _taken(tmux, mark, after)
        finally:
            subprocess.run([*tmux, "kill-server"], check=False)


def _taken(tmux: list[str], mark: str, after: float) -> str:
    """Return the pane when the command has ended, or, of one that goes on, some seconds after it showed
    something.
    """
    deadline, begun = time.monotonic() + 120, 0.0
    while time.monotonic() < deadline:
        pane = subprocess.run([*tmux, "capture-pane", "-p", "-e", "-S", "-"], capture_output=True, check=True)
        text = pane.stdout.decode()
        if not after and mark in text:
            return text.partition(mark)[0].rstrip() + "\n"
        if after and "/s" in text:
            begun = begun or time.monotonic()
            if time.monotonic() > begun + after:
                return text.rstrip() + "\n"
        time.sleep(0.2)
    raise TimeoutError(f"the picture was not there in time:\n{text}")


def main(folder: Path) -> None:
    """Write all pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    for scene in SCENES:
        for columns in WIDTHS:
            for ground in GROUNDS:
                text = shown(scene, columns, ground)
                path = folder / f"{scene}-{columns}-{ground}"
                path.with_suffix(".txt").write_text(Text.from_ansi(text).plain, encoding="utf-8")
                console = Console(record=True, width=columns, file=io.StringIO())
                console.print(Text.from_ansi(text), soft_wrap=True)
                svg = console.export_svg(title=f"entra-config {SCENES[scene][1]}", theme=THEMES[ground])
                path.with_suffix(".svg").write_text(svg, encoding="utf-8")
                print(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
