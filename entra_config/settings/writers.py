"""A manifest, or all its environments, in; the files of `settings:` by path out: one function for each
target.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from entra_config.errors import Problem, UsageError
from entra_config.manifest.model import Manifest
from entra_config.manifest.targets import App, File
from entra_config.settings import alb, aws_stack, constants, httpd, postman, source, tokens, values
from entra_config.settings.registered import RegisteredTenant, as_declared
from entra_config.settings.source import ApiSource

# The rows of `manifest/targets.py`, each with what writes it.
SOURCES: Mapping[str, Callable[[ApiSource], str]] = {
    "python": constants.python,
    "typescript": constants.typescript,
    "tokens": tokens.write,
}
VALUES: Mapping[str, Callable[[Manifest, App, RegisteredTenant], str]] = {
    "dotenv": values.dotenv,
    "json": values.api_json,
    "protectedResource": values.protected_resource,
    "httpd": httpd.defines,
    "shell": values.shell,
    "tfvars": values.terraform_variables,
    "config": values.config,
    "alb": alb.action,
    "awsStack": aws_stack.parameters,
    "postmanCollection": postman.collection,
    "postmanEnvironment": postman.environment,
}


def sources(manifests: Sequence[Manifest]) -> dict[Path, str]:
    """Return every source file of all environments, which share them."""
    found: dict[Path, str] = {}
    for manifest in manifests:
        root = Path(manifest.root).parent
        for app, file in _files(manifest):
            if file.target in SOURCES:
                path = Path(os.path.normpath(root / file.path))
                found[path] = _source(manifests, app, file)
    return found


def tenant_values(manifest: Manifest, registered: RegisteredTenant, folder: Path) -> dict[Path, str]:
    """Return every file of one environment's values, in a folder."""
    return {
        folder / file.path: VALUES[file.target](manifest, app, registered)
        for app, file in _files(manifest)
        if file.target in VALUES
    }


def find_problems(manifests: Sequence[Manifest]) -> list[Problem]:
    """Return why files of `settings:` cannot be written, whatever the tenant has, each at its place."""
    found: dict[Problem, None] = {}
    for manifest in manifests:
        stand_in = as_declared(manifest)
        for app, file in _files(manifest):
            try:
                if file.target in SOURCES:
                    _source(manifests, app, file)
                else:
                    VALUES[file.target](manifest, app, stand_in)
            except UsageError as error:
                found[Problem(file.position, f"`{file.target}`: {error}")] = None
    return list(found)


def _source(manifests: Sequence[Manifest], app: App, file: File) -> str:
    # An environment with a file of its own, by `${environment}` or `overrides`, has what is true there alone.
    sharing = [each for each in manifests if any(file.path == other.path for _, other in _files(each))]
    return SOURCES[file.target](source.of(sharing, app.api or app.key))


def alike(before: str, after: str) -> bool:
    """Tell whether a file of values was written here before: it says so or, as JSON, which has no place
    for it, has our keys.
    """
    if not after.startswith("{"):
        return after.partition("\n")[0] in before.splitlines()
    try:
        document = json.loads(before)
    except ValueError:
        return False
    return isinstance(document, dict) and not document.keys().isdisjoint(json.loads(after))


def _files(manifest: Manifest) -> list[tuple[App, File]]:
    return [(app, file) for app in manifest.settings.apps for file in app.files]
