"""Run a sample fleet and yield what its commands report in every format."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from entra_emulator import seed
from entra_emulator.clock import ManualClock
from entra_emulator.embedded import Embedded
from entra_fleet.run import deciding
from tests.golden.commands import Place, sign_in
from tests.unit.fleet.files import FILES, FLEET, NAMES, write
from tests.world import NOW

TENANTS = {"contoso": seed.CONTOSO, "fabrikam": seed.FABRIKAM}
LIMITS = "waves: [{ tags: [eu] }, { rest: true }]\nlimits: { people: 7, applications: 5 }\n"
OFFLINE = {
    "list": ("fleet", "list"),
    "list-json": ("fleet", "list", "--json"),
    "explain": ("fleet", "explain", "contoso/myapp"),
    "github": ("fleet", "github"),
}


class _Fleet:
    """A fleet in a folder, each of whose tenants is in this process."""

    def __init__(self, folder: str) -> None:
        self.tenants = Embedded.create(seed="fleet", clock=ManualClock(NOW))
        self.place = Place(Path(folder))
        write(self.place.folder, {**FILES, "fleet.yaml": FLEET + LIMITS})

    def run(self, *words: str, do: str = "plan") -> Iterator[tuple[str, str]]:
        """Do one thing in every tenant."""
        for name in NAMES:
            caller = self.tenants.app_caller(tenant_id=TENANTS[name.partition("/")[0]])
            self.place.session = sign_in(self.tenants, caller)
            typed = ("fleet", "run", name, "--do", do, "--results", "results", "--run", "one", *words)
            yield f"{do}-{name.replace('/', '.')}.txt", self.place.run(*typed)
        self.place.session = None

    def report(self, name: str, *words: str) -> Iterator[tuple[str, str]]:
        """Report in every format."""
        yield from self.place.every_format(name, "fleet", "report", "results", *words)


def files(_: str = "") -> Iterator[tuple[str, str]]:
    """Yield plans, their approval and what came of it, in two waves."""
    # The hash of each tenant covers all files of the program, so that every commit would change it.
    same = mock.patch.object(deciding, "tool", return_value="this program")
    with tempfile.TemporaryDirectory() as folder, same:
        fleet = _Fleet(folder)
        for name, words in OFFLINE.items():
            yield f"{name}.txt", fleet.place.run(*words)
        yield from fleet.run()
        yield from fleet.report("planned")
        yield from fleet.report("planned-names", "--names")
        report = json.loads(_printed(fleet.place, "fleet", "report", "results", "--format", "json"))
        yield "approve.txt", fleet.place.run("fleet", "approve", "results", "--report", report["id"])
        for wave in ("1", "2"):
            given = ("--approval", "approval.json")
            yield f"check-{wave}.txt", fleet.place.run("fleet", "check", "results", *given, "--wave", wave)
            for name, text in fleet.run(*given, do="apply"):
                yield f"wave-{wave}-{name}", text
            yield from fleet.report(f"applied-{wave}", *given)
        for name, text in fleet.run(do="drift"):
            yield name, text
        yield from fleet.report("drift")


def _printed(place: Place, *words: str) -> str:
    """Return what a command prints on stdout."""
    return place.run(*words).partition("=== stdout\n")[2].partition("\n=== ")[0]
