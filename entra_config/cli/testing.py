"""`entra-config test`: who gets in, as a test: the manifest on an emulator in this process, and real
sign-ins.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from entra_config.cli import formats, wiring
from entra_config.cli.options import Common, OfflineShardCommand
from entra_config.errors import UsageError

if TYPE_CHECKING:
    from entra_config.testing.model import AccessTest
    from entra_config.testing.results import Results


app = typer.Typer()


@app.command(cls=OfflineShardCommand)
def command(
    context: typer.Context,
    *,
    chosen: Annotated[
        list[str] | None,
        typer.Option("-k", metavar="TEXT", help="Only tests whose names hold this, in whatever case."),
    ] = None,
    form: formats.ResultsFormat = "text",
    base: Annotated[
        str | None,
        typer.Option(
            "--base",
            metavar="REF",
            help="Tell which tests were removed, changed and added: since a git revision, or "
            "beside a manifest in another folder.",
        ),
    ] = None,
) -> int:
    """Run the access tests next to the manifest; without -e in all environments. No tenant is asked."""
    common = Common.of(context)
    with wiring.annotate_problems(common.output, form=form):
        found = run(common, chosen or [], base)
    if chosen and not found.results:
        raise UsageError(f"no access test is called like {' or '.join(f'`{word}`' for word in chosen)}")
    report = formats.ResultsReport(common, found)
    if form == "github":
        # Annotations are short: the log has the whole.
        common.output.lines(formats.results_text(report), talk=True)
    formats.write(common.output, formats.TESTS, form, report)
    return 1 if found.failed else 0


def run(common: Common, words: list[str], base: str | None) -> Results:
    """Run the tests whose names hold one of the words, or all; with `base` say which are others now."""
    from entra_config.drift import edits
    from entra_config.testing import runs

    def wanted(test: AccessTest) -> bool:
        return not words or any(word.casefold() in test.name.casefold() for word in words)

    shard = wiring.shard(common)
    environment = wiring.environment(common) if common.environment or shard is not None else None
    since = nullcontext() if base is None else edits.at(common.manifest, base, shard)
    with since as there:
        work = runs.run(
            common.manifest, environment, now=wiring.now(), wanted=wanted, base=there, shard=shard
        )
        return wiring.run(work)
