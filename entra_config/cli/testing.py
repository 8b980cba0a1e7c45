"""`entra-config test`: who gets in, as a test: the manifest on an emulator in this process, and real
sign-ins.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from entra_config.cli import wiring
from entra_config.cli.options import Common, OfflineShardCommand
from entra_config.errors import UsageError

if TYPE_CHECKING:
    from entra_config.report.document import TestsDocument
    from entra_config.report.lines import Line
    from entra_config.testing.model import AccessTest
    from entra_config.testing.results import Results

Format = Literal["text", "json", "junit", "markdown", "github"]


app = typer.Typer()


@app.command(cls=OfflineShardCommand)
def command(
    context: typer.Context,
    *,
    chosen: Annotated[
        list[str] | None,
        typer.Option("-k", metavar="TEXT", help="Only tests whose names hold this, in whatever case."),
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="How it is written on stdout.")] = "text",
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
    """Run the access tests beside the manifest; without -e in all environments. Nothing outside is asked."""
    common = Common.of(context)
    with wiring.annotate_problems(common.output, form=form):
        found = run(common, chosen or [], base)
    if chosen and not found.results:
        raise UsageError(f"no access test is called like {' or '.join(f'`{word}`' for word in chosen)}")
    show(common, found, form)
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


def document(found: Results | None) -> TestsDocument | None:
    """Return results as a part of a plan's document."""
    if found is None:
        return None
    from entra_config.testing import json

    return json.document(found)


def headline(found: Results | None) -> str:
    """Return results as one sentence of a plan's Markdown."""
    if found is None:
        return ""
    from entra_config.testing import markdown

    return markdown.headline(found)


def details(found: Results | None) -> Iterator[str]:
    """Return what is behind that sentence, as a part of a plan's Markdown."""
    if found is not None:
        from entra_config.testing import markdown

        yield from markdown.details(found)


def github(found: Results | None) -> str:
    """Return results as annotations of a workflow."""
    if found is None:
        return ""
    from entra_config.testing import github

    return github.render(found)


def lines(common: Common, found: Results | None) -> list[Line]:
    """Return results as lines below a plan."""
    if found is None:
        return []
    from entra_config.report.lines import line
    from entra_config.testing import text

    return [line(), *text.render(found, verbose=common.output.verbose)]


def show(common: Common, found: Results, form: Format) -> None:
    """Write results to stdout in one of the formats."""
    from entra_config.testing import text

    if form == "json":
        from entra_config.testing import json

        common.output.data(json.render(found))
    elif form == "junit":
        from entra_config.testing import junit

        common.output.data(junit.render(found))
    elif form == "markdown":
        from entra_config.testing import markdown

        common.output.data(markdown.render(found))
    elif form == "github":
        # Annotations are short: the log has the whole.
        common.output.lines(text.render(found, verbose=common.output.verbose), talk=True)
        common.output.data(github(found))
    else:
        common.output.lines(text.render(found, verbose=common.output.verbose))
