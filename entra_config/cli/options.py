"""The options that all commands share, and the commands that find them in their context as one value."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import typer
from typer.core import TyperCommand

from entra_config import quoting
from entra_config.cli import completing
from entra_config.cli.output import Output
from entra_config.errors import UsageError

if TYPE_CHECKING:
    import httpx

    from entra_config.graph.token import TokenSource
    from entra_config.manifest.loader import Loaded

DEFAULT_MANIFEST = Path("manifests")
FLEET = Path("fleet.yaml")
# Variables of the environment.
CLOUD = "ENTRA_CONFIG_CLOUD"
CREDENTIAL = "ENTRA_CONFIG_CREDENTIAL"

CloudName = Literal["global", "usgov", "china", "emulator"]
CredentialName = Literal[
    "environment", "workload-identity", "managed-identity", "aws", "cli", "interactive", "device-code"
]


@dataclass(frozen=True, slots=True)
class Session:
    """What takes the network's place: a transport, and who signs in. A real run has none."""

    transport: httpx.AsyncBaseTransport
    credential: TokenSource


@dataclass(frozen=True, slots=True)
class Common:
    """What all commands are told: which environment of which manifest (`loaded`: as it was read), where the
    tenant is, how to talk.
    """

    environment: str | None = None
    manifest: Path = DEFAULT_MANIFEST
    cloud: str = "global"
    credential: str | None = None
    output: Output = field(default_factory=Output)
    session: Session | None = None
    fleet: Path | None = None
    tenant: str | None = None
    loaded: Loaded | None = None

    @classmethod
    def of(cls, context: typer.Context) -> Common:
        """Return what a command was told."""
        found = context.obj
        assert isinstance(found, cls)  # its command read it
        return found

    def next(self, *words: str, online: bool = False) -> str:
        """Return the command line of another command on this manifest, as a shell takes it.

        `online`: it talks to the tenant, in the cloud and by the credential of this one; what the shell's
        environment says stays unsaid.
        """
        return quoting.command("entra-config", *words, *self.where(), *self.there(online=online))

    def where(self) -> tuple[str, ...]:
        """Return the words that name this manifest."""
        return () if self.manifest == DEFAULT_MANIFEST else ("-f", str(self.manifest))

    def there(self, *, online: bool = True) -> tuple[str, ...]:
        """Return the words that name the tenant of a fleet, and cloud and credential as `next` has them."""
        fleet = () if self.fleet is None else ("--fleet", str(self.fleet))
        tenant = () if self.tenant is None else ("--tenant", self.tenant)
        cloud = () if self.cloud == os.environ.get(CLOUD, "global") else ("--cloud", self.cloud)
        credential = self.credential
        by = () if credential in {None, os.environ.get(CREDENTIAL)} else ("--credential", str(credential))
        return (*fleet, *tenant, *((*cloud, *by) if online else ()))


Environment = Annotated[
    str | None,
    typer.Option(
        "-e",
        "--environment",
        metavar="ENV",
        envvar="ENTRA_CONFIG_ENVIRONMENT",
        autocompletion=completing.environments,
        help="Environment; default: the only one.",
    ),
]
ManifestPath = Annotated[
    Path,
    typer.Option(
        "-f",
        "--manifest",
        metavar="PATH",
        envvar="ENTRA_CONFIG_MANIFEST",
        help="The root file of the manifest, or its folder.",
    ),
]
CloudOption = Annotated[
    CloudName,
    typer.Option("--cloud", metavar="CLOUD", envvar=CLOUD, help="global, usgov, china, or emulator."),
]
CredentialOption = Annotated[
    CredentialName | None,
    typer.Option(
        "--credential",
        metavar="NAME",
        envvar=CREDENTIAL,
        help=(
            "How to sign in: environment, workload-identity, managed-identity, aws, cli, interactive, "
            "device-code."
        ),
    ),
]
FleetFile = Annotated[
    Path | None,
    typer.Option(
        "--fleet",
        metavar="FILE",
        help="The file of a fleet, whose tenant --tenant names; default: fleet.yaml.",
    ),
]
WholeFleet = Annotated[Path, typer.Option("--fleet", metavar="FILE", help="The file of the fleet.")]
TenantName = Annotated[
    str | None,
    typer.Option(
        "--tenant",
        metavar="NAME",
        help="A tenant of a fleet: the environment is the one that is of the fleet, in this tenant.",
    ),
]
NoColor = Annotated[
    bool, typer.Option("--no-color", envvar="ENTRA_CONFIG_NO_COLOR", help="No colours; also NO_COLOR.")
]
Verbose = Annotated[
    bool, typer.Option("-v", "--verbose", envvar="ENTRA_CONFIG_VERBOSE", help="Say more, on stderr.")
]
Quiet = Annotated[
    bool, typer.Option("--quiet", envvar="ENTRA_CONFIG_QUIET", help="Say nothing but data and errors.")
]
PinsTo = Annotated[
    str,
    typer.Option(
        "--pins",
        metavar="write|skip|FILE",
        help="Where to pin what this run creates: `write` to the lock file (the default), `skip` (the "
        "default on an emulator), or write to FILE, for `lock --pins FILE`.",
    ),
]


@dataclass(frozen=True, slots=True)
class Pinning:
    """Where a run pins what it creates: in the lock file, in a document for another job, or nowhere."""

    lock: bool
    file: Path | None = None

    @classmethod
    def of(cls, common: Common, pins: str) -> Pinning:
        """Read the option `--pins`."""
        if pins in {"write", "skip"}:
            return cls(pins == "write")
        if pins:
            return cls(lock=False, file=Path(pins))
        # An emulator forgets its applications: their appIds in a lock file would not fit the next one.
        return cls(common.cloud != "emulator" and common.session is None)


def talking(*, no_color: NoColor = False, verbose: Verbose = False, quiet: Quiet = False) -> Common:
    """Read the common options of a command that needs no manifest."""
    return Common(output=Output(no_color, verbose, quiet))


def offline(
    *,
    environment: Environment = None,
    manifest: ManifestPath = DEFAULT_MANIFEST,
    no_color: NoColor = False,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> Common:
    """Read the common options of a command that talks to no tenant."""
    return Common(environment, manifest, output=Output(no_color, verbose, quiet))


def online(
    *,
    environment: Environment = None,
    manifest: ManifestPath = DEFAULT_MANIFEST,
    no_color: NoColor = False,
    verbose: Verbose = False,
    quiet: Quiet = False,
    cloud: CloudOption = "global",
    credential: CredentialOption = None,
) -> Common:
    """Read the common options of a command that talks to a tenant."""
    return Common(environment, manifest, cloud, credential, Output(no_color, verbose, quiet))


def of_fleet(
    *,
    environment: Environment = None,
    manifest: ManifestPath = DEFAULT_MANIFEST,
    no_color: NoColor = False,
    verbose: Verbose = False,
    quiet: Quiet = False,
    fleet: FleetFile = None,
    tenant: TenantName = None,
) -> Common:
    """Read the common options of a command that talks to no tenant, and may be about one of a fleet."""
    common = Common(environment, manifest, output=Output(no_color, verbose, quiet))
    return _in_tenant(common, fleet, tenant)


def placed(
    *,
    environment: Environment = None,
    manifest: ManifestPath = DEFAULT_MANIFEST,
    no_color: NoColor = False,
    verbose: Verbose = False,
    quiet: Quiet = False,
    cloud: CloudOption = "global",
    credential: CredentialOption = None,
    fleet: FleetFile = None,
    tenant: TenantName = None,
) -> Common:
    """Read the common options of a command that talks to a tenant, which may be one of a fleet."""
    common = Common(environment, manifest, cloud, credential, Output(no_color, verbose, quiet))
    return _in_tenant(common, fleet, tenant)


def whole_fleet(
    *,
    fleet: WholeFleet = FLEET,
    no_color: NoColor = False,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> Common:
    """Read the common options of a command that is about a whole fleet."""
    return Common(fleet=fleet, output=Output(no_color, verbose, quiet))


def fleet_online(
    *,
    fleet: WholeFleet = FLEET,
    no_color: NoColor = False,
    verbose: Verbose = False,
    quiet: Quiet = False,
    cloud: CloudOption = "global",
    credential: CredentialOption = None,
) -> Common:
    """Read the common options of a command that talks to tenants of a fleet."""
    output = Output(no_color, verbose, quiet)
    return Common(cloud=cloud, credential=credential, output=output, fleet=fleet)


def _in_tenant(common: Common, fleet: Path | None, tenant: str | None) -> Common:
    if fleet is not None and tenant is None:
        raise UsageError("--fleet needs --tenant NAME: which of its tenants is meant")
    return replace(common, fleet=fleet, tenant=tenant)


class TalkingCommand(TyperCommand):
    """A command that has the options of `read` too, whose value it finds in its context (`Common.of`)."""

    read: ClassVar[Callable[..., Common]] = staticmethod(talking)

    def __init__(self, *arguments: Any, params: list[Any], **settings: Any) -> None:
        app = typer.Typer(add_completion=False)
        app.command()(self.read)
        self._common = typer.main.get_command(app)
        super().__init__(*arguments, params=[*params, *self._common.params], **settings)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments and options of the command, then the common options under a heading."""
        common = {option.name for option in self._common.params}
        sections: dict[str, list[tuple[str, str]]] = {"Arguments": [], "Options": [], "Global options": []}
        for parameter in self.get_params(ctx):
            if record := parameter.get_help_record(ctx):
                heading = "Arguments" if parameter.param_type_name == "argument" else "Options"
                sections["Global options" if parameter.name in common else heading].append(record)
        for heading, records in sections.items():
            if records:
                with formatter.section(heading):
                    formatter.write_dl(records)

    def invoke(self, ctx: Any) -> Any:
        """Read the common options, then run the command."""
        given = {each.name: ctx.params.pop(each.name) for each in self._common.params}
        ctx.obj = replace(ctx.invoke(self._common.callback, **given), session=ctx.obj)
        return super().invoke(ctx)


class OfflineCommand(TalkingCommand):
    """A command that needs a manifest and no tenant."""

    read = staticmethod(offline)


class OnlineCommand(TalkingCommand):
    """A command that needs a tenant."""

    read = staticmethod(online)


class OfflineShardCommand(TalkingCommand):
    """A command that needs a manifest and no tenant, in an environment or in a tenant of a fleet."""

    read = staticmethod(of_fleet)


class FleetCommand(TalkingCommand):
    """A command that is about a whole fleet, and needs no tenant."""

    read = staticmethod(whole_fleet)


class FleetOnlineCommand(TalkingCommand):
    """A command that talks to tenants of a fleet."""

    read = staticmethod(fleet_online)


class ShardCommand(TalkingCommand):
    """A command that needs the tenant of an environment, or one of a fleet."""

    read = staticmethod(placed)
