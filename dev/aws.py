"""`python -m dev.aws --option D`: an option of signing in, as `infra/` deploys it, on loopback until Ctrl-C.

What runs is what the tests of the option run; this leaves it open for a person with a browser.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

from dev import trusting
from dev.program import end_by_signals, failed, is_free, say
from entra_emulator.api import StartError, StateError, tls

ROOT = Path(__file__).parents[1]
PORT = 9443
TOOLS = ROOT / ".venv" / "tools"


@dataclass(frozen=True)
class Option:
    """What an option runs, and needs."""

    real: str
    stand_ins: str
    needs: tuple[tuple[Path, str], ...]  # a file, and the target of `make` that brings it
    world: Callable[[], ModuleType]


def _page() -> ModuleType:
    from tests.infra import page_world

    return page_world


def _alb() -> ModuleType:
    from options.alb.tests import world

    return world


def _bff() -> ModuleType:
    from options.bff.tests import world

    return world


def _httpd() -> ModuleType:
    from options.httpd.tests import world

    return world


COMMON = (
    (ROOT / "spa" / "dist" / "index.html", "spa/dist/.built"),
    (TOOLS / "ministack" / "bin" / "ministack", ".venv/tools/ministack/.installed"),
)
DEPLOYED = "the load balancer (what AWS documents), AWS (MiniStack deploys infra/), Entra (the emulator)"
OPTIONS = {
    "B": Option("page, API", DEPLOYED, COMMON, _alb),
    "C": Option(
        "page, API, the server that signs in, Redis",
        f"{DEPLOYED}, AWS STS",
        (
            *COMMON,
            (TOOLS / "bff" / "bin" / "python", ".venv/tools/bff/.installed"),
            (Path("/usr/bin/redis-server"), "/usr/bin/redis-server"),
        ),
        _bff,
    ),
    "D": Option("page, API", DEPLOYED, COMMON, _page),
    "E": Option(
        "page, API, Apache httpd before each",
        DEPLOYED,
        (*COMMON, (Path("/usr/sbin/apache2"), "/usr/sbin/apache2")),
        _httpd,
    ),
}


def main(arguments: Sequence[str]) -> int:
    """Run an option; 0 after Ctrl-C, 1 when something of it lacks or did not start."""
    parser = argparse.ArgumentParser(prog="make demo-aws", description="Run an option as infra/ deploys it.")
    parser.add_argument("--option", choices=sorted(OPTIONS), default="D", help="who signs people in")
    parser.add_argument("--port", type=int, default=PORT, help="of the page and the API; 0 for any")
    parser.add_argument(
        "--state", type=Path, default=ROOT / ".entra-config" / "emulator", help="whose certificate is taken"
    )
    given = parser.parse_args(arguments)
    option = OPTIONS[given.option]
    say(f"Option {given.option}. Stand-ins: {option.stand_ins}. Real: {option.real}.")
    if wrong := _lacks(given.option, given.port):
        return failed(wrong)
    end_by_signals()
    with ExitStack() as ending:
        try:
            _run(given, ending)
        except KeyboardInterrupt:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            say("Ending …")
            return 0
        except (RuntimeError, AssertionError, StartError, StateError) as error:
            return failed(f"it did not start: {error}")


def _lacks(name: str, port: int) -> str:
    """Say what is not there that this needs; empty where all is."""
    for path, target in OPTIONS[name].needs:
        if not path.exists():
            return f"{path} is missing; `make {target}` brings it, `make demo-aws OPTION={name}` all it needs"
    for program in ("node", "unshare", "ip"):
        if shutil.which(program) is None:
            return f"`{program}` is missing; it is of nodejs, util-linux and iproute2 in that order"
    if name == "E" and os.geteuid() != 0:
        return "option E needs root: the emulator's certificate is put over the system's, for httpd alone"
    if port and not is_free(port):
        with socket.create_server(("127.0.0.1", 0)) as found:
            other = found.getsockname()[1]
        return f"port {port} is taken; `make demo-aws OPTION={name} PORT={other}` takes a free one"
    return ""


def _run(given: argparse.Namespace, ending: ExitStack) -> NoReturn:
    certificates = tls.ensure(given.state, dt.datetime.now(dt.UTC))
    if trusting.attended():
        trusting.offer(certificates.ca, say)
    say("Starting, which takes half a minute …")
    folder = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="demo-aws-"))) / "world"
    tls.share(given.state, folder / "emulator")
    world = OPTIONS[given.option].world()
    running: AbstractContextManager[Any] = world.running(folder, port=given.port)
    found = ending.enter_context(running)
    _end_control_plane()
    users = world.USERS
    say(f"""
  The page      {found.base.spa}
  The API       {found.base.api}   (for programs, with a token)
  The emulator  {found.base.emulator}   (who is there, what was asked)

  Without a password sign in {users["writer"]}, who may write, {users["reader"]}, who may read, and
  {users["stranger"]}, whom Entra stops.
  The certificate is the emulator's; how a browser trusts it:
  .venv/bin/entra-config emulator trust --state {given.state}
  Rules of the load balancer and logs are in {folder}. Ctrl-C ends everything.
""")
    while True:
        time.sleep(3600)


def _end_control_plane() -> None:
    """End MiniStack: it has said what it deployed, and carries no traffic."""
    from tests.infra import control

    if control.shared.cache_info().currsize:
        control.shared().close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
