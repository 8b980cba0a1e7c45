"""Rules of other packages: what installed ones offer under the entry point `entra_config.lint`, beside the
built-in ones.

Only `entra-config lint` loads them: what plans, applies or reads a tenant runs no code but its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib import metadata
from typing import Any

from entra_config.errors import UsageError
from entra_config.lint import table
from entra_config.lint.model import Check, Hit, Rule, View

GROUP = "entra_config.lint"
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def every() -> Mapping[str, Rule]:
    """Return the built-in rules and those of installed packages; raise UsageError for one that cannot be
    used, with its name.
    """
    found = dict(table.built_in())
    for point in sorted(metadata.entry_points(group=GROUP), key=lambda each: each.name):
        for rule in _rules(point):
            if rule.id in found:
                raise UsageError(f"{_named(point)}: there is a rule `{rule.id}` already")
            found[rule.id] = replace(rule, check=_guarded(rule, _named(point)))
    return found


def _rules(point: metadata.EntryPoint) -> Iterator[Rule]:
    try:
        loaded: Any = point.load()
    except Exception as error:  # it is somebody else's code, which may raise anything
        raise UsageError(f"{_named(point)}: cannot be loaded: {type(error).__name__}: {error}") from error
    for each in loaded if isinstance(loaded, tuple | list) else (loaded,):
        if not isinstance(each, Rule) or not _ID.fullmatch(each.id):
            raise UsageError(
                f"{_named(point)}: expected an entra_config.lint.model.Rule with an id such as `no-such-host`"
            )
        yield each


def _named(point: metadata.EntryPoint) -> str:
    package = point.dist.name if point.dist is not None else "an installed package"
    return f"entry point {GROUP} `{point.name}` of {package}"


def _guarded(rule: Rule, named: str) -> Check:
    def check(view: View) -> Iterator[Hit]:
        try:
            yield from rule.check(view)
        except Exception as error:  # it is somebody else's code, which may raise anything
            raise UsageError(f"{named}: rule `{rule.id}` failed: {type(error).__name__}: {error}") from error

    return check
