"""A command as typer made it in; the same command out, whose plain values are read without pydantic.

typer converts whatever a command line says by pydantic, which takes longer to import than all of `plan
--help`. Nearly all that this program is told needs no conversion: what does, and what is wrong, typer says
itself.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, get_args, get_origin


def skip_pydantic(command: Any) -> Any:
    """Return a command, with those below it, whose parameters try the plain way first."""
    command.get_params = partial(_params, command.get_params)
    for below in getattr(command, "commands", {}).values():
        skip_pydantic(below)
    return command


def _params(get_params: Any, ctx: Any) -> list[Any]:
    params: list[Any] = get_params(ctx)
    for param in params:
        if getattr(param, "_runtime_param", None) is None:
            # Where typer keeps what converts a parameter once it was made. Elsewhere this attribute is
            # nobody's.
            param._runtime_param = _Plain()  # noqa: SLF001  # the one place there is
    return params


class _Plain:
    """Takes what the annotation says already; leaves all else to typer."""

    def coerce(self, value: Any, *, param: Any, ctx: Any) -> Any:
        """Return the value of one parameter."""
        many = param.multiple or param.nargs == -1
        if value is None:
            return () if many else None
        wanted = param.type_descriptor.annotation
        if many and get_origin(wanted) is list and isinstance(value, list | tuple):
            (wanted,) = get_args(wanted)
            found = [_read(wanted, item) for item in value]
            if None not in found:
                return found
        elif not many and (one := _read(wanted, value)) is not None:
            return one
        param._runtime_param = None  # noqa: SLF001  # typer makes its own then
        return param.get_runtime_param().coerce(value, param=param, ctx=ctx)


def _read(wanted: Any, value: Any) -> Any:
    """Return a value as its annotation wants it; None where that is not plain."""
    if wanted is Path and isinstance(value, str | Path):
        return Path(value)
    if wanted in {str, bool} and type(value) is wanted:
        return value
    return value if value in get_args(wanted) else None
