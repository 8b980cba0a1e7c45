"""Texts that look like a secret, and what `--redact` leaves of people, names, hosts and UPNs."""

from __future__ import annotations

import pytest

from entra_config.snapshot.cleaning import Redactor, SecretFilter
from tests.unit.snapshot.planted import SECRETS

HARMLESS = [
    "https://app.example.com/auth/callback",
    "repo:example/myapp:environment:prod",
    "api://0a987a13-32d4-4dbd-a1e0-166274dd2ec2",
    "Reads the password policy",
    "alice@contoso.com",
    "http://localhost:5173/",
]


@pytest.mark.parametrize("text", SECRETS)
def test_a_text_that_looks_like_a_secret_is_replaced_and_counted(text: str) -> None:
    """The complete text goes, wherever the secret is in it."""
    filter_ = SecretFilter()
    assert filter_.clean({"a": [f"see {text} there"]}) == {"a": ["(secret)"]}
    assert filter_.replaced == 1


@pytest.mark.parametrize("text", HARMLESS)
def test_a_text_that_does_not_is_kept(text: str) -> None:
    """Addresses, subjects and prose are no secrets."""
    filter_ = SecretFilter()
    assert (filter_.clean(text), filter_.replaced) == (text, 0)


def test_a_redacted_value_is_the_same_everywhere_and_another_with_another_key() -> None:
    """Whoever has the file can follow a person, and cannot find out who it is."""
    user = "25d0ea81-fc34-48a5-8035-eeec824b983f"
    one, other = (Redactor(key, frozenset({user})) for key in (b"1", b"2"))
    body = {"id": user, "userPrincipalName": "Alice@Contoso.com", "displayName": "Alice"}
    first = one.redact(body)
    assert first == one.redact(body)
    assert not set(first.values()) & (set(other.redact(body).values()) | set(body.values()))
    assert one.redact(user.upper()) == first["id"]
    assert one.redact_collection({"items": [body], "read": [f"id={user}"]})["read"] == [f"id={first['id']}"]
    assert one.redact("alice@contoso.com") == first["userPrincipalName"]


def test_ids_and_words_of_graph_stay() -> None:
    """The file is still of use: who has which role of which application."""
    body = {
        "appRoleId": "e05c81f2-3fbe-5dfa-b9d6-dd094546d675",
        "createdDateTime": "2026-12-02T23:17:00.19484Z",
        "signInAudience": "AzureADMyOrg",
        "value": "Reader",
        "tags": ["entra-config:owner=myapp/dev"],
        "identifierUris": ["api://0a987a13-32d4-4dbd-a1e0-166274dd2ec2"],
        "isEnabled": True,
    }
    assert Redactor(b"1", frozenset()).redact(body) == body
