"""The records of what an application signs in with: their keys, shapes and limits, a row each."""

from __future__ import annotations

from entra_config.manifest.fields import limits
from entra_config.manifest.fields.field import Definition, Mapped, Record, row

UNTIL = row(
    "until", "until", "Its last day, in UTC: over the day after, and gone once that is applied.", "2027-01-31"
)
_DURATION = r"P(?:([0-9]{1,4})W|([0-9]{1,4})D)"
_LIFE = (
    row(
        "lifetime",
        "text",
        "How long one lives, in days or weeks; absent: P90D.",
        "P90D",
        pattern=_DURATION,
    ),
    row(
        "overlap",
        "text",
        "How long before its end the next is made, and both work; absent: P14D.",
        "P14D",
        pattern=_DURATION,
    ),
)
GENERATE = Record(
    "`generate`",
    "A key pair that is made anew before its certificate ends.",
    (
        row(
            "in",
            "string",
            "Where its private key is kept: a name of `environments.ENV.sinks`.",
            "web",
            required=True,
        ),
        *_LIFE,
    ),
)
CERTIFICATE = Record(
    "a certificate",
    "A public key.",
    (
        row("file", "string", "A PEM file, relative to this file.", "certificates/ci.pem"),
        row("pem", "string", "The PEM text itself."),
        row(
            "displayName",
            "text",
            "Its name in the portal; absent: its name here.",
            longest=limits.LONGEST_KEY_NAME,
        ),
        row("usage", "choice", "Absent: Verify.", choices=("Verify", "Encrypt")),
        row(
            "generate",
            Definition("generate"),
            "Instead of all others: `entra-config credentials rotate` makes the key pair.",
            {"in": "web"},
        ),
        UNTIL,
    ),
    short="Path of a PEM file, or the PEM itself.",
)
SECRET = Record(
    "a secret",
    "A secret that is made anew before it ends.",
    (
        row("sink", "string", "Where it is kept: a name of `environments.ENV.sinks`.", "web", required=True),
        *_LIFE,
        UNTIL,
    ),
)
CREDENTIALS = Record(
    "`credentials`",
    "What it signs in with.",
    (
        row(
            "certificates",
            Mapped(Definition("certificate")),
            "Public keys that it may sign in with, by name, and key pairs that are made for it.",
        ),
        row(
            "secrets",
            Mapped(Definition("secret", or_null=True)),
            "Secrets that `entra-config credentials rotate` makes and keeps in a sink, by name.",
        ),
    ),
)
