"""The places that keep an environment's secrets: what each kind says of itself, a row each."""

from __future__ import annotations

from collections.abc import Mapping

from entra_config.manifest.fields.field import Record, row
from entra_config.manifest.sinks import SinkKind

AWS = Record(
    "a sink of kind aws",
    "AWS Secrets Manager (extra `aws`).",
    (
        row(
            "secret",
            "string",
            "The ARN of the secret, which exists.",
            "arn:aws:secretsmanager:eu-central-1:123456789012:secret:web-AbCdEf",
            # What stands in parentheses is the account.
            pattern=r"arn:aws(?:-cn|-us-gov)?:secretsmanager:[a-z0-9-]+:([0-9]{12}):secret:[A-Za-z0-9/_+=.@-]+",
            required=True,
        ),
        row(
            "account",
            "string",
            "The account, which the ARN names too.",
            "123456789012",
            pattern="[0-9]{12}",
            required=True,
        ),
    ),
)
AZURE = Record(
    "a sink of kind azure",
    "Azure Key Vault (extra `azure`).",
    (
        row(
            "vault",
            "string",
            "The vault's address.",
            "https://example.vault.azure.net",
            # Key Vault's own domains: a token for it goes nowhere else.
            pattern=r"https://[A-Za-z0-9-]{3,24}\.vault\.(azure\.net|azure\.cn|usgovcloudapi\.net)",
            required=True,
        ),
        row(
            "secret",
            "string",
            "The name of the secret in it.",
            "web",
            pattern="[A-Za-z0-9-]{1,127}",
            required=True,
        ),
    ),
)
GITHUB = Record(
    "a sink of kind github",
    "A secret of a GitHub environment (extra `github`).",
    (
        row(
            "repository",
            "string",
            "OWNER/NAME.",
            "example/myapp",
            pattern="[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}",
            required=True,
        ),
        row("environment", "string", "The environment of the repository.", "prod", required=True),
        row(
            "secret",
            "string",
            "The name of the secret.",
            "WEB_CLIENT_SECRET",
            # A second variable stands beside it, with an ending of its own.
            pattern="(?!GITHUB_)[A-Za-z_][A-Za-z0-9_]{0,99}",
            required=True,
        ),
        row("api", "string", "The API of a GitHub server of one's own; absent: https://api.github.com."),
    ),
)
COMMAND = Record(
    "a sink of kind command",
    "A program of your own.",
    (
        row(
            "write",
            "arguments",
            "Gets the secret on its standard input.",
            ["/usr/local/bin/keep", "web"],
            required=True,
        ),
        row(
            "read",
            "arguments",
            "Prints what is kept, nothing where there is nothing.",
            ["/usr/local/bin/show", "web"],
            required=True,
        ),
    ),
)
FILE = Record(
    "a sink of kind file",
    "A file that its owner alone reads.",
    (row("path", "string", "An absolute path outside the checkout.", "/run/secrets/web", required=True),),
    short="",
)
KINDS: Mapping[SinkKind, Record] = {
    "aws": AWS,
    "azure": AZURE,
    "github": GITHUB,
    "command": COMMAND,
    "file": FILE,
}
SINK = Record(
    "a sink",
    "One place; say what it is by one key.",
    tuple(row(kind, record, record.description) for kind, record in KINDS.items()),
    alone=True,
)
