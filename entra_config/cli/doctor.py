"""`entra-config doctor`: what is in the way: manifest, cloud, sign-in, tenant, clock, permissions, what
the tenant refuses.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from entra_config.checks import privileges as levels
from entra_config.checks.examination import Examination
from entra_config.cli import wiring
from entra_config.cli.options import Common, ShardCommand
from entra_config.errors import EntraConfigError
from entra_config.report import escape
from entra_config.report.lines import Line, mark_state, padded

if TYPE_CHECKING:
    from entra_config.actual.policies import Policies
    from entra_config.manifest.model import Manifest

SKEW = 60.0  # seconds; tokens are refused when a clock is off by minutes
# So many of an issuer a load balancer that checks tokens reads (AWS, JWT validation limits).
MOST_KEYS = 10


app = typer.Typer()


@app.command(cls=ShardCommand)
def command(
    context: typer.Context,
    *,
    pipeline: Annotated[
        bool,
        typer.Option(
            "--pipeline",
            help="Check the pipeline instead: identities, consents, subjects, GitHub's environments.",
        ),
    ] = False,
) -> int:
    """Check what the signed-in identity lacks, and what else is in the way; exit code 1 when something is."""
    common = Common.of(context)
    if pipeline:
        from entra_config.bootstrap import checking

        sign_in = partial(wiring.graph, common)
        return reported(common, checking.examinations(common.manifest, sign_in, wiring.now))
    return reported(common, _all(common))


def reported(common: Common, found: Iterable[Examination]) -> int:
    """Say each as soon as it is known; return 1 where something is in the way."""
    code = 0
    for finding in found:
        common.output.lines([_line(finding)])
        code = 1 if finding.state == "bad" else code
    return code


def _all(common: Common) -> Iterator[Examination]:
    first, *rest = _manifest_and_cloud(common)
    yield first
    yield from rest
    yield from _role(common)
    # Without a manifest nobody knows which tenant is meant; why it does not hold has been said.
    if first.state == "good":
        try:
            yield from wiring.run(_tenant(common, wiring.manifest(common)))
        except EntraConfigError as error:
            # What helps stands in a line of its own.
            yield Examination("bad", "sign-in", " ".join(str(error).splitlines()))


def _manifest_and_cloud(common: Common) -> Iterator[Examination]:
    from entra_config.graph.clouds import CLOUDS

    try:
        manifest = wiring.manifest(common)
        yield Examination(
            "good", "manifest", f"{manifest.owner} holds, {len(manifest.applications)} applications"
        )
        yield from _deployers(common)
    except EntraConfigError as error:
        yield Examination("bad", "manifest", str(error))
    cloud = CLOUDS.get(common.cloud)
    if cloud is not None and not cloud.verified:
        yield Examination(
            "note",
            "cloud",
            f"{common.cloud}: its addresses are Microsoft's published ones; nobody ran this tool there",
        )
    else:
        yield Examination("good", "cloud", common.cloud)


def _role(common: Common) -> Iterator[Examination]:
    """Yield the role of AWS that this runs as, where that is to sign in; what Entra says to it comes with
    the sign-in.
    """
    if common.credential != "aws":
        return
    from entra_config.graph import aws

    try:
        _, message = aws.assertion(common.cloud)
    except EntraConfigError as error:
        yield Examination("bad", "aws", str(error))
        return
    reported = f"STS signs {message.algorithm} for {aws.SECONDS} s and {message.audience} alone"
    yield Examination("good", "aws", f"{message.role} of {message.issuer}; {reported}")


def _deployers(common: Common) -> Iterator[Examination]:
    from entra_config.manifest import loader

    try:
        manifests = loader.load_all(common.manifest, shard=wiring.shard(common))
    except EntraConfigError as error:
        yield Examination("note", "deployers", f"not compared, as another environment does not hold: {error}")
        return
    for each in levels.shared(manifests):
        yield Examination("note", "deployers", str(each))


async def _tenant(common: Common, manifest: Manifest) -> list[Examination]:
    from entra_config.actual import itself, policies

    async with wiring.graph(common, manifest.tenant_id) as graph:
        who = graph.identity
        found = [
            Examination(
                "good", "sign-in", f"{who.name or who.app_id or who.object_id} in tenant {graph.tenant_id}"
            )
        ]
        seconds = await itself.measure_response(graph, time.perf_counter)
        found.append(Examination("good", "reach", f"Graph responds in {1000 * seconds:.0f} ms"))
        found.append(_clock(graph.ahead))
        held = await itself.held(graph)
        chosen = await policies.listed(graph)
    return [*found, *await _keys(common, manifest), *_permissions(manifest, held), *_policies(chosen)]


async def _keys(common: Common, manifest: Manifest) -> list[Examination]:
    """Return whether the load balancer of `awsStack` can read Entra's keys, where it checks tokens."""
    from entra_config.graph import clouds, discovery

    apps = manifest.settings.apps
    behind = {app.api for app in apps if any(file.target == "awsStack" for file in app.files)}
    if not any(app.jwt_validation and app.key in behind for app in apps):
        return []
    external = "" if common.cloud == clouds.EMULATOR else manifest.authority
    transport = common.session.transport if common.session else None
    found = await discovery.keys(
        common.cloud,
        manifest.tenant_id,
        external=external,
        emulator=wiring.emulator(common),
        transport=transport,
    )
    if found > MOST_KEYS:
        message = (
            f"Entra lists {found}, and a load balancer takes {MOST_KEYS}: it refuses every token; set "
            "`jwtValidation: false` and deploy, the API checks by itself"
        )
        return [Examination("bad", "keys", message)]
    return [Examination("good", "keys", f"Entra lists {found}; a load balancer takes {MOST_KEYS}")]


def _policies(chosen: Policies) -> Iterator[Examination]:
    """Yield each thing that the tenant refuses to everybody, as far as its policies could be read."""
    from entra_config.checks import chosen as wording

    for message in wording.lines(chosen):
        yield Examination("note", "tenant", message)
    for unknown in chosen.unknown:
        yield Examination("note", "tenant", f"unknown: {unknown.what} ({unknown.permission} would tell)")


def _clock(ahead: float | None) -> Examination:
    if ahead is None:
        return Examination("note", "clock", "Graph returned no time")
    skew = 0.0 - ahead
    if abs(skew) > SKEW:
        return Examination(
            "bad",
            "clock",
            f"this machine's clock is {skew:+.0f} s off; sign-in fails when it is off by minutes",
        )
    return Examination("good", "clock", f"{skew:+.0f} s beside Graph's")


def _permissions(manifest: Manifest, held: list[str] | None) -> Iterator[Examination]:
    from entra_config.checks.dangers import danger
    from entra_config.graph import privileges

    if held is None:
        reported = (
            "a user, or an application that may not read itself: what it may do shows only when it is "
            "tried (`entra-config plan`)"
        )
        yield Examination("note", "permissions", reported)
        return
    needs = levels.of_manifest(manifest)
    for what, names in (
        ("reading", levels.reading().permissions),
        ("preflight", levels.foreseeing().permissions),
        ("drift", levels.watching().permissions),
        ("applying", tuple(levels.least(needs))),
    ):
        lacks = privileges.lacking(names, held)
        message = f"lacks {', '.join(lacks)}" if lacks else f"may: {', '.join(names)}"
        yield Examination(
            "bad" if lacks and what == "reading" else "note" if lacks else "good", what, message
        )
    used = {*levels.least(needs), *levels.watching().permissions, *levels.foreseeing().permissions}
    spare = [name for name in held if name not in used]
    for name in spare:
        reason = danger(name, "application")
        if reason:
            yield Examination("note", "too much", f"{name} is not needed, and {reason}")


def _line(finding: Examination) -> Line:
    first, *rest = finding.text.splitlines() or [""]
    message = escape.text(first) + (
        f" (and {len(rest)} more lines: run `entra-config validate`)" if rest else ""
    )
    return mark_state(finding.state, padded(finding.what, 13), message)
