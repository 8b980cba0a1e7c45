"""A pipeline in, the manifest `pipeline/` that declares it out; and what an earlier one of its files says
that is kept.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from entra_config.bootstrap import github_called, handmade, templates
from entra_config.bootstrap.identities import WRITER
from entra_config.bootstrap.model import AUDIENCE, READER, TENANT, Pipeline, text_of
from entra_config.errors import UsageError
from entra_config.manifest import loader
from entra_config.manifest.model import Application, Named

FOLDER = "pipeline"
ROOT_FILE = "entra-config.yaml"
IDENTITIES = "identities.yaml"
GRAPH = "Microsoft Graph"

# What the ways to sign in are called that bootstrap writes, and how the names of some of them begin.
WAYS, PINS = ("apply", "credentials", "drift", "main", "pull-request"), "pins-"
OWN_RULE = "fic-audience-not-default"


@dataclass(frozen=True, slots=True)
class Kept:
    """What stands in `pipeline/` already: who applies it, what identities are called, which appIds the
    lock file pins; its applications, and the texts of the files that bootstrap writes.
    """

    deployers: tuple[Named, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    app_ids: Mapping[str, str] = field(default_factory=dict)
    applications: Mapping[str, Application] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


def project(of: str) -> str:
    """Return the name of the project that declares the pipeline of a project."""
    return f"{of}-pipeline"


def files(pipeline: Pipeline, host: str, besides: Collection[str] = ()) -> dict[str, str]:
    """Return the files of the manifest, by name; `host` is the word after `bootstrap`, `besides` are
    permissions of applications that others added.
    """
    own = [each.key for each in pipeline.writers if any(way.audience != AUDIENCE for way in each.sign_ins)]
    values = {
        "host": host,
        "pipeline": pipeline,
        "project": project(pipeline.project),
        "identities": IDENTITIES,
        "environment": TENANT,
        "tenant": pipeline.tenant_id,
        "deployers": pipeline.deployers,
        "permissions": sorted({*pipeline.permissions, *besides}),
        "writers": [each.key for each in pipeline.writers],
        # A host whose subjects say no environment: the audience keeps a job that plans from signing in as one
        # that applies.
        "own_audiences": own,
    }
    return {name: templates.fill(FOLDER, name, **values) for name in (ROOT_FILE, IDENTITIES)}


def kept(folder: Path, of: str, tenant_id: str) -> Kept:
    """Return what an earlier run left in the folder `pipeline/`; that of another project or tenant is none
    of ours.
    """
    file = folder / ROOT_FILE
    if not file.exists():
        return Kept()
    manifest = loader.load(file)
    if (manifest.project, manifest.environment) != (project(of), TENANT):
        raise UsageError(
            f"{file} is of {manifest.owner}, not of {project(of)}/{TENANT}: bootstrap writes only "
            "what it wrote itself"
        )
    if manifest.tenant_id != tenant_id:
        raise UsageError(f"{file} is of tenant {manifest.tenant_id}, and the manifest of tenant {tenant_id}")
    names = {
        key: str(setting.value)
        for key, each in manifest.applications.items()
        if (setting := each.settings.get("displayName")) is not None
    }
    texts = {name: text for name in (ROOT_FILE, IDENTITIES) if (text := text_of(folder / name))}
    return Kept(manifest.deployers or (), names, dict(manifest.pinned), dict(manifest.applications), texts)


def again(pipeline: Pipeline, host: str, stands: Kept) -> tuple[dict[str, str], list[str]]:
    """Return the files of the manifest with what people added to it, and a line for each part of that."""
    fresh = files(_renamed(pipeline, stands), host, _requested(pipeline, stands))
    texts: dict[str, str] = {}
    notices: list[str] = []
    for name, text in fresh.items():
        merged = handmade.merged(text, stands.texts.get(name, ""), _gone)
        texts[name] = merged.text
        notices += handmade.notices(f"{FOLDER}/{name}", merged.kept)
    return texts, notices


def _gone(path: handmade.KeyPath) -> bool:
    """Tell whether a key is one that an earlier run wrote, and that goes where this one does not write it."""
    match path:
        case ("applications", key, "federatedCredentials", name):
            ours = key == READER or key.startswith(WRITER)
            return ours and (name in WAYS or name.startswith(PINS) or github_called.is_way(name))
        case ("environments", _, "policy", "lint", "rules", rule):
            return rule == OWN_RULE
    return False


def _renamed(pipeline: Pipeline, stands: Kept) -> Pipeline:
    """Call a way to sign in what it is called already: Entra takes none twice, whatever its name."""
    found = []
    for each in pipeline.identities:
        application = stands.applications.get(each.key)
        names = {
            (way.issuer, way.subject, way.audience): way.name
            for way in (application.federated_credentials.values() if application else ())
        }
        ways = [
            replace(way, name=names.get((pipeline.issuer, way.subject, way.audience), way.name))
            for way in each.sign_ins
        ]
        found.append(replace(each, sign_ins=tuple(ways)))
    return replace(pipeline, identities=tuple(found))


def _requested(pipeline: Pipeline, stands: Kept) -> set[str]:
    """Return what applications that somebody added request of Microsoft Graph."""
    own = {each.key for each in pipeline.identities}
    others = [each for key, each in stands.applications.items() if key not in own]
    permissions = (each.api_permissions.get(GRAPH) for each in others)
    names = (each.application for each in permissions if each)
    return set(chain.from_iterable(names))
