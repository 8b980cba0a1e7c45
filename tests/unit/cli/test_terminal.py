"""What a person at a terminal sees: colours, a question, a bar."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from entra_config.cli import bar
from entra_config.cli.output import Output
from tests.unit.cli.ran import ROOT

PROGRAM = """
import os
import sys
from entra_config.cli import bar, main
from entra_config.cli.demo.story import session
from entra_emulator.embedded import Embedded
from entra_emulator.fault_plan import FaultPlan

tenant = Embedded.create()
tenant.faults.set(FaultPlan(latency_ms=float(os.environ.get("LATENCY_MS", "0"))))
bar.PATIENCE = float(os.environ.get("PATIENCE", bar.PATIENCE))
deployer = session(tenant)
if sys.argv[1] == "destroy":
    main.main(["apply", "-e", "dev", "--auto-approve", "--quiet"], deployer)
code = main.main(sys.argv[1:], deployer)
tenant.faults.set(FaultPlan())
left = main.main(["list", "--format", "json"], deployer)
print("code", code)
"""


def at_a_terminal(folder: Path, response: str, *arguments: str, **more: str) -> str:
    """Run a command on a pseudo terminal, answer its question, and return all that it showed."""
    outer, inner = pty.openpty()
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("ENTRA_CONFIG_") and name not in {"NO_COLOR", "FORCE_COLOR"}
    }
    env = kept | {"PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "110"} | more
    command = [sys.executable, "-c", PROGRAM, *arguments]
    with subprocess.Popen(command, stdin=inner, stdout=inner, stderr=inner, cwd=folder, env=env):
        os.close(inner)
        os.write(outer, response.encode())
        shown = b""
        while True:
            try:
                part = os.read(outer, 65_536)
            except OSError:  # Linux says EIO when the other end is closed
                break
            if not part:
                break
            shown += part
    os.close(outer)
    return shown.decode()


@pytest.mark.parametrize(
    ("arguments", "response", "code", "owned"),
    [
        pytest.param(("apply", "-e", "dev"), "yes", 0, True, id="yes applies"),
        pytest.param(("apply", "-e", "dev"), "y", 1, False, id="y is not yes"),
        pytest.param(("destroy", "-e", "dev"), "dev", 0, False, id="the name destroys"),
        pytest.param(("destroy", "-e", "dev"), "yes", 1, True, id="yes destroys nothing"),
    ],
)
def test_only_the_very_answer_counts(
    folder: Path, arguments: tuple[str, ...], response: str, code: int, owned: bool
) -> None:
    """Apply takes `yes`, destroy the environment's name; anything else changes nothing and is exit code 1."""
    shown = at_a_terminal(folder, f"{response}\n", *arguments)

    assert f"code {code}" in shown
    assert ('"owner": "myapp/dev"' in shown) is owned
    assert ("Nothing was changed." in shown) is (code == 1)


def test_a_terminal_gets_colours_and_a_bar(folder: Path) -> None:
    """Risk is coloured, progress is a bar; with --no-color or NO_COLOR neither has a colour."""
    coloured = at_a_terminal(folder, "yes\n", "apply", "-e", "dev")

    assert "\x1b[1;91m▲ High\x1b[0m" in coloured
    assert "23/23" in coloured
    assert "[ 1/23] done" not in coloured
    assert "\x1b[1;91m" not in at_a_terminal(folder, "yes\n", "apply", "-e", "dev", "--no-color")
    assert "\x1b[1;91m" not in at_a_terminal(folder, "yes\n", "apply", "-e", "dev", NO_COLOR="1")


@pytest.mark.parametrize(
    ("variables", "no_color", "terminal", "coloured"),
    [
        ({}, False, True, True),
        ({}, False, False, False),
        ({"TERM": "dumb"}, False, True, False),
        ({"NO_COLOR": "1"}, False, True, False),
        ({"FORCE_COLOR": "1"}, False, False, True),
        ({"FORCE_COLOR": "3", "TERM": "dumb"}, False, False, True),
        ({"FORCE_COLOR": "0"}, False, False, False),
        ({"FORCE_COLOR": ""}, False, False, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, True, False),
        ({"FORCE_COLOR": "1"}, True, True, False),
    ],
)
def test_who_decides_on_colours(
    variables: dict[str, str],
    no_color: bool,
    terminal: bool,
    coloured: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A terminal has them, FORCE_COLOR brings them anywhere, and whoever says no wins; escape codes are in
    what is written exactly then.
    """
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in ({"TERM": "xterm"} | variables).items():
        monkeypatch.setenv(name, value)
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: terminal)
    monkeypatch.setattr(sys, "stderr", stream)
    output = Output(no_color=no_color)

    output.say("stopped", "red")

    assert output.coloured(stream) is coloured
    assert ("\x1b[" in stream.getvalue()) is coloured


def test_reading_that_takes_long_says_how_far_it_is(folder: Path) -> None:
    """Once patience is at an end, after half a second, there is a line with the requests answered and known;
    until then there is none, nor with --quiet.
    """
    slow = at_a_terminal(folder, "", "plan", "-e", "dev", LATENCY_MS="100", PATIENCE="0.05")

    figures = re.findall(r"Reading … (\d+)/(\d+)", slow)
    assert figures
    assert all(int(responded) <= int(known) for responded, known in figures)
    quiet = at_a_terminal(folder, "", "plan", "-e", "dev", "--quiet", LATENCY_MS="100", PATIENCE="0.05")
    assert "Reading" not in quiet
    assert "Reading" not in at_a_terminal(folder, "", "plan", "-e", "dev", PATIENCE="600")
    assert bar.PATIENCE == 0.5


def test_figures_stay_whole_at_80_columns(folder: Path) -> None:
    """The bar, the count and the rate have a line of their own; the step's name is cut, not wrapped."""
    path = folder / "manifests/applications/clients.yaml"
    path.write_text(
        path.read_text().replace("MyApp Nightly${suffix}", "MyApp Nightly" + " MyApp Nightly" * 8)
    )
    assert "MyApp Nightly MyApp Nightly" in path.read_text()

    shown = at_a_terminal(folder, "yes\n", "apply", "-e", "dev", COLUMNS="80", LATENCY_MS="200", NO_COLOR="1")

    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    frames = [line.rstrip() for line in re.split(r"[\r\n]+|\x1b\[[0-9;?]*[A-Za-z]", plain)]
    bars = [line for line in frames if re.match(r"[━╸╺ ]+ +\d+/23 ", line)]
    assert bars
    assert all(re.search(r"/23 +(?:–|\d+\.\d)/s +[-\d]+:[-\d]+:[-\d]+$", line) for line in bars)
    names = [line for line in frames if line.startswith('application nightly "MyApp Nightly MyApp')]
    assert any(line.endswith("…") and len(line) <= 80 for line in names)
