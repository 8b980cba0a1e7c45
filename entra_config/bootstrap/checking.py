"""`entra-config doctor --pipeline`: whether all of a pipeline stands, from inside a job or from a desk."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from entra_config import reconcile
from entra_config.actual.consented import consented
from entra_config.bootstrap import declared, gh, github_called, github_hub, standing
from entra_config.bootstrap.github import ISSUER
from entra_config.bootstrap.model import READER
from entra_config.bootstrap.survey import SignIn
from entra_config.checks.examination import Examination
from entra_config.errors import EntraConfigError, GraphError
from entra_config.graph import token
from entra_config.graph.client import Graph
from entra_config.manifest import loader
from entra_config.manifest.environments import source
from entra_config.manifest.model import Manifest
from entra_config.plan.model import Plan, address_of

Now = Callable[[], datetime]

TOKEN_FILE, CLIENT_ID, TENANT_ID = "AZURE_FEDERATED_TOKEN_FILE", "AZURE_CLIENT_ID", "AZURE_TENANT_ID"


def examinations(manifest: Path, sign_in: SignIn, now: Now) -> Iterator[Examination]:
    """Yield what stands and what does not; nothing is changed."""
    folder = source.locate(manifest).parent.parent / declared.FOLDER
    try:
        manifests = loader.load_all(manifest)
        pipeline = loader.load(folder)
    except EntraConfigError as error:
        reported = "" if (folder / declared.ROOT_FILE).exists() else ": `entra-config bootstrap` writes it"
        yield Examination("bad", "pipeline", f"{error}{reported}")
        return
    message = f"{pipeline.owner} declares {', '.join(pipeline.applications)}"
    yield Examination("good", "pipeline", message)
    yield from standing.declared(pipeline, manifests)
    yield from _job(pipeline)
    try:
        yield from asyncio.run(_tenant(pipeline, manifests, sign_in, now))
    except EntraConfigError as error:
        yield Examination("bad", "sign-in", _advised(error))
    if _issuers(pipeline) <= {ISSUER}:
        yield from _github([each.environment for each in manifests], pipeline)


def _issuers(pipeline: Manifest) -> set[str]:
    """Return who signs the tokens of the jobs: what is set at another host than GitHub is not looked at."""
    return {
        way.issuer for each in pipeline.applications.values() for way in each.federated_credentials.values()
    }


def _job(pipeline: Manifest) -> Iterator[Examination]:
    """Compare what the job was given with what the pipeline declares: its tenant, its identity, its own
    subject.
    """
    if not (file := os.environ.get(TOKEN_FILE, "")):
        return  # interactively, where somebody signs in as himself
    keys = {app_id: key for key, app_id in pipeline.pinned.items()}
    client = os.environ.get(CLIENT_ID, "")
    key = keys.get(client)
    if (tenant := os.environ.get(TENANT_ID, "")) and tenant != pipeline.tenant_id:
        yield Examination(
            "bad", "variable", f"the job signs in to tenant {tenant}, expected {pipeline.tenant_id}"
        )
    if client and key is None:
        known = (
            ", ".join(f"{name} is {app_id}" for name, app_id in pipeline.pinned.items())
            or "none is pinned yet"
        )
        yield Examination(
            "bad", "variable", f"the job signs in as {client}, which is no identity of the pipeline: {known}"
        )
    subject, opened = _subject(Path(file)), key or READER
    if subject and opened in pipeline.applications:
        yield standing.subject(subject, opened, pipeline.applications[opened])


def _subject(file: Path) -> str:
    """Return what a job's token says of the job; it is read here, and verified by Entra alone."""
    try:
        return str(token.part(file.read_text(encoding="utf-8").strip(), 1).get("sub", ""))
    except OSError:
        return ""


async def _tenant(
    pipeline: Manifest, manifests: Sequence[Manifest], sign_in: SignIn, now: Now
) -> list[Examination]:
    async with sign_in(pipeline.tenant_id) as graph:
        who = graph.identity
        message = f"{who.name or who.app_id or who.object_id} in tenant {graph.tenant_id}"
        return [
            Examination("good", "sign-in", message),
            *(await _live(graph, pipeline, manifests)),
            *(await _as_declared(graph, pipeline, now())),
        ]


async def _live(graph: Graph, pipeline: Manifest, manifests: Sequence[Manifest]) -> list[Examination]:
    """Compare consents with what is requested, and the main manifest's pins with whom they are of."""
    who = graph.identity
    held: dict[str, frozenset[str]] = {}
    unread = ""
    pins: list[Examination] = []
    try:
        live = await consented(graph, pipeline.pinned)
        held = {key: each.permissions for key, each in live.items()}
        pins = list(standing.pins(pipeline, manifests, {key: each.id for key, each in live.items()}))
    except GraphError as error:
        unread = _advised(error)
        own = {app_id: key for key, app_id in pipeline.pinned.items()}.get(who.app_id)
        if own is not None and who.permissions is not None:
            held = {own: who.permissions}
    return [*_consents(pipeline, held, unread), *pins]


def _consents(pipeline: Manifest, held: Mapping[str, frozenset[str]], unread: str) -> Iterator[Examination]:
    """Yield whether each identity has what it requests; `unread` says why nobody could look."""
    for key, application in pipeline.applications.items():
        name = standing.display_name(pipeline, key)
        if key not in pipeline.pinned:
            message = f"{name} is not pinned: apply the pipeline, and commit its lock file"
            yield Examination("bad", key, message)
        elif not unread or key in held:
            yield standing.consent(key, name, standing.requested(application), held.get(key))
        else:
            yield Examination("bad", key, f"what {name} may do was not read: {unread}")


async def _as_declared(graph: Graph, pipeline: Manifest, now: datetime) -> list[Examination]:
    try:
        plan = await reconcile.plan(pipeline, graph, now=now)
    except GraphError as error:
        return [Examination("note", "identities", f"not compared with what is declared: {_advised(error)}")]
    return list(_planned(plan))


def _planned(plan: Plan) -> Iterator[Examination]:
    changed = [str(address_of(change)) for change in plan.changes]
    if changed:
        yield Examination(
            "bad",
            "identities",
            f"not as declared, `entra-config plan -f pipeline` says how: {', '.join(changed)}",
        )
    else:
        yield Examination("good", "identities", "are as declared")
    for warning in plan.warnings:
        # What is not declared signs in as the pipeline, whoever added it.
        yield Examination("bad" if warning.watched else "note", "identities", str(warning.message))


def _github(environments: list[str], pipeline: Manifest) -> Iterator[Examination]:
    if (tool := gh.found()) is None:
        yield Examination(
            "note",
            "GitHub",
            "`gh` is not there, or not signed in: environments and variables were not looked at",
        )
        return
    try:
        name = os.environ.get("GITHUB_REPOSITORY", "") or github_hub.remote(Path.cwd())
        state = gh.state(tool, name, environments)
    except EntraConfigError as error:
        yield Examination("note", "GitHub", f"not looked at: {error}")
        return
    ways = [way for each in pipeline.applications.values() for way in each.federated_credentials.values()]
    pins = not github_called.is_called(each.subject for each in ways)
    yield from standing.repository(state, environments, pipeline.tenant_id, dict(pipeline.pinned), pins=pins)


def _advised(error: EntraConfigError) -> str:
    return f"{error} {error.advice}".strip() if isinstance(error, GraphError) else str(error)
