"""A tenant's name, id and tags in; its entry in the fleet's file, and where somebody consents there, out."""

from __future__ import annotations

from typing import Annotated

import typer

from entra_config.cli.options import Common
from entra_config.errors import ManifestError

Name = Annotated[str, typer.Argument(metavar="NAME", help="What the fleet calls the tenant.")]
TenantId = Annotated[str, typer.Option("--tenant-id", metavar="ID", help="The tenant's id.")]
Tags = Annotated[
    list[str] | None, typer.Option("--tag", metavar="TAG", help="What layers and waves find it by.")
]
Projects = Annotated[
    list[str] | None, typer.Option("--project", metavar="NAME", help="A project that it has; default: all.")
]


def command(
    context: typer.Context,
    name: Name,
    *,
    tenant_id: TenantId,
    tag: Tags = None,
    project: Projects = None,
) -> int:
    """Write a tenant into the fleet's file, and tell what an administrator of it consents to."""
    from entra_config.bootstrap import fleet_client
    from entra_config.manifest.editing import fleet_tenant
    from entra_config.manifest.tenants import reading, shards

    common = Common.of(context)
    path = common.fleet
    assert path is not None  # the option has a default
    fleet = reading.read(path)
    found = fleet_tenant.write(fleet, name, tenant_id, tag or (), project or list(fleet.projects))
    tenant, missing = found.tenants[name], ""
    try:
        shards.chosen(found, [each for each in found.placed() if each.shard.tenant == name])
    except ManifestError as error:
        missing = str(error)
    common.output.say(f"wrote {path}: {name}, wave {found.wave_of(tenant)}; review it like code")
    if missing:
        common.output.say(f"still to be said of {name}:\n{missing}", "yellow")
    credential = found.credential_of(tenant)
    assert credential is not None  # a fleet without one does not hold
    url = fleet_client.consent_page(tenant.tenant_id, credential.client_id)
    common.output.say("an administrator of that tenant consents, after a look at what is asked for:")
    common.output.data(f"{url}\n")
    return 0
