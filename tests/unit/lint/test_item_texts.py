"""Which texts of an item of a list `text-of-item` reports, and which it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.lint.snippets import HEAD, linted, of_rule

ITEM = f"""\
{HEAD.rstrip()[:-2]}, variables: {{ domain: example.com, host: a.b }} }}
lists:
  services:
    orders:
      permission: Mail.Send
      reading: User.Read
      client: 33333333-0000-4000-8000-000000000003
      api: Microsoft Graph
      host: orders.example.com
      owner: repo:example/orders
      repo: example/orders
      day: '2027-01-31'
"""
GITHUB = 'issuer: "https://token.actions.githubusercontent.com"'


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        (
            "apiPermissions: { Microsoft Graph: { application: ['${service.permission}'] } }",
            "the dangerous permission `Mail.Send`",
        ),
        ("apiPermissions: { Microsoft Graph: { delegated: ['${service.reading}'] } }", ""),
        (
            "apiPermissions: { Microsoft Graph: { delegated: ['${service.reading}'], adminConsent: true } }",
            "the consent of `orders` to `User.Read`",
        ),
        (
            (
                "apiPermissions: { Microsoft Graph: { delegated: [Mail.Read, User.Read], "
                "adminConsent: { delegated: ['${service.reading}'] } } }"
            ),
            "the consent of `orders` to `User.Read`",
        ),
        (
            (
                "apiPermissions: { Microsoft Graph: { delegated: [User.Read], "
                "adminConsent: { delegated: [{ name: User.Read, until: '${service.day}' }] } } }"
            ),
            "",
        ),
        (
            "apiPermissions: { '${service.api}': { delegated: [User.Read] } }",
            "`Microsoft Graph`, at which `orders` has permissions,",
        ),
        ("apiPermissions: { '${service}-api': { delegated: [read], adminConsent: true } }", ""),
        ("redirectUris: ['https://${service.host}/']", "the host of `https://orders.example.com/`"),
        ("platforms: { web: ['https://${service}.example.com/'] }", ""),
        ("platforms: { web: ['https://api-${service}-eu.dev.${domain}:8443/${service.host}'] }", ""),
        ("platforms: { web: ['https://a.${service}.${domain}'] }", ""),
        ("platforms: { web: ['https://${service}'] }", "the host of `https://orders`"),
        ("platforms: { web: ['https://example.${service}/'] }", "the host of `https://example.orders/`"),
        (
            "platforms: { web: ['https://${service}example.com/'] }",
            "the host of `https://ordersexample.com/`",
        ),
        ("platforms: { web: ['https://${service}.co.uk/'] }", "the host of `https://orders.co.uk/`"),
        (
            "platforms: { web: ['https://${service}.azurewebsites.net/'] }",
            "the host of `https://orders.azurewebsites.net/`",
        ),
        (
            "platforms: { web: ['https://${host}.${service}.example.com/'] }",
            "the host of `https://a.b.orders.example.com/`",
        ),
        (
            "platforms: { mobileAndDesktop: ['${service}://example.com'] }",
            "the host of `orders://example.com`",
        ),
        ("platforms: { web: ['https://example.com/${service.host}'] }", ""),
        (
            "platforms: { spa: ['https://${service.host}'] }",
            "the host of `https://orders.example.com`",
        ),
        (
            f"federatedCredentials: {{ github: {{ {GITHUB}, subject: '${{service.owner}}:ref:b' }} }}",
            "`subject: repo:example/orders:ref:b`, by which `github` signs in as `orders`,",
        ),
        (
            (
                f"federatedCredentials: {{ github: {{ {GITHUB}, subject: 'repo:example/a:environment:prod', "
                "description: '${service}' } }"
            ),
            "",
        ),
        (
            (
                "scopes: { read: { adminConsentDisplayName: R, adminConsentDescription: Reads. } }, "
                "authorizedClients: { '${service.client}': [read] }"
            ),
            "`33333333-0000-4000-8000-000000000003`, which needs no consent at `orders`,",
        ),
        (
            "federatedCredentials: { ci1: { github: { repository: '${service.repo}', environment: e } } }",
            "`repository: example/orders`, by which `ci1` signs in as `orders`,",
        ),
        ("notes: '${service.owner}'", ""),
    ],
)
def test_what_gives_access_is_reported(fields: str, found: str, tmp_path: Path) -> None:
    """Each is at the entry's line, with the item; what is in the entry itself is not reported."""
    api = (
        "  ${service}-api: { each: { service: services }, type: api, displayName: '${service} API', "
        "scopes: { read: { adminConsentDisplayName: R, adminConsentDescription: Reads. } } }\n"
    )
    type_ = "web" if fields.startswith("redirectUris") else "application"
    entry = f"  ${{service}}: {{ each: {{ service: services }}, type: {type_}, displayName: A, {fields} }}\n"
    reported = of_rule(linted(f"{ITEM}applications:\n{api}{entry}", tmp_path), "text-of-item")

    assert [each.message for each in reported] == (
        [f"{found} is a text of the item `orders`"] if found else []
    )
    assert all(each.position is not None and each.position.item.name == "orders" for each in reported)


def test_permissions_of_grants_are_reported(tmp_path: Path) -> None:
    """A principal that an item names is not, because its roles are in the entry."""
    text = (
        f"{ITEM}applications: {{}}\ngrants:\n  '${{service}} identity': {{ each: {{ service: services }}, "
        "'${service.api}': { application: ['${service.permission}', User.Read.All] } }\n"
    )
    found = of_rule(linted(text, tmp_path), "text-of-item")

    assert [each.message for each in found] == [
        "`Microsoft Graph`, at which `orders identity` has permissions, is a text of the item `orders`",
        "the permission `Mail.Send` of `orders identity` at `Microsoft Graph` is a text of the item `orders`",
    ]
