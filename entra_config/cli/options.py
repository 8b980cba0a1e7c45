"""The options that all commands share, and the decorator that gives them to a command as one value."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

import typer

from entra_config import quoting
from entra_config.cli.output import Output

DEFAULT_MANIFEST = Path("manifests")

CloudName = Literal["global", "usgov", "china", "emulator"]
CredentialName = Literal["environment", "workload-identity", "managed-identity", "cli", "interactive", "device-code"]


@dataclass(frozen=True, slots=True)
class Common:
    """What all commands are told: which environment of which manifest, where the tenant is, how to talk."""

    environment: str | None = None
    manifest: Path = DEFAULT_MANIFEST
    cloud: str = "global"
    credential: str | None = None
    output: Output = field(default_factory=Output)

    def next(self, *words: str) -> str:
        """Return the command line of another command on this manifest, as a shell takes it."""
        where = () if self.manifest == DEFAULT_MANIFEST else ("-f", self.manifest)
        return quoting.command("entra-config", *words, *where)


Environment = Annotated[
    str | None,
    typer.Option(
        "-e", "--environment", metavar="ENV", envvar="ENTRA_CONFIG_ENVIRONMENT", help="Environment; default: the only one."
    ),
]
ManifestPath = Annotated[
    Path,
    typer.Option(
        "-f", "--manifest", metavar="PATH", envvar="ENTRA_CONFIG_MANIFEST", help="The root file of the manifest, or its folder."
    ),
]
CloudOption = Annotated[
    CloudName, typer.Option("--cloud", metavar="CLOUD", envvar="ENTRA_CONFIG_CLOUD", help="global, usgov, china, or emulator.")
]
CredentialOption = Annotated[
    CredentialName | None,
    typer.Option(
        "--credential",
        metavar="NAME",
        envvar="ENTRA_CONFIG_CREDENTIAL",
        help="How to sign in: environment, workload-identity, managed-identity, cli, interactive, device-code.",
    ),
]
NoColor = Annotated[bool, typer.Option("--no-color", envvar="ENTRA_CONFIG_NO_COLOR", help="No colours; also NO_COLOR.")]
Verbose = Annotated[bool, typer.Option("-v", "--verbose", envvar="ENTRA_CONFIG_VERBOSE", help="Say more, on stderr.")]
Quiet = Annotated[bool, typer.Option("--quiet", envvar="ENTRA_CONFIG_QUIET", help="Say nothing but data and errors.")]

_MANIFEST: dict[str, tuple[Any, Any]] = {"environment": (Environment, None), "manifest": (ManifestPath, DEFAULT_MANIFEST)}
_TALK: dict[str, tuple[Any, Any]] = {"no_color": (NoColor, False), "verbose": (Verbose, False), "quiet": (Quiet, False)}
_ONLINE: dict[str, tuple[Any, Any]] = {"cloud": (CloudOption, "global"), "credential": (CredentialOption, None)}

Command = Callable[..., int | None]


def talking(function: Command) -> Command:
    """Give a command that needs no manifest its common options, as the argument `common`."""
    return _with(function, _TALK)


def offline(function: Command) -> Command:
    """Give a command that talks to no tenant its common options, as the argument `common`."""
    return _with(function, _MANIFEST | _TALK)


def online(function: Command) -> Command:
    """Give a command that talks to a tenant its common options, as the argument `common`."""
    return _with(function, _MANIFEST | _TALK | _ONLINE)


def _with(function: Command, added: dict[str, tuple[Any, Any]]) -> Command:
    hints = get_type_hints(function, include_extras=True)
    own = [
        parameter.replace(annotation=hints[name], kind=inspect.Parameter.KEYWORD_ONLY)
        for name, parameter in inspect.signature(function).parameters.items()
        if name != "common"
    ]
    shared = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, (annotation, default) in added.items()
    ]

    @wraps(function)
    def command(**arguments: Any) -> int | None:
        taken = {name: arguments.pop(name) for name in added}
        return function(common=_common(taken), **arguments)

    del command.__wrapped__  # typer would look through it
    command.__signature__ = inspect.Signature([*own, *shared])  # type: ignore[attr-defined]  # what typer reads
    command.__annotations__ = {each.name: each.annotation for each in (*own, *shared)}
    return command


def _common(taken: dict[str, Any]) -> Common:
    talk = {name: taken.pop(name) for name in ("no_color", "verbose", "quiet")}
    return Common(**taken, output=Output(**talk))
