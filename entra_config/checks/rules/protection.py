"""Rules about takeovers, deletions and restores, and about where secrets go."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.checks.limits import LimitsView
from entra_config.checks.rule import Finding, found, rule
from entra_config.checks.tenant import Secret, TenantView, reported
from entra_config.kinds.base import deletes_application, is_application
from entra_config.kinds.secret_names import made_for, parse
from entra_config.plan.model import Change, Restore, address_of

WHY = "a federated credential, or else a certificate, leaves nothing to steal: why a secret?"


@rule(
    "refuse",
    "{key} is tagged as an application of {owner}. `--allow takeover` makes it one of {own}, with all "
    "that this plan does to it. Allow it after a handover, or if the tags were changed by hand",
    word="takeover",
    example="""\
manifest:
  applications: {api: {type: api, displayName: API}}
hand:
  - PATCH: "/applications/{api.id}"
    body: {tags: ["entra-config:owner=p/other", "entra-config:key=api"]}
edit:
  applications: {api: {appId: "{api.appId}"}}
""",
)
def takeover(view: TenantView, taken: tuple[str, str]) -> Iterator[Finding]:
    """Find an application that is tagged as managed by another owner."""
    key, owner = taken
    if key in view.manifest.applications:
        position = view.manifest.applications[key].position
        yield found(key, position, owner=owner, own=view.manifest.owner)


@rule(
    "notice",
    "{type} of {key}{label} → {place}{there}{why}",
    example="""\
manifest:
  environments:
    dev:
      sinks: {web: {file: /run/secrets/web}}
  applications: {web: {type: web, displayName: Web}}
edit:
  applications: {web: {credentials: {secrets: {web: {sink: web}}}}}
""",
)
def secret_declared(view: TenantView, secret: Secret) -> Iterator[Finding]:
    """Find a declared secret or generated certificate: where it is kept, whether it exists, and why it is a
    secret, unless a comment that silences lint's `secret-declared` answers that.
    """
    key, declared = secret.application.key, secret.declared
    answered = view.manifest.is_silenced("secret-declared", declared.position, view.now, key)
    yield found(
        key,
        declared.position,
        type=declared.type,
        place=reported(view.manifest, secret.sink),
        label="" if declared.label == key else f" ({declared.label})",
        there="" if _exists(secret) else "; there is none yet, `entra-config credentials rotate` makes it",
        why=f"; {WHY}" if declared.type == "secret" and not answered else "",
    )


@rule(
    "skip",
    "{what} would go to {place}, which {how}, and the environment is protected",
    word="sink",
    example="""\
manifest:
  environments:
    dev:
      protected: true
      deployers: [Emulator deployer]
      sinks: {web: {file: /run/secrets/web}}
  applications: {web: {type: web, displayName: Web}}
lock: true
edit:
  applications: {web: {credentials: {secrets: {web: {sink: web}}}}}
""",
)
def sink_new(view: TenantView, secret: Secret) -> Iterator[Finding]:
    """Find a secret of a protected environment that would go to a place to which none of its own went
    before. A plan sends no secret, so everything else is carried out.
    """
    declared, place = secret.declared, reported(view.manifest, secret.sink)
    places = made_for(secret.body, declared, secret.known)
    if view.manifest.protected and secret.sink.digest not in places:
        what = "secret" if declared.type == "secret" else "the key of certificate"
        how = "points elsewhere than before" if places else "is new"
        what = f"{what} {declared.label}"
        yield found(secret.application.key, declared.position, what=what, place=place, how=how)


@rule(
    "refuse",
    "the application would be deleted, and environment {environment} is protected",
    word="delete",
    example="""\
manifest:
  environments: {dev: {protected: true, deployers: [Emulator deployer]}}
  applications: {web: {type: web, displayName: Web}}
lock: true
destroy: true
""",
)
def application_deleted(view: LimitsView, change: Change) -> Iterator[Finding]:
    """Find an application of a protected environment that would be deleted."""
    if view.manifest.protected and deletes_application(change):
        yield Finding({"environment": view.manifest.environment}, address_of(change))


@rule(
    "refuse",
    "the deleted {what}, and environment {environment} is protected",
    word="restore",
    example="""\
manifest:
  environments: {dev: {protected: true, deployers: [Emulator deployer]}}
  applications: {web: {type: web, displayName: Web}}
lock: true
hand:
  - DELETE: "/applications/{web.id}"
""",
)
def object_restored(view: LimitsView, change: Change) -> Iterator[Finding]:
    """Find a deleted application or service principal of a protected environment that would be restored."""
    if view.manifest.protected and isinstance(change, Restore):
        what = (
            "application would come back with all that it had"
            if is_application(change.after.address)
            else "service principal would be restored with its roles and consents"
        )
        yield Finding({"what": what, "environment": view.manifest.environment}, address_of(change))


@rule(
    "refuse",
    "the application would be deleted, and its manifest says `preventDestroy: true`",
    example="""\
manifest:
  applications: {web: {type: web, displayName: Web, preventDestroy: true}}
destroy: true
""",
)
def destroy_prevented(view: LimitsView, change: Change) -> Iterator[Finding]:
    """Find an application that would be deleted although its manifest prevents it."""
    application = view.manifest.applications.get(address_of(change).key)
    if deletes_application(change) and application is not None and application.prevent_destroy:
        yield Finding({}, address_of(change), application.position)


def _exists(secret: Secret) -> bool:
    entries = secret.body.get(secret.declared.collection) or ()
    names = (parse(entry.get("displayName")) for entry in entries)
    return any(str(entry.get("keyId")).lower() in secret.known for entry in entries) or any(
        name is not None and name.label == secret.declared.label for name in names
    )
