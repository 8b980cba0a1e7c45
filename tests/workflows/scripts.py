"""The scripts of `.github/scripts`, as modules."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

from tests.workflows.runs import PROJECT

FOLDER = PROJECT / ".github/scripts"


def load(name: str) -> ModuleType:
    """Return a script as a module; it finds the others in its own folder."""
    spec = importlib.util.spec_from_file_location(f"github_script_{name}", FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
