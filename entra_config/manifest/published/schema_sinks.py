"""The part of the JSON Schema that says where an environment's secrets are kept."""

from __future__ import annotations

from collections.abc import Mapping

from entra_config.manifest.published.schema_parts import KEY, Schema, closed, described
from entra_config.manifest.sections.sinks import KEYS

_TEXT: Schema = {"type": "string"}
_LIST: Schema = {"type": "array", "items": {"type": "string"}, "minItems": 1}


def sinks() -> Schema:
    """Return what `environments.ENV.sinks` may hold; the table of keys says what for."""
    kinds = {kind: _kind(kind, fields) for kind, fields in _fields().items()}
    kinds["file"] = {"anyOf": [{"type": "string"}, kinds["file"]]}
    sink = {**closed("One place; say what it is by one key.", kinds), "minProperties": 1, "maxProperties": 1}
    return {
        "type": ["object", "null"],
        "description": "",
        "additionalProperties": sink,
        "propertyNames": {"pattern": KEY},
    }


def _kind(kind: str, fields: Mapping[str, Schema]) -> Schema:
    needed, _ = KEYS[kind]
    return {**closed(_ABOUT[kind], fields), "required": list(needed)}


_ABOUT = {
    "aws": "AWS Secrets Manager (extra `aws`).",
    "azure": "Azure Key Vault (extra `azure`).",
    "github": "A secret of a GitHub environment (extra `github`).",
    "command": "A program of your own.",
    "file": "A file that its owner alone reads.",
}


def _fields() -> Mapping[str, Mapping[str, Schema]]:
    arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:web-AbCdEf"
    return {
        "aws": {
            "secret": described(_TEXT, "The ARN of the secret, which exists.", arn),
            "account": described(
                {**_TEXT, "pattern": "^[0-9]{12}$"}, "The account, which the ARN names too.", "123456789012"
            ),
        },
        "azure": {
            "vault": described(_TEXT, "The vault's address.", "https://example.vault.azure.net"),
            "secret": described(_TEXT, "The name of the secret in it.", "web"),
        },
        "github": {
            "repository": described(_TEXT, "OWNER/NAME.", "example/myapp"),
            "environment": described(_TEXT, "The environment of the repository.", "prod"),
            "secret": described(_TEXT, "The name of the secret.", "WEB_CLIENT_SECRET"),
            "api": described(
                _TEXT, "The API of a GitHub server of one's own; absent: https://api.github.com."
            ),
        },
        "command": {
            "write": described(
                _LIST, "Gets the secret on its standard input.", ["/usr/local/bin/keep", "web"]
            ),
            "read": described(
                _LIST, "Prints what is kept, nothing where there is nothing.", ["/usr/local/bin/show", "web"]
            ),
        },
        "file": {"path": described(_TEXT, "An absolute path outside the checkout.", "/run/secrets/web")},
    }
