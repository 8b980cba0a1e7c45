"""A command as it was called in; how its report was made, out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import typer

from entra_config.cli import wiring

if TYPE_CHECKING:
    from entra_config.cli.options import Common
    from entra_config.report.made import HowMade


def made(context: typer.Context, common: Common, environment: str) -> HowMade:
    """Return how a report is made now: the tool, the manifest's commit, and the words of the command."""
    from entra_config.cli import version
    from entra_config.drift.base import head
    from entra_config.report.made import HowMade

    words = (str(context.info_name), "-e", environment, *_given(context))
    return HowMade(
        version.tool(),
        wiring.now(),
        head(common.manifest),
        words,
        where=common.where(),
        there=common.there(),
    )


def of_fleet(context: typer.Context, common: Common) -> HowMade:
    """Return how a report on a fleet is made now."""
    from entra_config.cli import version
    from entra_config.drift.base import head
    from entra_config.report.made import HowMade

    assert common.fleet is not None  # the option has a default
    words = ("fleet", str(context.info_name), *_given(context))
    return HowMade(version.tool(), wiring.now(), head(common.fleet), words)


def _given(context: typer.Context) -> Iterator[str]:
    """Yield what somebody chose of this command's own options, on the line or in the environment."""
    for each in context.command.params:
        source = context.get_parameter_source(str(each.name))
        if each.name not in context.params or source is None or source.name not in _CHOSEN:
            continue
        value = context.params[each.name]
        for one in value if isinstance(value, list | tuple) else [value]:
            yield from (
                [str(one)] if each.param_type_name == "argument" else _words(max(each.opts, key=len), one)
            )


_CHOSEN = frozenset({"COMMANDLINE", "ENVIRONMENT"})


def _words(option: str, value: Any) -> tuple[str, ...]:
    if value is None or value is False:
        return ()
    return (option,) if value is True else (option, str(value))
