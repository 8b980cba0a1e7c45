"""Every rule, found by its file: a new one is a file in `rules/`, and nothing else."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

from entra_config.lint import rules
from entra_config.lint.model import Rule


@cache
def built_in() -> Mapping[str, Rule]:
    """Return the rules of this package by id, in order of their ids."""
    names = sorted(each.name for each in pkgutil.iter_modules(rules.__path__))
    found: list[Rule] = [importlib.import_module(f"{rules.__name__}.{name}").RULE for name in names]
    return {rule.id: rule for rule in found}
