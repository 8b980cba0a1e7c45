"""`entra-config snapshot`: what a plan reads of the tenant, as a file."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entra_config.cli import wiring
from entra_config.cli.options import Common, ShardCommand
from entra_config.errors import EntraConfigError

if TYPE_CHECKING:
    from entra_config.cli.output import Output
    from entra_config.graph.client import Graph
    from entra_config.plan.model import Plan
    from entra_config.snapshot.document import SnapshotDocument
    from entra_config.snapshot.recorder import Recorder

app = typer.Typer()


@app.command(cls=ShardCommand)
def command(
    context: typer.Context,
    *,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="The file to write; only its owner may read it.")
    ],
    redact: Annotated[
        bool,
        typer.Option("--redact", help="Replace people, names, hosts and UPNs by codes that nobody can undo."),
    ] = False,
) -> int:
    """Save what a plan reads of the tenant. Nothing is changed, and no secret is saved."""
    from entra_config.snapshot import file

    common = Common.of(context)
    file.check_path(out)
    document = wiring.run(_read(common, redact=redact))
    file.write(out, document)
    summarize(common.output, out, document)
    return 0


async def _read(common: Common, *, redact: bool) -> SnapshotDocument:
    from entra_config import reconcile
    from entra_config.snapshot import file
    from entra_config.snapshot.recorder import Recorder

    manifest, recorder = wiring.manifest(common), Recorder()
    async with wiring.graph(common, manifest.tenant_id) as graph:
        with wiring.reported(graph, common), graph.observed_by(recorder):
            plan = await reconcile.plan(manifest, graph, now=wiring.now())
    return file.make_document(recorder, plan, wiring.now(), secrets.token_bytes(32) if redact else None)


@dataclass(frozen=True, slots=True)
class SnapshotFiles:
    """What an apply reads before and after, as two files in a folder; nothing without a folder."""

    output: Output
    folder: Path | None = None

    def prepare(self) -> None:
        """Make the folder and remove earlier files; UsageError if git would take along what is in it."""
        if self.folder is None:
            return
        from entra_config.snapshot import file

        for path in (self._path("before"), self._path("after")):
            file.check_path(path)
            path.unlink(missing_ok=True)
        self.folder.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def recording(self, graph: Graph) -> Iterator[Recorder | None]:
        """Record what is read while the block runs."""
        if self.folder is None:
            yield None
            return
        from entra_config.snapshot.recorder import Recorder

        recorder = Recorder()
        with graph.observed_by(recorder):
            yield recorder

    def write(self, name: str, recorder: Recorder | None, plan: Plan) -> None:
        """Save what was recorded."""
        if recorder is None:
            return
        from entra_config.snapshot import file

        document = file.make_document(recorder, plan, wiring.now())
        file.write(self._path(name), document)
        summarize(self.output, self._path(name), document)

    async def read_after(self, graph: Graph, again: Callable[[], Awaitable[Plan]]) -> bool:
        """Read again and save it; return False if that fails, which makes the apply no less done."""
        if self.folder is None:
            return True
        try:
            with self.recording(graph) as recorder:
                plan = await again()
            self.write("after", recorder, plan)
        except EntraConfigError as error:
            self.output.failed(f"{self._path('after')} was not saved: {error}")
            return False
        return True

    def _path(self, name: str) -> Path:
        return (self.folder or Path()) / f"{name}.json"


def summarize(output: Output, path: Path, document: SnapshotDocument) -> None:
    """Print how much was saved, and what is unknown."""
    from entra_config.report.lines import counted

    items = sum(len(each.items) for each in document.collections.values())
    output.say(f"saved: {path}, {counted(items, 'object')}")
    if document.secrets_replaced:
        texts = counted(document.secrets_replaced, "text")
        output.say(f"replaced: {texts} that looked like a secret", "yellow")
    for name, each in document.collections.items():
        if each.not_permitted:
            reads = counted(len(each.not_permitted), "read")
            output.say(f"unknown: {reads} of {name}, because Graph did not permit it", "yellow")
        if each.failed:
            output.say(f"unknown: {counted(len(each.failed), 'read')} of {name}, because it failed", "yellow")
