"""The commands: start, stop, point clients at, trust. Another program can contain them under its own name."""

import inspect
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import typer
from typer.core import TyperGroup

from entra_emulator.cli import extra, snapshots
from entra_emulator.cli.output import fail, report_error
from entra_emulator.cli.running import DEFAULT_STATE, State, call, running_on
from entra_emulator.program import program_name, use_program_name

if TYPE_CHECKING:
    from entra_emulator.directory import Tenants
    from entra_emulator.server_options import ServerOptions
    from entra_emulator.state.records import Run

Prepare = Callable[["Tenants"], None]
# What a command was called before, and what it is called now.
RENAMED = {"take": "snapshot save", "back": "snapshot restore"}


class EmulatorCommands(TyperGroup):
    """The commands. Messages name `program`, and a state folder that cannot be used is an error."""

    program: ClassVar[str]

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find a command, or fail with the new name of one that was renamed."""
        if args[0] in RENAMED:
            ctx.fail(f"`{self.program} {args[0]}` is now called `{self.program} {RENAMED[args[0]]}`")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        from entra_emulator.state.state_files import StateError

        try:
            with use_program_name(self.program):
                return super().invoke(ctx)
        except StateError as error:
            fail(str(error))


def read_nothing() -> None:
    """Leave a new directory as it is made."""


def make_app(program: str, read: Callable[..., Prepare | None] = read_nothing) -> typer.Typer:
    """Return the commands as `program` contains them.

    `read` returns what fills the directory before a start. Its parameters are options of `start`: those that
    `start` does not have are added after --foreground.
    """

    class Commands(EmulatorCommands):
        pass

    Commands.program = program
    made = typer.Typer(
        cls=Commands,
        help="A local Entra: sign-in and Microsoft Graph over one HTTPS origin.",
        no_args_is_help=True,
        add_completion=False,
    )
    _add_commands(made, program, _with_options_of(read), stop, status, reset, seed)
    saved = typer.Typer(cls=snapshots.SnapshotCommands, help=snapshots.ABOUT, no_args_is_help=True)
    _add_commands(saved, program, *snapshots.COMMANDS)
    made.add_typer(saved, name="snapshot")
    _add_commands(made, program, snapshots.diff, env, trust, token, rotate_keys)
    return made


def _add_commands(group: typer.Typer, program: str, *commands: Callable[..., None]) -> None:
    """Add functions to a group, by their names, with the name of the program in their help."""
    for command in commands:
        about = inspect.getdoc(command) or ""
        for name, words in (("{program}", program), ("{group}", program.rpartition(" ")[2])):
            about = about.replace(name, words)
        group.command(command.__name__.replace("_", "-"), help=about)(command)


def _with_options_of(read: Callable[..., Prepare | None]) -> Callable[..., None]:
    """Return `start` with the parameters of `read` as options, filled by what `read` returns."""
    own = [
        parameter for parameter in inspect.signature(start).parameters.values() if parameter.name != "prepare"
    ]
    wanted = list(inspect.signature(read).parameters.values())
    names = [parameter.name for parameter in own]
    added = [parameter for parameter in wanted if parameter.name not in names]
    place = names.index("foreground") + 1

    def command(**given: Any) -> None:
        prepare = read(**{parameter.name: given[parameter.name] for parameter in wanted})
        for parameter in added:
            del given[parameter.name]
        start(**given, prepare=prepare)

    command.__name__, command.__doc__ = start.__name__, start.__doc__
    # Typer makes an option of each parameter of the signature.
    signature = inspect.Signature([*own[:place], *added, *own[place:]])
    command.__signature__ = signature  # type: ignore[attr-defined]  # `inspect` reads it (PEP 362)
    return command


Choices = Annotated[
    list[str] | None,
    typer.Option(
        help=(
            "What the tenants' administrators chose, as NAME=VALUE or TENANT/NAME=VALUE, e.g. "
            "usersMayConsent=false."
        )
    ),
]
FaultWords = Annotated[list[str] | None, typer.Option(help="A fault, as NAME=VALUE, e.g. throttle_rate=0.1.")]
SnapshotFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Begin with the tenants of this file, instead of what the folder holds."
    ),
]


PublicPort = Annotated[
    int,
    typer.Option(
        help="Port under which it is reached, where a container publishes another.", min=0, max=65535
    ),
]
Insecure = Annotated[
    bool, typer.Option("--i-know-this-is-insecure-on-a-network", help="Allow a --host that others reach.")
]


def start(
    *,
    port: Annotated[int, typer.Option(help="Port; 0 picks a free one.", min=0, max=65535)] = 8443,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    public_port: PublicPort = 0,
    state: State = DEFAULT_STATE,
    fault: FaultWords = None,
    latency: Annotated[float, typer.Option(help="Milliseconds that each Graph call takes.")] = 0,
    seed: Annotated[str | None, typer.Option(help="Makes object ids the same in each new folder.")] = None,
    issuer_keys: Annotated[
        list[str] | None,
        typer.Option(help="Keys of another issuer, as ISSUER=JWKS-FILE, instead of fetching them."),
    ] = None,
    managed_identity: Annotated[
        bool,
        typer.Option(
            "--managed-identity",
            help="Give tokens to managed identities too: plain HTTP on 127.0.0.1, on a port of its own.",
        ),
    ] = False,
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="YYYY-MM",
            help="Answer as Microsoft Graph did in this month; default: as in the newest answers.",
        ),
    ] = None,
    foreground: Annotated[bool, typer.Option("--foreground", help="Serve here until Ctrl-C.")] = False,
    choice: Choices = None,
    snapshot: SnapshotFile = None,
    log_size: Annotated[
        int, typer.Option(help="How many requests /_emulator/requests shows.", min=0, max=1_000_000)
    ] = 2000,
    insecure: Insecure = False,
    prepare: Prepare | None = None,
) -> None:
    """Start the emulator; returns when it is ready."""
    from entra_emulator.server_options import ServerOptions

    options = ServerOptions(
        state=state,
        host=host,
        port=port,
        public_port=public_port,
        seed=seed,
        faults=_faults(fault or [], latency),
        issuer_keys=_issuer_keys(issuer_keys or []),
        choices=_choices(choice or []),
        insecure_on_a_network=insecure,
        log_size=log_size,
        managed_identity=managed_identity,
        as_of=_month(as_of),
    )
    if snapshot is not None:
        snapshots.begin_with(state, snapshot)
    start_server(options, foreground=foreground, prepare=prepare)


def start_server(
    options: "ServerOptions", *, foreground: bool = False, prepare: Prepare | None = None
) -> "Run | None":
    """Start an emulator whose directory `prepare` may fill first; None after a foreground run."""
    from entra_emulator import background, listening
    from entra_emulator.state import runs

    # What serves is loaded by another process, whose words nobody sees.
    extra.require()
    try:
        if foreground:
            from entra_emulator import server

            typer.echo(
                f"Serving the emulator's state in {options.state} on port {options.port}, Ctrl-C ends it.",
                err=True,
            )
            server.serve(options, prepare=prepare)
            return None
        running = runs.find_run(options.state) is not None
        found = background.start(options, prepare=prepare)
    except (
        listening.NotLoopbackError,
        listening.BusyPortError,
        listening.UnusableAddressError,
        background.StartError,
    ) as error:
        report_error(str(error))
        raise typer.Exit(1) from error
    _describe(found, options.state)
    if running:
        typer.echo(
            f"It was started before, and keeps the options of that start. To change them, run "
            f"`{program_name()} stop` first.",
            err=True,
        )
    return found


def stop(state: State = DEFAULT_STATE) -> None:
    """Stop the emulator; its directory stays."""
    from entra_emulator import background
    from entra_emulator.state import runs

    if background.end(state):
        typer.echo("Stopped.", err=True)
    elif renamed := runs.explain_rename(state):
        fail(renamed)
    else:
        typer.echo("No emulator runs here.", err=True)


def status(state: State = DEFAULT_STATE) -> None:
    """Tell whether the emulator runs, and where; exit code 1 where it does not."""
    _describe(running_on(state), state)


def reset(state: State = DEFAULT_STATE) -> None:
    """Put the directory back to where it began."""
    call(running_on(state), state, "/_emulator/reset")
    typer.echo("The directory is as at the beginning.", err=True)


def seed(
    preset: Annotated[
        str,
        typer.Argument(
            metavar="WHAT",
            help=(
                "portal, az, graph-explorer or gallery: an application as that tool registers it. "
                "user-assigned-identity or system-assigned-identity: a managed identity."
            ),
        ),
    ],
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its display name.")],
    state: State = DEFAULT_STATE,
    user: Annotated[
        str | None, typer.Option(help="Who registers it, by name; default: a Global Administrator.")
    ] = None,
    tenant: Annotated[str | None, typer.Option(help="Tenant id or domain; default: the first one.")] = None,
) -> None:
    """Register an application as one of Microsoft's tools does, or make a managed identity.

    Prints the appId.
    """
    from entra_emulator.presets import IDENTITIES, PRESETS

    known = [*PRESETS, *IDENTITIES]
    if preset not in known:
        raise typer.BadParameter(f"{preset} is not one of {', '.join(known)}", param_hint="WHAT")
    if preset in IDENTITIES and user:
        raise typer.BadParameter("Azure makes a managed identity, no user", param_hint="--user")
    wanted = {"preset": preset, "displayName": name, "user": user or "", "tenant": tenant or ""}
    made = call(running_on(state), state, "/emulator/seed", wanted)
    about = PRESETS[preset].about if preset in PRESETS else preset
    typer.echo(f"{name}: {about}; object id {made['id']}.", err=True)
    typer.echo(made["appId"])


def env(
    state: State = DEFAULT_STATE,
    app_id: Annotated[
        str | None, typer.Option(help="Client id for AZURE_CLIENT_ID; default: the deployer.")
    ] = None,
    managed_identity: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Sign in as this managed identity: of an app, by IDENTITY_ENDPOINT."
        ),
    ] = None,
    machine: Annotated[
        bool,
        typer.Option("--machine", help="The identity is that of a virtual machine, not of an app."),
    ] = False,
) -> None:
    """Print the environment that points clients here: eval "$({program} env)"."""
    from entra_emulator import connect

    if managed_identity is None and machine:
        raise typer.BadParameter("give --managed-identity NAME too", param_hint="--machine")
    if managed_identity is not None and app_id is not None:
        raise typer.BadParameter("a managed identity has a client id of its own", param_hint="--app-id")
    found = running_on(state)
    if managed_identity is None:
        typer.echo(connect.environment(found.origin, state, app_id))
        return
    wanted = {"name": managed_identity, "machine": machine}
    variables = call(found, state, "/emulator/managed-identity", wanted)
    typer.echo(connect.identity_environment(found.origin, state, variables))


def trust(
    state: State = DEFAULT_STATE,
    yes: Annotated[
        bool,
        typer.Option("--yes", help="Do it; on Debian and its kin that needs root for the system's store."),
    ] = False,
    remove: Annotated[bool, typer.Option("--remove", "--undo", help="Take the trust away again.")] = False,
) -> None:
    """Print what makes curl, Python, Node, Chromium and Firefox trust the emulator; do it with --yes."""
    import datetime as dt

    from entra_emulator import tls
    from entra_emulator import trust as store
    from entra_emulator.state import certificate_check
    from entra_emulator.state.state_files import CA_FILE

    if not remove and not os.path.lexists(state / CA_FILE):
        tls.ensure(state, dt.datetime.now(dt.UTC))
    # Trust is taken away by the certificate's name, whoever made the file.
    ca = (state / CA_FILE if remove else certificate_check.read_ca(state)).absolute()
    if not yes:
        typer.echo(store.explain(ca, remove=remove))
        return
    try:
        for line in store.apply(ca, remove=remove):
            typer.echo(line, err=True)
    except store.TrustError as error:
        report_error(str(error))
        raise typer.Exit(1) from error


def token(
    state: State = DEFAULT_STATE,
    app_id: Annotated[str | None, typer.Option(help="Client id; default: the deployer.")] = None,
    scope: Annotated[
        str, typer.Option(help="Scopes, or RESOURCE/.default.")
    ] = "https://graph.microsoft.com/.default",
    user: Annotated[
        str | None, typer.Option(help="A user of the directory, by name; default: the application itself.")
    ] = None,
    tenant: Annotated[str | None, typer.Option(help="Tenant id or domain; default: the first one.")] = None,
) -> None:
    """Print an access token, as the directory's grants and assignments allow."""
    from entra_emulator.seed import DEPLOYER_APP_ID

    wanted = {"client_id": app_id or DEPLOYER_APP_ID, "scope": scope, "user": user, "tenant": tenant}
    response = call(running_on(state), state, "/emulator/token", wanted)
    typer.echo(response["access_token"])


def rotate_keys(
    state: State = DEFAULT_STATE,
    retire: Annotated[
        bool, typer.Option("--retire", help="Publish the old keys no longer; their tokens end now.")
    ] = False,
) -> None:
    """Sign with the next key, which was published all along; prints its id."""
    query = "?retire=true" if retire else ""
    typer.echo(call(running_on(state), state, f"/emulator/rotate-keys{query}")["kid"])


def _describe(found: "Run", state: Path) -> None:
    typer.echo(f"Emulator at {found.origin} (process {found.pid}), state in {state}.", err=True)
    typer.echo(found.origin)


def _faults(settings: list[str], latency: float) -> Any:
    from entra_emulator.fault_plan import FaultPlan

    data: dict[str, Any] = {"latency_ms": latency} if latency else {}
    for setting in settings:
        name, found, value = setting.partition("=")
        if not found:
            raise typer.BadParameter(f"{setting} is not NAME=VALUE", param_hint="--fault")
        data[name] = _number_or_json(value)
    try:
        return FaultPlan.from_data(data)
    except (TypeError, ValueError) as error:
        raise typer.BadParameter(str(error), param_hint="--fault") from error


def _month(text: str | None) -> str:
    from entra_emulator.clock import NEWEST, read_month

    if text is None:
        return NEWEST
    try:
        return read_month(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--as-of") from error


def _choices(settings: list[str]) -> dict[str, dict[str, Any]]:
    from entra_emulator import choices

    data: dict[str, dict[str, Any]] = {}
    for setting in settings:
        path, found, value = setting.partition("=")
        if not found:
            raise typer.BadParameter(f"{setting} is not NAME=VALUE", param_hint="--choice")
        tenant, _, name = path.rpartition("/")
        try:
            choices.read({name: _number_or_json(value)})
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint="--choice") from error
        data.setdefault(tenant or "*", {})[name] = _number_or_json(value)
    return data


def _number_or_json(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value


def _issuer_keys(settings: list[str]) -> dict[str, dict[str, Any]]:
    keys = {}
    for setting in settings:
        issuer, _, file = setting.rpartition("=")
        if not issuer or not os.path.isfile(file):  # noqa: PTH113  # an empty name is no Path
            raise typer.BadParameter(f"{setting} is not ISSUER=JWKS-FILE", param_hint="--issuer-keys")
        keys[issuer] = json.loads(Path(file).read_text(encoding="utf-8"))
    return keys
