"""Whose an application says it is, by its tags."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from entra_config.emulator.portal.marks import Mark, mark_of, of_principal

TAGS = ["x", "entra-config:owner=shop/dev", "entra-config:key=api", "entra-config:owner=later/dev"]
SHOP = Mark("shop/dev", "api")


@pytest.mark.parametrize(
    ("row", "mark"),
    [
        (None, Mark()),
        ({}, Mark()),
        ({"tags": None}, Mark()),
        ({"tags": ["x", 1]}, Mark()),
        ({"tags": [1, *TAGS]}, SHOP),
        ({"tags": TAGS[:2]}, Mark("shop/dev")),
        ({"tags": ["entra-config:key=api"]}, Mark("", "api")),
    ],
)
def test_a_mark_is_read_of_tags(row: dict[str, Any] | None, mark: Mark) -> None:
    """The first of each; what is no text is none, and a key alone marks nothing."""
    assert mark_of(row) == mark
    assert bool(mark) is bool(mark.owner)


@pytest.mark.parametrize(
    ("row", "mark"),
    [
        (None, Mark()),
        ({"tags": []}, Mark()),
        ({"appId": "a", "tags": TAGS}, SHOP),
        ({"appId": "a", "tags": []}, Mark("of/it")),
        ({"appId": "b", "tags": []}, Mark()),
    ],
)
def test_an_enterprise_application_without_a_mark_has_its_registration_s(
    row: dict[str, Any] | None, mark: Mark
) -> None:
    """Of whatever is in this tenant."""
    rows = {"a": {"tags": ["entra-config:owner=of/it"]}}
    tenant: Any = SimpleNamespace(application_by_app_id=rows.get)
    assert of_principal(tenant, row) == mark
