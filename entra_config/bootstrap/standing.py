"""A pipeline as declared, and what is seen of it from inside a job or beside it, in; what stands and what
does not, out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches

from entra_config.bootstrap.github import CLAIMS, PINS
from entra_config.bootstrap.github_settings import BRANCH, READER, TENANT, WRITER, Environment, HubState
from entra_config.bootstrap.identities import least_of_reader, least_of_writer, writer_key
from entra_config.bootstrap.model import READER as READER_KEY
from entra_config.checks.examination import Examination
from entra_config.graph import privileges
from entra_config.manifest.model import Application, Manifest

_IDS = re.compile(r"@\d+(?=[/:])")
_WORKFLOW = re.compile(r":job_workflow_ref:.*$")
GRAPH = "Microsoft Graph"


def requested(application: Application) -> tuple[str, ...]:
    """Return the permissions of Microsoft Graph that an identity requests for itself."""
    permission = application.api_permissions.get(GRAPH)
    return permission.application if permission else ()


def declared(pipeline: Manifest, manifests: Sequence[Manifest]) -> Iterator[Examination]:
    """Yield whether each identity is declared, with what the manifest needs by now, and deploys its
    environment.
    """
    wanted = {READER_KEY: least_of_reader()}
    wanted |= {writer_key(each.environment): least_of_writer(each) for each in manifests}
    for key, needs in wanted.items():
        if key not in pipeline.applications:
            yield Examination("bad", key, "is not declared: run `entra-config bootstrap` again")
        elif lacks := privileges.lacking(needs, requested(pipeline.applications[key])):
            message = (
                f"the manifest needs {', '.join(lacks)} by now: run `entra-config bootstrap` again, and "
                "apply what it writes"
            )
            yield Examination("bad", key, message)
    for manifest in manifests:
        key = writer_key(manifest.environment)
        name = display_name(pipeline, key)
        named = [each for each in manifest.deployers or () if each.name.casefold() == name.casefold()]
        if key in pipeline.applications and not named:
            yield Examination("bad", key, f"`deployers` of {manifest.environment} does not name {name}")
        elif named and named[0].id is None:
            yield Examination("bad", key, f"{name} is not pinned in the lock file of {manifest.environment}")


def pins(
    pipeline: Manifest, manifests: Sequence[Manifest], principals: Mapping[str, str]
) -> Iterator[Examination]:
    """Yield whether who applies an environment, as its manifest pins it, is the identity that the pipeline
    declares; `principals` are ids by key.
    """
    for manifest in manifests:
        key = writer_key(manifest.environment)
        name, live = display_name(pipeline, key), principals.get(key)
        for each in manifest.deployers or ():
            if each.name.casefold() != name.casefold() or each.id is None or live is None:
                continue
            if each.id == live:
                yield Examination("good", key, f"{manifest.environment} pins {name} as it is: {live}")
            else:
                message = (
                    f"{manifest.environment} pins {name} as {each.id}, and its service principal is {live}: "
                    "look whose the other is, then run `entra-config bootstrap` again"
                )
                yield Examination("bad", key, message)


def display_name(pipeline: Manifest, key: str) -> str:
    """Return what an identity is called, its key where it is not declared."""
    application = pipeline.applications.get(key)
    setting = application.settings.get("displayName") if application else None
    return str(setting.value) if setting else key


def subject(message: str, key: str, application: Application) -> Examination:
    """Compare what this job's token says of itself with what opens the identity that it signs in as."""
    opens = [each.subject for each in application.federated_credentials.values()]
    if message in opens:
        return Examination("good", "subject", f"{message} opens {key}")
    for why, ids, workflow in (
        ("the ids of owner and repository are not those of the declared subjects", True, False),
        ("the repository's subjects do not name the workflow", False, True),
        ("neither the ids nor the workflow are as declared", True, True),
    ):
        # A subject that names another workflow is another job's, not one of another form.
        if near := next(
            (
                each
                for each in opens
                if _bare(each, ids, workflow=workflow) == _bare(message, ids, workflow=False)
            ),
            None,
        ):
            return Examination("bad", "subject", f"{message} opens nothing: {why}; expected {near}")
    nearest = get_close_matches(message, opens, n=1, cutoff=0)
    expected = f"; the nearest is {nearest[0]}" if nearest else ""
    return Examination("bad", "subject", f"{message} opens nothing: {key} is for other jobs{expected}")


def _bare(text: str, ids: bool, *, workflow: bool) -> str:
    bare = _IDS.sub("", text) if ids else text
    return _WORKFLOW.sub("", bare) if workflow else bare


def consent(key: str, name: str, wanted: Sequence[str], held: Collection[str] | None) -> Examination:
    """Tell whether an identity has what it requests; `held` is None where it has no service principal."""
    if held is None:
        return Examination("bad", key, f"{name} is not in the tenant, or its service principal is not")
    if lacks := privileges.lacking(wanted, held):
        message = (
            f"{name} lacks consent to {', '.join(lacks)}: an administrator gives it with "
            "`entra-config apply -f pipeline --allow dangerous`"
        )
        return Examination("bad", key, message)
    return Examination("good", key, f"{name} may: {', '.join(wanted)}")


def repository(
    state: HubState,
    environments: Sequence[str],
    tenant_id: str,
    app_ids: Mapping[str, str],
    *,
    pins: bool = True,
) -> Iterator[Examination]:
    """Yield what GitHub is set to; what it does not show to this job is said, and nobody takes it for
    good. `pins`: jobs propose pins, from an environment of their own.
    """
    if state.claims is None:
        yield Examination(
            "note", "subjects", "GitHub does not show their form to this job; its own token shows it"
        )
    elif state.claims != CLAIMS:
        yield Examination(
            "bad", "subjects", f"say {', '.join(state.claims) or 'the default'}, not {', '.join(CLAIMS)}"
        )
    else:
        yield Examination("good", "subjects", f"say {', '.join(CLAIMS)}")
    if state.environments is None:
        yield Examination("note", "environments", "GitHub does not show them to this job (`actions: read`)")
    else:
        for name in (*environments, *([PINS] if pins else [])):
            wrong = list(_environment(state.environments.get(name), reviewed=name != PINS))
            message = f"{name}: {'; '.join(wrong)}" if wrong else f"{name} opens to {BRANCH} alone"
            yield Examination("bad" if wrong else "good", "environment", message)
    yield from _variables(state, environments, tenant_id, app_ids)


def _environment(environment: Environment | None, *, reviewed: bool) -> Iterator[str]:
    if environment is None:
        yield "is not there"
        return
    if reviewed and not environment.reviewers:
        yield "nobody reviews what is applied"
    if reviewed and not environment.no_self_review:
        yield "whoever starts a run may approve it"
    if not environment.custom_branches:
        yield "lets every branch in"
    elif environment.branches != (BRANCH,):
        yield f"lets in {', '.join(environment.branches) or 'no branch'}, not {BRANCH} alone"


def _variables(
    state: HubState, environments: Sequence[str], tenant_id: str, app_ids: Mapping[str, str]
) -> Iterator[Examination]:
    if state.variables is None:
        yield Examination(
            "note", "variables", "GitHub does not show them to this job; the job's own values are compared"
        )
        return
    if WRITER in state.variables:
        message = (
            f"{WRITER} of the whole repository: every job has it; it belongs into each environment alone"
        )
        yield Examination("bad", "variable", message)
    rows = [
        (TENANT, state.variables.get(TENANT), tenant_id),
        (READER, state.variables.get(READER), app_ids.get(READER_KEY)),
    ]
    for name in environments:
        own = state.environment_variables.get(name)
        if own is not None:
            rows.append((f"{WRITER} of {name}", own.get(WRITER), app_ids.get(writer_key(name))))
    for name, is_, wanted in rows:
        if is_ == wanted and wanted:
            yield Examination("good", "variable", f"{name} is {is_}")
        else:
            yield Examination(
                "bad",
                "variable",
                f"{name} is {is_ or 'not set'}, expected {wanted or 'one that nobody pinned yet'}",
            )
