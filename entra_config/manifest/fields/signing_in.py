"""The fields of what an application signs in with, a row each."""

from __future__ import annotations

from collections.abc import Sequence

from entra_config.manifest.fields import limits
from entra_config.manifest.fields.field import (
    Definition,
    Field,
    Mapped,
    Record,
    graph_row,
    row,
)
from entra_config.manifest.fields.refusals import NO_SECRET, refuse
from entra_config.manifest.fields.workloads import FORMS

_ISSUER, _SUBJECT = "https://token.actions.githubusercontent.com", "repo:example/myapp:environment:prod"
FEDERATED = Record(
    "a federated credential",
    "A federated credential.",
    (
        graph_row(
            "issuer",
            "issuer",
            "text",
            "The `iss` of its tokens.",
            _ISSUER,
            longest=limits.LONGEST_OF_FEDERATED,
            of="federatedIdentityCredential",
        ),
        graph_row(
            "subject",
            "subject",
            "text",
            "The `sub` of its tokens.",
            _SUBJECT,
            longest=limits.LONGEST_OF_FEDERATED,
            of="federatedIdentityCredential",
        ),
        graph_row(
            "matches",
            "claimsMatchingExpression",
            "text",
            "An expression instead of a subject (beta).",
            None,
            of="federatedIdentityCredential",
        ),
        graph_row(
            "audience",
            "audiences",
            "text",
            "The `aud` of its tokens; absent: api://AzureADTokenExchange.",
            None,
            longest=limits.LONGEST_OF_FEDERATED,
            of="federatedIdentityCredential",
        ),
        graph_row(
            "description",
            "description",
            "text",
            "For the people who manage it.",
            None,
            longest=limits.LONGEST_OF_FEDERATED,
            of="federatedIdentityCredential",
        ),
        Field("until", "", "own", "until", "Its last day, in UTC.", None),
        *(row(form.key, form.record, "") for form in FORMS.values()),
    ),
    ways=(("issuer", "subject"), ("issuer", "matches"), *((key,) for key in FORMS)),
)

SIGNING_IN: Sequence[Field] = (
    graph_row(
        "federatedCredentials",
        "federatedIdentityCredentials",
        Mapped(FEDERATED, most=limits.MOST_FEDERATED),
        "Workloads that may sign in as it, by name.",
        {"github": {"github": {"repository": "example/myapp", "environment": "prod"}}},
        f"at most {limits.MOST_FEDERATED}; names of 3 to {limits.LONGEST_KEY_NAME} characters",
        refused=refuse(NO_SECRET, "spa", "publicClient"),
    ),
    graph_row(
        "certificates",
        "keyCredentials",
        Mapped(Definition("certificate")),
        "Public keys that it may sign in with, by name, and key pairs that are made for it.",
        {"ci": {"file": "certificates/ci.pem"}},
        refused=refuse(NO_SECRET, "spa", "publicClient"),
    ),
    Field(
        "credentials",
        "",
        "own",
        Definition("credentials"),
        "Secrets with a life, each kept in a sink of the environment; `certificates` may stand here too.",
        {"secrets": {"web": {"sink": "web", "lifetime": "P90D", "overlap": "P14D"}}},
        "lifetime of 730 days at most, overlap of half of it at most",
        refused=refuse(NO_SECRET, "spa", "publicClient"),
    ),
)
