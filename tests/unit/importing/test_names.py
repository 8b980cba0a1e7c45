"""The keys of imported applications are those that people would choose."""

from __future__ import annotations

import pytest

from entra_config.importing import names


@pytest.mark.parametrize(
    ("display_names", "keys"),
    [
        pytest.param(["My App", "MyApp API"], ["my-app", "myapp-api"], id="words"),
        pytest.param(["Ünï (x)", "…"], ["uni-x", "app"], id="letters"),
        pytest.param(["7 up", ""], ["app-7-up", "app"], id="no letter at the beginning"),
        pytest.param(["A", "a", "A!"], ["a", "a-2", "a-3"], id="equal"),
        pytest.param(["1", "1"], ["app-1", "app-1-2"], id="equal digits"),
        pytest.param(["Nul", "prod com1"], ["app-nul", "app-com1"], id="names of devices"),
        pytest.param(["Orders API (prod)", "Web (Prod)"], ["orders-api", "web"], id="environment"),
        pytest.param(["PRD-orders-prod"], ["orders"], id="environment at both ends"),
        pytest.param(["Production"], ["production"], id="nothing but the environment"),
        pytest.param(["prod 7"], ["prod-7"], id="a digit after the environment"),
        pytest.param(["API (dev)", "Product API"], ["api-dev", "product-api"], id="another environment"),
        pytest.param(["API", "API (prod)"], ["api", "api-prod"], id="different by the environment"),
        pytest.param(
            ["Contoso Orders App", "Contoso Billing App", "Contoso Web App"],
            ["orders", "billing", "web"],
            id="all share",
        ),
        pytest.param(["Orders API", "Orders Web"], ["orders-api", "orders-web"], id="two share"),
        pytest.param(["App", "App Web", "App API"], ["app", "app-web", "app-api"], id="no word of its own"),
        pytest.param(["App 1", "App 2", "App 3"], ["app-1", "app-2", "app-3"], id="only digits differ"),
        pytest.param(["x" * 70], ["x" * 40], id="one long word"),
        pytest.param(
            ["Integration of orders in the northern region"],
            ["integration-of-orders-in-the-northern"],
            id="long",
        ),
        pytest.param(
            [f"Integration of orders in the northern {word}" for word in ("region", "market")],
            [f"integration-of-orders-in-the-northern-{word}" for word in ("region", "market")],
            id="different at the end",
        ),
    ],
)
def test_a_key_is_short_and_different(display_names: list[str], keys: list[str]) -> None:
    """It has no word that says nothing, it ends with a complete word, and it does not depend on the order."""
    assert names.shorten(display_names, "prod") == keys
    if len({name.casefold().rstrip("!") for name in display_names}) == len(display_names):
        assert names.shorten(display_names[::-1], "prod") == keys[::-1]


def test_all_words_are_spelled_out_next_to_what_is_taken() -> None:
    """Names of external APIs and Terraform addresses keep every word."""
    assert names.spell_out(["Graph (prod)", "api [prod]"], ["graph-prod"]) == ["graph-prod-2", "api-prod"]
