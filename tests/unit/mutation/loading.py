"""The modules of tools/mutation, which is no package, as modules."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

TOOL = Path(__file__).parents[3] / "tools/mutation"


def loaded(name: str, called: str = "") -> ModuleType:
    """Load a module of the tool, which is no package."""
    spec = importlib.util.spec_from_file_location(called or name, TOOL / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[called or name] = module
    spec.loader.exec_module(module)
    return module
