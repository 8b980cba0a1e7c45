"""The records of `policy.lint`: their keys, shapes and limits, a row each; which rules there are is not
known here.
"""

from __future__ import annotations

from entra_config.manifest.fields.field import Mapped, Record, row
from entra_config.manifest.lint_policy import SEVERITIES

RULE = Record(
    "a rule",
    "Options of one rule.",
    (
        row(
            "severity",
            "word",
            "How grave its findings are; `off` silences it, and then `because` is due.",
            "off",
            choices=tuple(SEVERITIES),
        ),
        row(
            "applications",
            "texts",
            "The applications that `severity` is for; absent: all.",
            ["legacy"],
            names=("client",),
        ),
        row("days", "number", "The threshold of a rule about time.", 90, least=1),
        row("most", "number", "The threshold of a rule that counts.", 30),
        row("until", "until", "The last day of `severity`; after it the rule is as ever.", "2027-01-31"),
        row("because", "string", "Why, for whoever reads it.", "The old page moves in January."),
    ),
)
LINT = Record(
    "`policy.lint`",
    "Options of `entra-config lint`.",
    (
        row(
            "domains",
            "texts",
            "The project's own domains: hosts below them are its own.",
            ["example.com"],
        ),
        row(
            "locked",
            "texts",
            "Rules that no comment silences in a protected environment; those of severity E are locked "
            "anyway.",
            ["redirect-localhost-prod"],
        ),
        row(
            "rules",
            Mapped(RULE),
            "Options of single rules of `entra-config lint`.",
            {"secret-lifetime": {"days": 90}},
        ),
    ),
)
