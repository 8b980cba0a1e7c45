"""`entra-config demo`: the whole story on the embedded emulator, told by the real commands."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from entra_config import extras
from entra_config.cli.options import Common, Session, TalkingCommand
from entra_config.errors import UsageError
from entra_config.report.lines import line

if TYPE_CHECKING:
    from entra_emulator.api import Embedded

ENVIRONMENT = "dev"
EMULATOR = "the same emulator over HTTPS, with sign-in, for your own clients"


app = typer.Typer()


@app.command(cls=TalkingCommand)
def command(context: typer.Context) -> int:
    """Show the whole story in a minute, on an embedded emulator: no tenant, no account."""
    from entra_emulator.api import Embedded

    common = Common.of(context)
    start = time.perf_counter()
    tenant = Embedded.create()
    with _in_a_folder():
        story = Story(common, tenant)
        story.play()
    seconds = time.perf_counter() - start
    common.output.lines(
        [line(("That was all of it", "bold green"), f", in {seconds:.1f} s, without a tenant. Next:")]
    )
    common.output.data(format_next_steps())
    return story.failed


class Story:
    """Runs one command after another, and checks that each ends as the story says."""

    def __init__(self, common: Common, tenant: Embedded) -> None:
        self._common, self._tenant, self._session = common, tenant, session(tenant)
        self._chapter = 0
        self.failed = 0

    def play(self) -> None:
        """Tell it from the empty tenant to the empty tenant."""
        from entra_config.cli.demo import tampering

        tenant, output = self._tenant, self._common.output
        before = tampering.snapshot(tenant)
        people, groups = tampering.population(tenant)
        self._heading(
            "An empty tenant", f"contoso: {people} people, {groups} groups, and nothing of this project"
        )
        self.run("validate")
        self._heading("What would change?", "nothing is written by a plan")
        self.run(f"plan -e {ENVIRONMENT} --out plan.json")
        self._heading("Carry it out", "exactly that plan: independent chains side by side, in batches of 20")
        self.run(f"apply -e {ENVIRONMENT} plan.json")
        self._heading("Again", "what Graph defaulted, reordered or normalised is no difference")
        self.run(f"plan -e {ENVIRONMENT} --detailed-exitcode")
        self._heading(
            "Somebody edits the tenant by hand",
            f"{tampering.COLLEAGUE}, an administrator in a hurry, with a script",
        )
        for reported in tampering.tamper(tenant):
            output.lines([line("  ", ("•", "magenta"), f" {reported}")])
        output.lines([line()])
        self._heading(
            "Who was that?", "the tenant beside the manifest, and the directory's audit log; exit code 2"
        )
        self.run(f"drift -e {ENVIRONMENT}", expect=2)
        self._heading("What would put it right?", "exactly that, and what it means for whom")
        self.run(f"plan -e {ENVIRONMENT} --detailed-exitcode --out repair.json", expect=2)
        self._heading("Repaired")
        self.run(f"apply -e {ENVIRONMENT} repair.json")
        self.run(f"plan -e {ENVIRONMENT} --detailed-exitcode")
        self._heading("Taken out again")
        self.run(f"destroy -e {ENVIRONMENT} --auto-approve")
        self._compare(before, tampering.snapshot(tenant))

    def run(self, command: str, *, expect: int = 0) -> None:
        """Run a command as its user would."""
        from entra_config.cli.main import main

        output = self._common.output
        output.lines([line(("$ ", "dim"), (f"entra-config {command}", "bold"))])
        flags = [
            flag for flag, given in (("--no-color", output.no_color), ("--verbose", output.verbose)) if given
        ]
        start = time.perf_counter()
        code = main([*shlex.split(command), *flags], self._session)
        seconds = time.perf_counter() - start
        output.lines([line((f"exit code {code}, {seconds:.2f} s", "dim")), line()])
        if code != expect:
            output.say(f"this should have been exit code {expect}", "bold red")
            self.failed = 1

    def _heading(self, title: str, about: str = "") -> None:
        self._chapter += 1
        reported = f"  {about}" if about else ""
        self._common.output.lines(
            [line((f"── {self._chapter}. {title}", "bold cyan"), (reported, "dim")), line()]
        )

    def _compare(self, before: dict[str, str], after: dict[str, str]) -> None:
        changed = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
        if changed:
            self._common.output.say(f"these objects are not as they were: {', '.join(changed)}", "bold red")
            self.failed = 1
            return
        reported = (
            f"Nothing of myapp/{ENVIRONMENT} is live, and the {len(before)} other objects of the tenant "
            "are as they were."
        )
        self._common.output.lines([line(reported), line()])


def session(tenant: Embedded) -> Session:
    """Sign in to an embedded emulator as its deployer."""
    from entra_config.graph.token import FixedToken, Identity

    caller = tenant.app_caller()
    identity = Identity(caller.tid, caller.oid, caller.appid, "Emulator deployer")
    return Session(tenant.transport(), FixedToken(tenant.token(caller), identity))


def example() -> Path:
    """Return the folder of the worked example: in the installed package, or in the repository."""
    packaged = Path(str(resources.files("entra_config"))) / "example"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "manifests"


@contextlib.contextmanager
def _in_a_folder() -> Iterator[None]:
    """Work on a copy of the example, so that its paths are short and nothing of the user's is read."""
    try:
        made = tempfile.TemporaryDirectory(prefix="entra-config-demo-")
    except OSError as error:
        message = (
            "the demo writes its example into a temporary folder, and none can be written to: set TMPDIR"
        )
        raise UsageError(f"{message} to one that can ({error.strerror or error})") from error
    with made as folder:
        shutil.copytree(example(), Path(folder) / "manifests")
        with contextlib.chdir(folder), _without_settings():
            yield


@contextlib.contextmanager
def _without_settings() -> Iterator[None]:
    saved = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("ENTRA_CONFIG_")}
    try:
        yield
    finally:
        os.environ.update(saved)


def format_next_steps() -> str:
    """Return the commands that come next here, a line each."""
    found = next_steps(Path(), Path(sys.prefix), shutil.which(extras.PACKAGE))
    width = min(max(len(command) for command, _ in found), 64)
    return "".join(f"  {command:<{width}}  {why}\n" for command, why in found)


def next_steps(folder: Path, prefix: Path, found: str | None) -> list[tuple[str, str]]:
    """Return each command with why, in order: one shell may type them all.

    `prefix` is the environment of this Python, `found` the program that the shell finds by its name.
    """
    # An example that is here stays: `init` writes over nothing.
    beside = ("--project shop -f shop/manifests", "-f shop/manifests")
    new, there = beside if (folder / "manifests").exists() else ("", "")
    return [
        *_make_findable(prefix, found),
        (f"entra-config init {new}".rstrip(), "start a manifest of your own"),
        ("entra-config emulator start", EMULATOR),
        (
            f"entra-config plan -e dev {there} --cloud emulator".replace("  ", " "),
            "what yours would make there",
        ),
    ]


def _make_findable(prefix: Path, found: str | None) -> list[tuple[str, str]]:
    """Return what makes the shell find the program by its name; nothing where it does."""
    if is_cached(prefix):
        keeper = "pipx install" if "pipx" in prefix.parts else "uv tool install"
        return [(f"{keeper} {extras.requirement('emulator')}", "keeps it: what ran now is of a cache")]
    programs = prefix / ("Scripts" if os.name == "nt" else "bin")
    if found and Path(found).resolve().parent == programs.resolve():
        return []
    why = "so that this shell finds entra-config"
    if os.name == "nt":
        return [(f'$env:PATH = "{programs};$env:PATH"', why)]
    return [(f"export PATH={shlex.quote(str(programs))}:$PATH", why)]


def is_cached(prefix: Path) -> bool:
    """Tell whether an environment is one that `uvx` or `pipx run` keeps for a while."""
    if "pipx" in prefix.parts:
        return "venvs" not in prefix.parts
    # Caches say so by a file (https://bford.info/cachedir/); uv marks environments with it too.
    return any((above / "CACHEDIR.TAG").is_file() for above in prefix.parents)
