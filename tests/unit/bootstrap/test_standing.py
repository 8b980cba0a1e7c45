"""A job's subject against what opens its identity: what differs is said, not only that it does."""

from __future__ import annotations

import pytest

from entra_config.bootstrap import standing
from entra_config.manifest.model import Application
from entra_config.manifest.parts import FederatedCredential

W = "job_workflow_ref:o/r/.github/workflows"
OPENS = {
    "apply": f"repo:o@1/r@2:ref:refs/heads/main:{W}/entra-apply.yml@refs/heads/main",
    "review": f"repo:o@1/r@2:pull_request:{W}/entra-review.yml@refs/heads/main",
}
READER = Application(
    "reader",
    "daemon",
    {},
    federated_credentials={
        name: FederatedCredential(name, "https://i", subject) for name, subject in OPENS.items()
    },
)


@pytest.mark.parametrize(
    ("subject", "why"),
    [
        (OPENS["apply"].replace("@1", "").replace("@2", ""), "the ids of owner and repository"),
        (OPENS["apply"].replace("@2", "@3"), "the ids of owner and repository"),
        ("repo:o@1/r@2:ref:refs/heads/main", "do not name the workflow"),
        ("repo:o/r:pull_request", "neither the ids nor the workflow"),
        (
            OPENS["apply"].replace("heads/main:", "heads/x:"),
            "reader is for other jobs; the nearest is " + OPENS["apply"],
        ),
        (
            OPENS["review"].replace("repo:o@", "repo:p@"),
            "reader is for other jobs; the nearest is " + OPENS["review"],
        ),
        ("", "reader is for other jobs"),
    ],
)
def test_what_differs_is_said(subject: str, why: str) -> None:
    """Nobody compares two hundred characters by eye."""
    found = standing.subject(subject, "reader", READER)

    assert found.state == "bad"
    assert why in found.text


@pytest.mark.parametrize("subject", OPENS.values())
def test_what_opens_it_is_good(subject: str) -> None:
    """Exactly, to the letter."""
    assert standing.subject(subject, "reader", READER).state == "good"


def test_another_workflow_of_main_is_not_called_a_customization() -> None:
    """A workflow that no subject names is another job, with the subject that is nearest."""
    subject = OPENS["apply"].replace("entra-apply.yml", "ci.yml")

    assert "for other jobs" in standing.subject(subject, "reader", READER).text
