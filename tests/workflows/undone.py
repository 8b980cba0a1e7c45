"""The ways in which somebody may undo a pipeline, and the words that say each."""

from __future__ import annotations

from entra_emulator import seed
from tests.workflows.estate import Estate
from tests.workflows.github import ISSUER
from tests.workflows.identities import identities


def wrong_form(estate: Estate) -> None:
    """Let the repository be one of before, whose subjects have no ids."""
    estate.hub.settings.immutable = False


def default_subjects(estate: Estate) -> None:
    """Let somebody take the customization of the subjects away."""
    estate.hub.settings.custom = {"use_default": True}


def open_environment(estate: Estate) -> None:
    """Let another branch into prod."""
    estate.hub.settings.branches["prod"] = ["main", "release"]


def self_review(estate: Estate) -> None:
    """Let whoever starts a run approve it."""
    rules = estate.hub.settings.environments["dev"]["protection_rules"]
    next(rule for rule in rules if "reviewers" in rule)["prevent_self_review"] = False


def other_reader(estate: Estate) -> None:
    """Let the variable name somebody else."""
    estate.hub.settings.variables["ENTRA_READER_CLIENT_ID"] = seed.READER_APP_ID


def planted_secret(estate: Estate) -> None:
    """Add a secret to prod's writer by hand."""
    app = estate.graph("GET", f"/applications(appId='{identities(estate)['writer-prod'][0]}')?$select=id")[
        "id"
    ]
    estate.graph(
        "POST", f"/applications/{app}/addPassword", {"passwordCredential": {"displayName": "planted"}}
    )


def foreign_subject(estate: Estate) -> None:
    """Let another repository sign in as dev's writer."""
    app = estate.graph("GET", f"/applications(appId='{identities(estate)['writer-dev'][0]}')?$select=id")[
        "id"
    ]
    more = {
        "name": "more",
        "issuer": ISSUER,
        "subject": "repo:evil/x:ref:refs/heads/main",
        "audiences": ["api://AzureADTokenExchange"],
    }
    estate.graph("POST", f"/applications/{app}/federatedIdentityCredentials", more)


UNDONE = {
    wrong_form: (
        "the ids of owner and repository are not those of the declared subjects; expected repo:example@"
    ),
    default_subjects: "the repository's subjects do not name the workflow; expected repo:example@",
    open_environment: "prod: lets in main, release, not main alone",
    self_review: "dev: whoever starts a run may approve it",
    other_reader: "which is no identity of the pipeline: reader is",
    foreign_subject: "federatedCredential.writer-dev/more",
    planted_secret: "planted",
}
