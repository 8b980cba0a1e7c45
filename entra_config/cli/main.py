"""Arguments in, an exit code out: the commands by name, each imported when it is called, and the one place
that fails.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

import typer
from typer.core import TyperGroup

from entra_config.cli import completion, signals, values
from entra_config.cli.completion import COMPLETE, PROGRAM
from entra_config.errors import EntraConfigError, GraphError, ManifestError

if TYPE_CHECKING:
    from entra_config.cli.options import Session


# name: (module, what --help says of it). A module that begins with a dot is in entra_config.cli; its `app` is
# the command, or a group of them.
COMMANDS: dict[str, tuple[str, str]] = {
    "demo": (
        ".demo.story",
        "Show the whole story in a minute, on an embedded emulator: no tenant, no account.",
    ),
    "init": (".init", "Start a manifest in this folder."),
    "validate": (".validate", "Check the manifest, offline."),
    "lint": (".lint", "Check the manifest for risks: settings that are valid but dangerous."),
    "test": (".testing", "Prove who gets in: access tests on an emulator in this process."),
    "schema": (".schema", "Print the JSON Schema of the manifest for an editor."),
    "plan": (".plan", "Show what would change, and for whom."),
    "apply": (".apply", "Change the tenant to what the manifest declares."),
    "snapshot": (".snapshot", "Save what a plan reads of the tenant."),
    "drift": (".drift", "Show what others changed in the tenant: what, when, who."),
    "import": (".import_", "Write a manifest of registrations that exist."),
    "export": (".export", "Write the applications as Terraform's configuration."),
    "app-role": (".app_role", "Add, rename, remove, assign and list app roles in the manifest."),
    "access": (".access", "Show who can do what, and through what."),
    "offboard": (".offboard", "Remove a person from every file of the manifest."),
    "lock": (".lock", "Pin the names of an environment to object ids."),
    "credentials": (
        ".credentials",
        "List what can sign in as ours; make the next secret of what ends; take one away.",
    ),
    "move": (".move", "Rename a project, environment or key, or hand an application over."),
    "list": (".list_", "List the applications that this tool manages in the tenant, by owner."),
    "bootstrap": (".bootstrap", "Make the pipeline of a project: identities, workflows, settings."),
    "settings": (".settings", "Write what the apps read."),
    "permissions": (".permissions", "List the least permissions that the manifest needs, by level."),
    "doctor": (".doctor", "Check what the signed-in identity lacks, and what is in the way."),
    "disable": (".disable", "Disable an application now: sign-ins as it and to it are refused."),
    "enable": (".enable", "Enable an application that was disabled."),
    "destroy": (".destroy", "Take one environment of the project out of the tenant."),
    "fleet": (
        "entra_fleet.cli.commands",
        "One manifest in many tenants: list them, explain one, run and report all.",
    ),
    "emulator": (".emulator", "Run a local Entra: sign-in and Microsoft Graph."),
    "completion": (".completion", "Print the script that completes commands in a shell."),
}

# The headings of `--help`, each with its commands.
GROUPS: dict[str, tuple[str, ...]] = {
    "Daily": (
        "init", "validate", "lint", "test", "plan", "apply", "drift", "access", "list", "app-role",
        "credentials", "lock", "settings", "schema", "completion",
    ),
    "Tenant": (
        "import", "export", "snapshot", "move", "offboard", "disable", "enable", "destroy", "permissions",
        "doctor",
    ),
    "Pipeline": ("bootstrap",),
    "Fleet": ("fleet",),
    "Emulator": ("demo", "emulator"),
}  # fmt: skip

# What a command was called before, with the words that follow it, and what it is called now.
RENAMED = {"owned": "list", "fleet gate": "fleet check"}

HELP = """Microsoft Entra ID as code: app registrations, roles and who has them, from YAML.

Exit codes: 0 done or nothing to do, 1 error, 2 changes pending or drift found, 3 refused by a policy or \
limit."""


class Root(TyperGroup):
    """The group of all commands: lists them without importing any."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  # the interface of click
        """Return the names of the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002  # the interface of click
        """Import one command."""
        return load(cmd_name) if cmd_name in COMMANDS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find a command, or fail with the new name of one that was renamed; the names are there for near
        misses, the commands are not.
        """
        for old, new in RENAMED.items():
            if args[: len(words := old.split())] == words:
                ctx.fail(f"`{PROGRAM} {old}` is now called `{PROGRAM} {new}`")
        self.commands = cast("dict[str, Any]", dict.fromkeys(COMMANDS))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002  # the interface of click
        """Write the list of commands, in groups whose descriptions begin in one column."""
        width = max(map(len, COMMANDS))
        for heading, names in GROUPS.items():
            with formatter.section(heading):
                formatter.write_dl([(name.ljust(width), COMMANDS[name][1]) for name in names])


def load(name: str) -> Any:
    """Return one command as typer runs it."""
    module_name, about = COMMANDS[name]
    module = importlib.import_module(module_name, "entra_config.cli")
    app = module.app
    app.rich_markup_mode = None  # plain help: rich takes longer to import than all else
    app._add_completion = False  # noqa: SLF001  # `completion` does it for all
    command = typer.main.get_command(app)
    command.name, command.short_help = name, about
    return values.skip_pydantic(command)


def root() -> Any:
    """Return the program as typer runs it."""
    app = typer.Typer(
        name=PROGRAM, cls=Root, add_completion=False, rich_markup_mode=None, no_args_is_help=True
    )
    settings = {"help_option_names": ["-h", "--help"], "max_content_width": 110}

    @app.callback(help=HELP, context_settings=settings)
    def main_options(
        version: bool = typer.Option(
            False,
            "--version",
            help="Show the version, its commit where that is known, and the extras.",
            callback=_version,
            is_eager=True,
        ),
    ) -> None:
        """Take the options that come before a command."""

    return values.skip_pydantic(typer.main.get_command(app))


def _version(wanted: bool) -> None:
    if wanted:
        from entra_config.cli import version

        typer.echo("\n".join(version.lines()))
        raise typer.Exit


def main(arguments: Sequence[str], session: Session | None = None) -> int:
    """Run one command and return the exit code: 0 done, 1 error, 2 changes pending, 3 refused.

    With a session, commands reach the tenant that it is of instead of the network's.
    """
    try:
        with signals.convert_sigterm():
            code = root().main(
                list(arguments), prog_name=PROGRAM, complete_var=COMPLETE, standalone_mode=False, obj=session
            )
    except EntraConfigError as error:
        return _expected(error, arguments)
    except (typer.Abort, KeyboardInterrupt):
        return _said(arguments, "interrupted")
    except BrokenPipeError:
        # Whoever read the output has enough: `entra-config plan | head`.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except ModuleNotFoundError as error:
        from entra_config import extras

        advice = extras.advice(error.name or "")
        return _said(arguments, advice) if advice else _bug(error, arguments)
    except Exception as error:  # noqa: BLE001  # the last resort: a message instead of a traceback
        if isinstance(error, OSError) and error.filename is not None:
            return _of_a_file(error, arguments)
        if isinstance(error, _click_exception()):
            _remove_prefix(error).show()  # click's own, found by name
            return 1  # usage errors too: 2 means that changes are pending
        return _bug(error, arguments)
    return _said(arguments, "interrupted") if code == 130 else int(code or 0)  # typer's code for Ctrl-C


def collect_less() -> None:
    """Look for garbage in cycles seldom: one command keeps nearly all that it reads, and each look walks over
    all of it.

    At 3,000 applications that was two fifths of a plan's CPU, and more per application the more there are.
    """
    gc.set_threshold(100_000, 50, 1000)


def run() -> None:
    """Run the command line and exit."""
    from entra_config.report import encoding

    collect_less()
    encoding.accept_every_character()
    # httpx imports a command line of its own, with rich and pygments, wherever these are installed; it does
    # without.
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # what Python takes for "not there"
    if COMPLETE in os.environ:
        from typer.completion import completion_init  # type: ignore[attr-defined]  # its own module imports it from there

        completion_init()
        wanted, _, shell = os.environ[COMPLETE].partition("_")
        if wanted == "values":
            print(*completion.complete(root(), PROGRAM, COMPLETE, shell, os.environ), sep="\n")
            sys.exit(0)
    code = main(sys.argv[1:])
    gc.freeze()  # nor when all of it ends
    sys.exit(code)


def verbose(arguments: Sequence[str]) -> bool:
    """Tell whether details were asked for; needed where no command line could be read."""
    return bool({"-v", "--verbose"} & set(arguments)) or bool(os.environ.get("ENTRA_CONFIG_VERBOSE"))


def _expected(error: EntraConfigError, arguments: Sequence[str]) -> int:
    # A problem is a line, whatever breaks lines in the names that it quotes.
    problems = map(str, error.problems) if isinstance(error, ManifestError) else str(error).splitlines()
    _said(arguments, *problems)
    if isinstance(error, GraphError):
        from entra_config.report import escape

        if error.request_id:
            reported = f"status {error.status}, code {error.code}, request id {error.request_id}"
            print(escape.text(reported), file=sys.stderr)
        if error.advice:
            print(error.advice, file=sys.stderr)
    return error.exit_code


def _said(arguments: Sequence[str], first: str = "", *more: str) -> int:
    from entra_config.cli.output import Output

    Output(no_color=_is_without_color(arguments)).failed(first, *more)
    return 1


def _is_without_color(arguments: Sequence[str]) -> bool:
    return "--no-color" in arguments or bool(os.environ.get("ENTRA_CONFIG_NO_COLOR"))


def _bug(error: Exception, arguments: Sequence[str]) -> int:
    if verbose(arguments):
        import traceback

        traceback.print_exception(error)
    _said(arguments, *f"unexpected {type(error).__name__}: {error}".splitlines())
    hint = "" if verbose(arguments) else " Run it again with -v for the details that a report needs."
    print(f"This is a bug in entra-config.{hint}", file=sys.stderr)
    return 1


def _of_a_file(error: OSError, arguments: Sequence[str]) -> int:
    """Tell what the system says of a file: a folder is read-only, a disk is full, a name is a file's."""
    if verbose(arguments):
        import traceback

        traceback.print_exception(error)
    if error.filename == "standard output":
        # What is left of it cannot be written either, and Python would try when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return _said(arguments, f"{error.filename}: {error.strerror}")


def _remove_prefix(error: Any) -> Any:
    """Take away what pydantic puts before the words of a value that typer refuses."""
    error.message = error.message.replace(": Value error, ", ": ").removeprefix("Value error, ")
    return error


def _click_exception() -> type[Exception]:
    """Return the base of click's errors, wherever this version of typer keeps it."""
    return next(base for base in typer.BadParameter.__mro__ if base.__name__ == "ClickException")


if __name__ == "__main__":
    run()
