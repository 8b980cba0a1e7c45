"""Completion in the shells themselves: a line is typed into one that runs in a terminal, then Tab."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from entra_config.cli import completion

ROOT = Path(__file__).parents[3]
# Each shell writes its line to a file at Ctrl-G, as it stands, and runs nothing of it.
START = {
    "bash": (
        ["bash", "--norc", "--noprofile", "-i"],
        (
            "bind 'set bell-style none'\n"
            "dump() { printf '<%s>\\n' \"$READLINE_LINE\" >> typed; READLINE_LINE=; }\n"
            "bind -x '\"\\C-g\": dump'\n"
            "source <(entra-config completion bash)\n"
        ),
    ),
    "zsh": (
        ["zsh", "-f", "-i"],
        (
            "autoload -Uz compinit && compinit -u -D; unsetopt beep\n"
            "dump() { print -r -- \"<$BUFFER>\" >> typed; BUFFER= }; zle -N dump; bindkey '^G' dump\n"
            "source <(entra-config completion zsh)\n"
        ),
    ),
}
# Labels may have all of this, and a manifest may be an attacker's.
HOSTILE = r"""H\$(>ran)`>ran`'*;&"""
COMPLETED = {
    "plan -e d": "plan -e dev ",
    "plan --environment=d": "plan --environment=dev ",
    "plan --environment=dev --target application.n": "plan --environment=dev --target application.nightly ",
    "plan --allow many,de": "plan --allow many,delete ",
    "plan --format=j": "plan --format=json ",
    "app-role assign -e dev api/A": "app-role assign -e dev api/Admin ",
    "acc": "access ",
    "app-role assign api/H": r"app-role assign api/H\\\$\(\>ran\)\`\>ran\`\'\*\;\& ",
    "app-role assign 'api/H": r"app-role assign 'api/H\$(>ran)`>ran`'\''*;&' ",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Copy the example, with a role whose label is a trap."""
    shutil.copytree(ROOT / "manifests", tmp_path / "manifests")
    file = tmp_path / "manifests/applications/api.yaml"
    label = HOSTILE.replace("'", "''")
    role = f"      '{label}': {{ displayName: H, description: H., allowedMemberTypes: [User] }}\n"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("    appRoles:\n", f"    appRoles:\n{role}"), encoding="utf-8")
    return tmp_path


def environment(folder: Path) -> dict[str, str]:
    """Return what a shell runs in: the program is the one of this environment."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ENTRA_CONFIG")}
    own = {"PATH": f"{Path(sys.executable).parent}:{kept['PATH']}", "HOME": str(folder), "TERM": "xterm"}
    return {**kept, **own, "PS1": "> "}


def completed(shell: str, folder: Path, lines: list[str]) -> list[str]:
    """Type each line into the shell and press Tab; return what then stands there."""
    program, begin = START[shell]
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execvpe(program[0], program, environment(folder))
    shown, file = b"", folder / "typed"
    os.write(terminal, begin.encode())
    for number, line in enumerate(lines, start=1):
        os.write(terminal, f"entra-config {line}\t\x07".encode())
        deadline = time.monotonic() + 60
        while not file.exists() or file.read_text(encoding="utf-8").count(">\n") < number:
            assert time.monotonic() < deadline, shown.decode(errors="replace")
            if select.select([terminal], [], [], 0.1)[0]:
                shown += os.read(terminal, 65536)
    os.close(terminal)
    os.waitpid(child, 0)
    read = file.read_text(encoding="utf-8").splitlines()
    return [line.removeprefix("<entra-config ").removesuffix(">") for line in read]


@pytest.mark.parametrize("shell", START)
def test_tab_completes_the_line(shell: str, project: Path) -> None:
    """Values of the manifest, words, formats and commands, behind a blank and behind `=`; a value that a
    shell would run stands there quoted, and nothing of it ran.
    """
    assert completed(shell, project, list(COMPLETED)) == list(COMPLETED.values())
    assert not (project / "ran").exists()


def test_fish_offers_the_same(project: Path) -> None:
    """It says what it would offer, without a terminal; it quotes by itself what it puts into the line."""
    requested = ["plan -e ", "plan --environment=p", "plan --allow many,l", "app-role assign api/", "acc"]
    script = "entra-config completion fish | source\n" + "".join(
        f'complete -C "entra-config {line}"; echo .\n' for line in requested
    )
    ran = subprocess.run(
        ["fish", "--no-config", "-c", script],
        cwd=project,
        env=environment(project),
        capture_output=True,
        text=True,
        check=True,
    )
    offered = [part.strip().splitlines() for part in ran.stdout.split("\n.\n")[: len(requested)]]
    assert offered[:3] == [["dev", "prod"], ["--environment=prod"], ["many,last"]]
    assert set(offered[3]) == {f"api/{label}" for label in ("Admin", "Reader", "Writer", HOSTILE)}
    assert [line.partition("\t")[0] for line in offered[4]] == ["access"]


@pytest.mark.parametrize(
    ("shell", "cursor", "about", "line"),
    [
        ("zsh", completion.AtTheCursor((), "a"), "", "acc ess"),
        (
            "zsh",
            completion.AtTheCursor((), "a"),
            "Show who\n can  do what.",
            "acc ess\tShow who can do what.",
        ),
        ("fish", completion.AtTheCursor((), "a", kept="--x="), "Why.", "--x=acc ess\tWhy."),
        ("bash", completion.AtTheCursor((), "a"), "Why.", "acc\\ ess"),
    ],
)
def test_a_completion_is_a_line_of_its_shell(
    shell: str, cursor: completion.AtTheCursor, about: str, line: str
) -> None:
    """To zsh and fish it says what it is about, in one line; to bash the word alone."""
    assert completion._line(shell, cursor, "acc ess", about) == line
