"""`python -m dev`: a manifest in; emulator, API and page running with it until Ctrl-C, reloading as their
sources change.
"""

from __future__ import annotations

import argparse
import os
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from dev import trusting
from dev.program import end_by_signals, failed, is_free, say
from dev.watching import Saves
from entra_config.manifest import loader
from entra_emulator.api import CLOCK_FILE, StateError, end, find_run, tls

ROOT = Path(__file__).parents[1]
ENVIRONMENT = "dev"
EMULATOR_PORT = 8443
READY_SECONDS = 60.0
STAMP = "applied"  # written beside the settings after each apply; the page's server watches it


@dataclass(frozen=True)
class Place:
    """Where everything runs and stands."""

    manifest: Path
    state: Path
    settings: Path
    api: str
    page: str

    @classmethod
    def of(cls, manifest: Path, state: Path, settings: Path) -> Place:
        """Read from the manifest where the API and the page answer."""
        apps = loader.load(manifest, ENVIRONMENT).settings.apps
        api = next(app.url for app in apps if app.section == "apis")
        return cls(manifest, state, settings, api, next(app.url for app in apps if app.section == "spas"))

    @property
    def certificates(self) -> tls.TlsFiles:
        """Return the emulator's certificate for localhost, which all three serve with."""
        return tls.TlsFiles.of(self.state)


def main(arguments: Sequence[str]) -> int:
    """Run everything; 0 after Ctrl-C, 1 when something of it did not start or ended by itself."""
    parser = argparse.ArgumentParser(
        prog="make dev", description="Run emulator, API and page with the dev manifest."
    )
    parser.add_argument("--manifest", type=Path, default=ROOT / "manifests")
    parser.add_argument(
        "--state", type=Path, default=ROOT / ".entra-config" / "emulator", help="the emulator's folder"
    )
    parser.add_argument("--settings", type=Path, default=ROOT / "output" / "settings" / ENVIRONMENT)
    given = parser.parse_args(arguments)
    place = Place.of(given.manifest, given.state, given.settings)
    end_by_signals()
    with ExitStack() as ending:
        try:
            return _run(place, ending)
        except KeyboardInterrupt:
            say("Ending …")
            return 0
        except StateError as error:
            return failed(str(error))


def _run(place: Place, ending: ExitStack) -> int:
    for url in (place.api, place.page):
        if not is_free(_port(url)):
            return failed(
                f"port {_port(url)} is taken, and {url} is where the manifest says; end what runs there"
            )
    origin = _start_emulator(place, ending)
    if trusting.attended():
        trusting.offer(place.certificates.ca, say)
    if code := _applied(place):
        return code
    saves = Saves(place.manifest)
    running = {"API": _start_api(place), "page": _start_page(place)}
    for process in running.values():
        ending.callback(_end, process)
    trust = ssl.create_default_context(cafile=str(place.certificates.ca))
    ready = {"API": f"{place.api}/readyz", "page": f"{place.page}/config.json"}
    for name, url in ready.items():
        if not _responses(url, trust, running[name]):
            return failed(f"the {name} does not answer at {url}; its output is above")
    say(_welcome(place, origin))
    return _watch(running, place, saves)


def _watch(running: Mapping[str, subprocess.Popen[bytes]], place: Place, saves: Saves) -> int:
    """Apply the manifest at each save, until one of the processes ends, which is a failure."""
    while True:
        for name, process in running.items():
            if process.poll() is not None:
                return failed(f"the {name} ended by itself with {process.returncode}; its output is above")
        if saves.happened():
            _saved(place)
            saves.again()
        time.sleep(0.2)


def _saved(place: Place) -> None:
    """Show the plan of a saved manifest, apply it, and let the page know; a wrong one is told and waits."""
    say(f"\n{place.manifest} was saved.")
    # A plan that holds something back or is refused is told too; what is wrong in the file ends here.
    if _entra_config(place, "plan", shown=True) == 1:
        say("Not applied: mend it and save again.")
        return
    if code := _applied(place):
        say(f"Not applied whole (exit code {code}); what stands above says why.")
        return
    (place.settings / STAMP).write_text(f"{time.time_ns()}\n", encoding="utf-8")
    say("Applied; the page renews its access.")


def _applied(place: Place) -> int:
    """Apply the manifest, and write what the API and the page read; 0, or the code of what failed."""
    for words in (
        ("apply", "--auto-approve", "--quiet"),
        ("settings", "--values", "--output", str(place.settings)),
        ("settings",),
    ):
        if code := _entra_config(place, *words):
            return code
    return 0


def _start_emulator(place: Place, ending: ExitStack) -> str:
    if find_run(place.state) is None:
        # What runs already was started by somebody, who ends it too.
        ending.callback(end, place.state)
    port = EMULATOR_PORT if is_free(EMULATOR_PORT) else 0
    start = [
        "emulator",
        "start",
        "--port",
        str(port),
        "--state",
        str(place.state),
        "--for",
        str(place.manifest),
    ]
    _entra_config_alone(*start)
    found = find_run(place.state)
    if found is None:
        raise SystemExit(failed("the emulator did not start"))
    return found.origin


def _start_api(place: Place) -> subprocess.Popen[bytes]:
    database = place.settings / "records.sqlite3"
    command = [
        sys.executable,
        "-m",
        "dev.serve",
        str(_port(place.api)),
        str(place.certificates.certificate),
        str(place.certificates.key),
    ]
    variables = {
        "SERVER_SETTINGS_FILE": str(place.settings / "api.env"),
        "SERVER_DATABASE": str(database),
        "SERVER_EMULATOR": "1",
        "DEV_CLOCK_FILE": str(place.state / CLOCK_FILE),
        "SSL_CERT_FILE": str(place.certificates.ca),
    }
    return _start(command, ROOT, variables)


def _start_page(place: Place) -> subprocess.Popen[bytes]:
    variables = {
        "PORT": str(_port(place.page)),
        "CONFIG_FILE": str(place.settings / "config.json"),
        "APPLIED_FILE": str(place.settings / STAMP),
        "TLS_CERT": str(place.certificates.certificate),
        "TLS_KEY": str(place.certificates.key),
    }
    command = ["node", "node_modules/vite/bin/vite.js", "--clearScreen", "false", "--logLevel", "warn"]
    return _start(command, ROOT / "spa", variables)


def _start(command: list[str], folder: Path, variables: dict[str, str]) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches this process alone, which then ends the others in order.
    return subprocess.Popen(  # noqa: S603  # our own commands
        command, cwd=folder, env={**os.environ, **variables}, stdin=subprocess.DEVNULL, start_new_session=True
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    for number, patience in ((signal.SIGTERM, 10), (signal.SIGKILL, 10)):
        # The group, since a reloader has children.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=patience)
            return


def _entra_config(place: Place, *arguments: str, shown: bool = False) -> int:
    # Source files are of all environments together, and need no tenant.
    where = ["-e", ENVIRONMENT] if arguments != ("settings",) else []
    where += ["-f", str(place.manifest), "--cloud", "emulator"]
    return _entra_config_alone(*arguments, *where, state=place.state, shown=shown)


def _entra_config_alone(*arguments: str, state: Path | None = None, shown: bool = False) -> int:
    variables = {"ENTRA_EMULATOR_STATE": str(state)} if state else {}
    command = [sys.executable, "-m", "entra_config.cli.main", *arguments]
    out = sys.stderr.fileno() if shown else subprocess.DEVNULL
    done = subprocess.run(command, env={**os.environ, **variables}, stdout=out, check=False)  # noqa: S603  # our own
    return done.returncode


def _responses(url: str, trust: ssl.SSLContext, process: subprocess.Popen[bytes]) -> bool:
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trust)
    )
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(urllib.error.URLError, OSError), opener.open(url, timeout=5):
            return True
        time.sleep(0.1)
    return False


def _welcome(place: Place, origin: str) -> str:
    return f"""
  The page      {place.page}
  The API       {place.api}   (its OpenAPI page: /docs)
  The emulator  {origin}   (who is there, what was asked)

  Sign in as any user of the emulator, without a password: alice@contoso.com can read and write.
  The certificate is the emulator's: `.venv/bin/entra-config emulator trust` tells how a browser trusts it.
  {place.manifest} is applied, and again at each save; a page that is signed in renews its access then.
  Sources of the API and the page reload as they change. Ctrl-C ends everything.
"""


def _port(url: str) -> int:
    return urlsplit(url).port or 443


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
