"""The scripts of `.github/scripts`, as modules."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

from tests.workflows.runs import PROJECT

FOLDER = PROJECT / ".github"


def load(name: str, folder: str = "scripts") -> ModuleType:
    """Return a script as a module; it finds those that it needs itself."""
    spec = importlib.util.spec_from_file_location(f"github_script_{name}", FOLDER / folder / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
