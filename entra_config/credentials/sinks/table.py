"""A declared sink in, what keeps its secret out: each kind's libraries are loaded where it is used."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from entra_config.credentials.sinks.base import Keeper
from entra_config.errors import UsageError
from entra_config.hidden import Hidden
from entra_config.manifest.sinks import Sink

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

# What must be there before anything is made, by kind: a module of the extra.
MODULES: Mapping[str, str] = {"aws": "boto3", "azure": "azure.keyvault.secrets", "github": "nacl.public"}


def keeper(
    sink: Sink, environ: Mapping[str, str], *, cloud: str = "global", tenant_id: str | None = None
) -> Keeper:
    """Return what keeps the secret of a sink."""
    check_installed(sink)
    match sink.kind:
        case "file":
            from entra_config.credentials.sinks.file import FileKeeper

            return FileKeeper(Path(sink.text("path")))
        case "command":
            from entra_config.credentials.sinks.command import CommandKeeper

            return CommandKeeper(sink.words("write"), sink.words("read"))
        case "aws":
            from entra_config.credentials.sinks.aws import AwsKeeper

            return AwsKeeper(sink.text("secret"))
        case "azure":
            from entra_config.credentials.sinks.azure import AzureKeeper

            def credential() -> TokenCredential:
                from entra_config.graph import clouds, credentials

                named = clouds.GLOBAL if cloud == clouds.EMULATOR else clouds.named(cloud)
                return credentials.azure(credentials.offered(environ), named, tenant_id)

            return AzureKeeper(sink.text("vault"), sink.text("secret"), credential)
        case "github":
            from entra_config.credentials.sinks.github import API, TOKEN, GitHubKeeper

            if not environ.get(TOKEN):
                raise UsageError(
                    f"sink {sink.name}: {TOKEN} is not set: a GitHub App's token with Environments: write; "
                    "the workflow's own "
                    "token cannot write secrets"
                )
            where = sink.text("repository"), sink.text("environment"), sink.text("secret")
            return GitHubKeeper(*where, Hidden(environ[TOKEN]), sink.text("api").rstrip("/") or API)


def check_installed(sink: Sink) -> None:
    """Say the line that installs the extra before there is a secret, and not after."""
    import importlib

    from entra_config import extras

    module = MODULES.get(sink.kind)
    if module is None:
        return
    try:
        importlib.import_module(module)
    except ModuleNotFoundError as error:
        advice = extras.advice(error.name or module)
        raise UsageError(f"sink {sink.name}: {advice}" if advice else str(error)) from None
