"""Terraform's requests as whole lives: create, read back, plan, change, drift by another client, repair,
destroy, look up.
"""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conformance.graph import (
    terraform_applications,
    terraform_groups,
    terraform_principals,
    terraform_users,
)
from tests.conformance.graph.terraform import Terraform
from tests.conformance.graph_client import Graph

LIVES: dict[str, Callable[[Terraform], None]] = {
    "application": terraform_applications.lead_application,
    "registration": terraform_applications.lead_registration,
    "service principal": terraform_principals.lead_principal,
    "assignment": terraform_principals.lead_assignment,
    "group": terraform_groups.lead_groups,
    "user": terraform_users.lead_users,
    "lookups": terraform_groups.look_up,
}
SENT = {
    "application": "lines 2 3 23 28-44",
    "registration": "lines 20-22 24 26 and their reads",
    "service principal": "lines 17 47-56 60-62",
    "assignment": "lines 27 57-59",
    "group": "lines 4-16",
    "user": "lines 18 19 63-87",
    "lookups": "lines 45 46",
}
# The provider's own creates are other lines.
NOT_SENT = {25: "a POST of an application whose body was not recorded"}


def _life(name: str) -> Any:
    text = f"terraform, the life of: {name} ({SENT[name]} of terraform_requests.csv)"
    return pytest.param(
        name, id=name, marks=pytest.mark.fact(text, source="terraform-provider-azuread 3.9.0", grade="R")
    )


@pytest.mark.parametrize("name", [_life(name) for name in LIVES])
def test_life(graph: Graph, name: str) -> None:
    """Each request of the provider is answered as it goes on with, and what it wrote is what its next plan
    reads.
    """
    LIVES[name](Terraform(graph))


def test_each_request_of_the_provider_is_part_of_a_life(graph: Graph) -> None:
    """The lives send every line of the table, but those that cannot be sent, each with its reason."""
    tf = Terraform(graph)
    for life in LIVES.values():
        life(tf)
    assert set(tf.lines) - tf.sent == set(NOT_SENT)
