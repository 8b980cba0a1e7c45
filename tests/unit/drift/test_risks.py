"""What a finding of drift is by the table of risk: by what came, what went, or the property that changed."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.drift import risks
from entra_config.drift.model import Finding, Sign
from entra_config.resource import Address
from entra_config.risk import CLASSES, LEVELS


def finding(sign: Sign, path: str = "", kind: str = "application", **more: Any) -> Finding:
    """Make a finding."""
    return Finding(Address(kind, "api"), sign, "r", "", path, **more)


@pytest.mark.parametrize(
    ("about", "name"),
    [
        (finding("removed"), "destroyed"),
        (finding("removed", kind="enterpriseApplication"), "destroyed"),
        (finding("removed", kind="permissionGrant"), "lost"),
        (finding("removed", "appRoles"), "lost"),
        (finding("removed", "tags"), "text"),
        (finding("added", "tags"), "text"),
        (finding("changed", "notes", live={"x": 1}), "text"),
        (finding("added", "appRoles"), "offer"),
        (finding("added", "appRoles", gives="role"), "role"),
        (finding("added", "spa.redirectUris", gives="redirect host"), "redirect host"),
        (finding("added", "spa.redirectUris"), "redirect URI"),
        (finding("added", kind="permissionGrant"), "consent"),
        (finding("added", kind="authorizedClient"), "authorized client"),
        (finding("added", kind="federatedCredential"), "federated credential"),
        (finding("changed", "accountEnabled", live=True), "sign-in"),
        (finding("changed", "accountEnabled", live=False), "lost"),
        (finding("changed", "signInAudience", live="AzureADMyOrg"), "lost"),
        (finding("changed", "unheard.of", live=1), "setting"),
        (finding("changed", "info.marketingUrl", live="https://a"), "text"),
        (finding("changed", "appRoles", live={"isEnabled": False}), "lost"),
        (finding("changed", "appRoles", live={"isEnabled": True}), "role"),
        (finding("changed", "appRoles", live={"description": "x"}), "text"),
        (finding("changed", "appRoles", live={"description": "x", "isEnabled": True}), "role"),
        (finding("changed", "appRoles", live={}), "text"),
        (finding("changed", kind="federatedCredential", path="subject", live="x"), "federated credential"),
    ],
)
def test_a_finding_is_of_the_first_class_that_it_is(about: Finding, name: str) -> None:
    """What goes is lost, what comes gives what its kind or property gives; texts are texts."""
    assert risks.class_of(about).name == name
    assert risks.risk(about) == CLASSES[name].risk
    assert risks.rank(about) == list(LEVELS).index(CLASSES[name].risk)
