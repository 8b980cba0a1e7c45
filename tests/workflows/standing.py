"""A command, its environment, folder and streams in; what it did, by a process that has imported it already,
out.

Three quarters of what a short command costs is its imports. Where a story is about what commands do, and not
about how a program begins, each is a fork of one process: with its caller's own arguments, environment,
folder, mask and streams, and an exit code of its own. Stories of what is planted beside a program start
programs.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn

# In the place of the command: nothing is imported but what speaks to the process that stands.
CLIENT = """#!{python} -IS
import json, os, socket, sys
mask = os.umask(0)
os.umask(mask)
asked = {{"argv": sys.argv, "environ": dict(os.environ), "folder": os.getcwd(), "mask": mask}}
data = json.dumps(asked).encode()
with socket.socket(socket.AF_UNIX) as calling:
    calling.connect({address!r})
    socket.send_fds(calling, [len(data).to_bytes(4, "big")], [0, 1, 2])
    calling.sendall(data)
    told = calling.recv(1)
sys.exit(told[0] if told else 70)
"""


class Standing:
    """A process that runs commands, and the program that asks it to; it ends with whoever started it."""

    def __init__(self, folder: Path) -> None:
        """Start it; the program is `entra-config` in the folder."""
        # The path of a socket is short.
        self._address = str(folder / "s")
        self.program = folder / "entra-config"
        self.program.write_text(CLIENT.format(python=sys.executable, address=self._address))
        self.program.chmod(0o755)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.workflows.standing", self._address],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"ready\n"

    def close(self) -> None:
        """End it."""
        self._process.communicate()


def serve(address: str) -> None:
    """Run what is asked for, each in a fork, until standard input ends."""
    _load()
    # Nobody waits for a fork: its caller has the exit code.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listening, selectors.DefaultSelector() as waiting:
        listening.bind(address)
        listening.listen(16)
        waiting.register(listening, selectors.EVENT_READ)
        waiting.register(0, selectors.EVENT_READ)
        print("ready", flush=True)
        while all(key.fileobj is listening for key, _ in waiting.select()):
            calling, _ = listening.accept()
            with calling:
                if os.fork() == 0:
                    listening.close()
                    _run(calling)


def _load() -> None:
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # as the program does
    import azure.identity
    import httpx

    from entra_config.cli import main
    from entra_config.graph import connect, credentials

    assert all((azure.identity, httpx, connect, credentials))
    for name in main.COMMANDS:
        main.load(name)


def _run(calling: socket.socket) -> NoReturn:
    head, streams, _, _ = socket.recv_fds(calling, 4, 3)
    data = b""
    while len(data) < int.from_bytes(head, "big"):
        data += calling.recv(65536)
    requested = json.loads(data)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.umask(requested["mask"])
    os.chdir(requested["folder"])
    os.environ.clear()
    os.environ.update(requested["environ"])
    time.tzset()
    sys.argv = requested["argv"]
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  # the process ends with them
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115  # likewise
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115  # likewise
    code = _ended()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BrokenPipeError):
            stream.flush()
    calling.sendall(bytes([code]))
    os._exit(code)


def _ended() -> int:
    from entra_config.cli import main

    try:
        main.run()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0


if __name__ == "__main__":
    serve(sys.argv[1])
