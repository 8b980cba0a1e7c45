"""A project's manifest and its pipeline in; `deployers:` that name the writers, and their lines of the
lock files, out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from entra_config.bootstrap.model import Pipeline
from entra_config.manifest import loader
from entra_config.manifest.editing.editor import Edit, Editor
from entra_config.manifest.environments import lock
from entra_config.manifest.environments.pins import Pin


def named(path: Path, pipeline: Pipeline) -> Edit:
    """Add each writer to its environment's `deployers`, in place, unless the manifest means it already, by a
    variable or in another case.
    """
    editor = Editor(path)
    for each in pipeline.writers:
        where = ("environments", each.environment, "deployers")
        listed = loader.load(path, each.environment).deployers or ()
        if each.name.casefold() not in {deployer.name.casefold() for deployer in listed}:
            editor.prepare(where, None)
            editor.add_item(where, each.name)
    return editor.finish()


def locked(path: Path, pipeline: Pipeline, principals: Mapping[str, str]) -> dict[Path, str]:
    """Return the lock files that change: each writer's name means its service principal; `principals` are
    ids by key.
    """
    changed = {}
    for each in pipeline.writers:
        file = loader.lock_path(path, each.environment)
        old = lock.read_valid(file)
        pins = {
            name: pin
            for name, pin in old.service_principals.items()
            if name.casefold() != each.name.casefold()
        }
        had = old.service_principal(each.name)
        if each.key not in principals or (had is not None and had.id == principals[each.key]):
            continue
        pins[each.name] = Pin(principals[each.key])
        new = replace(old, tenant_id=pipeline.tenant_id, service_principals=pins)
        before = file.read_text(encoding="utf-8") if file.exists() else ""
        changed[file] = lock.write(new, each.environment, before=before)
    return changed
