"""The kinds of places that keep secrets. A new one is a file in this folder and a line in this table."""

from __future__ import annotations

from collections.abc import Mapping

from entra_config.manifest.fields.field import Record, row
from entra_config.manifest.fields.sinks.aws import AwsSink
from entra_config.manifest.fields.sinks.azure import AzureSink
from entra_config.manifest.fields.sinks.command import CommandSink
from entra_config.manifest.fields.sinks.file import FileSink
from entra_config.manifest.fields.sinks.github import GitHubSink
from entra_config.manifest.sinks import Sink

KINDS: Mapping[str, type[Sink]] = {
    kind.kind: kind
    for kind in (
        AwsSink,
        AzureSink,
        GitHubSink,
        CommandSink,
        FileSink,
    )
}
SINK = Record(
    "a sink",
    "One place; say what it is by one key.",
    tuple(row(name, kind.record, kind.record.description) for name, kind in KINDS.items()),
    alone=True,
)
