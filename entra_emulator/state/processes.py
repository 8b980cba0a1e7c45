"""Find a process by its id, so that a signal reaches it and no other one."""

import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")


@dataclass(frozen=True)
class Process:
    """When a process started, in the system's words, and the user id it runs as."""

    started: str
    uid: int


def find(pid: int) -> Process | None:
    """Return a process of this machine, or None. No id below 2 is that of one process."""
    if pid <= 1:
        return None
    if (_PROC / "self/stat").exists():
        return _find_in_proc(pid)
    return _find_with_ps(pid)


def terminate(pid: int) -> bool:
    """Send SIGTERM to a process that `Run.is_alive` found; False if it has ended since."""
    try:
        os.kill(pid, signal.SIGTERM)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _find_in_proc(pid: int) -> Process | None:
    folder = _PROC / str(pid)
    try:
        uid, text = folder.stat().st_uid, (folder / "stat").read_text(encoding="utf-8", errors="replace")
        boot = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return None
    # proc(5): the name stands in parentheses and may contain any character; starttime is field 22, state 3.
    state, *rest = text.rpartition(")")[2].split()
    return None if state == "Z" else Process(f"{boot} {rest[18]}", uid)


def _find_with_ps(pid: int) -> Process | None:
    command = ["/bin/ps", "-o", "uid=,lstart=", "-p", str(pid)]
    environment = {"LC_ALL": "C", "TZ": "UTC"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)  # noqa: S603  # a number
    uid, _, started = done.stdout.strip().partition(" ")
    return Process(started.strip(), int(uid)) if uid.isdecimal() else None
