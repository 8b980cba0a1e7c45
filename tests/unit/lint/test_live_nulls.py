"""What Graph may leave null is no traceback: each value of each example's answers, one at a time."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from entra_config.lint import table
from entra_config.lint.model import Rule
from tests.unit.lint.snippets import live_findings, responded

LIVE = [rule for rule in table.built_in().values() if rule.on == ("live",)]
# Graph's own bodies; other facts are made here. Ids are never null (entra_config/actual/shape.py).
OF_GRAPH = (
    "application",
    "servicePrincipal",
    "owners",
    "authorizationPolicy",
    "defaultAppManagementPolicy",
    "adminConsentRequestPolicy",
    "microsoft",
    "external",
)
IDS = {"id", "appId", "keyId", "resourceAppId", "resourceAccess"}
EVERYTHING = """
application:
  displayName: App
  createdDateTime: 2025-01-01T00:00:00Z
  signInAudience: AzureADMyOrg
  isFallbackPublicClient: true
  groupMembershipClaims: All
  tags: [a]
  identifierUris: [api://app]
  optionalClaims: { idToken: [{ name: email }] }
  authenticationBehaviors: { removeUnverifiedEmailClaim: true }
  servicePrincipalLockConfiguration: { isEnabled: true }
  api: { requestedAccessTokenVersion: 2, oauth2PermissionScopes: [{ id: s, value: read, type: User, \
isEnabled: true }] }
  appRoles: [{ id: r, value: Reader, displayName: Reader, allowedMemberTypes: [User], isEnabled: true }]
  web:
    redirectUris: [https://a.example.com/]
    logoutUrl: https://a.example.com/
    implicitGrantSettings: { enableIdTokenIssuance: true }
  spa: { redirectUris: [https://b.example.com/] }
  publicClient: { redirectUris: [http://localhost] }
  requiredResourceAccess: [{ resourceAppId: g, resourceAccess: [{ id: p, type: Role }] }]
  passwordCredentials:
    - { keyId: k, displayName: ci, hint: abc, startDateTime: 2026-01-01T00:00:00Z, endDateTime: \
2028-01-01T00:00:00Z }
  keyCredentials:
    - { keyId: l, displayName: ci, usage: Verify, startDateTime: 2026-01-01T00:00:00Z, endDateTime: \
2028-01-01T00:00:00Z }
servicePrincipal: { appRoleAssignmentRequired: false, accountEnabled: true, preferredSingleSignOnMode: oidc }
owners: [{ id: o, userPrincipalName: alice@contoso.com, displayName: Alice, userType: Member }]
"""


def nulled(tree: Any) -> Iterator[Any]:
    """Yield the tree with each of its values null in turn."""

    def walk(node: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        for key in node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
            if isinstance(key, str) and key not in IDS and path:
                yield (*path, key)
            yield from walk(node[key], (*path, key))

    for path in walk({name: tree[name] for name in OF_GRAPH if name in tree}, ()):
        changed = copy.deepcopy(tree)
        place = changed
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = None
        yield changed


def test_a_null_in_an_application_is_no_traceback(tmp_path: Path) -> None:
    """Every rule on a tenant takes every null of an application with all that it may have."""
    assert len(live_findings(table.built_in(), responded(EVERYTHING), tmp_path)) > 10
    for tree in nulled(responded(EVERYTHING)):
        live_findings(table.built_in(), tree, tmp_path)


@pytest.mark.parametrize("rule", LIVE, ids=lambda rule: rule.id)
def test_a_null_in_a_rule_s_own_example_is_no_traceback(rule: Rule, tmp_path: Path) -> None:
    """In what it looks at, beside the application."""
    tree = responded(rule.bad.replace("«", ""))
    facts = tree.pop("facts", {})
    for changed in nulled({**tree, **facts}):
        own = {name: changed.pop(name) for name in facts}
        live_findings({rule.id: rule}, {**changed, "facts": own}, tmp_path)
