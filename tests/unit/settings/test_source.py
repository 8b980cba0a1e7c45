"""What committed files know of an API: of all environments together, each word once."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.errors import UsageError
from entra_config.manifest.targets import Operation
from entra_config.settings import source
from entra_config.settings.source import ApiSource, Client
from tests.unit.settings.clients_of_an_api import TEXT, manifests

DESK = Client("desk", "publicClient", ("write",), (), ("http://localhost",), ("dev", "prod"))
PAGE = Client("page-client", "spa", ("user.read",), (), ("https://a.example.com/",), ("prod",))
JOB = Client("job", "daemon", (), ("Job.All",), (), ("dev", "prod"))


def test_an_api_is_what_all_environments_say_of_it(tmp_path: Path) -> None:
    """Hold clients as the first environment has them, others behind, and the folder without its name."""
    assert source.of(manifests(tmp_path), "api") == ApiSource(
        "api",
        ("dev", "prod"),
        ("user.read", "write"),
        ("Job.All",),
        (DESK, JOB, PAGE),
        ("/a", "/c"),
        (),
        (),
        ("out/", "/values"),
        "tokens.env",
    )


def test_an_environment_has_its_own_clients(tmp_path: Path) -> None:
    """Hold that one which is not in it is none."""
    dev, prod = manifests(tmp_path)
    assert [each.key for each in source.clients(dev, "api")] == ["desk", "job"]
    assert [each.key for each in source.clients(prod, "api")] == ["desk", "page-client", "job"]


def test_a_folder_that_differs_in_more_has_no_place_for_a_name(tmp_path: Path) -> None:
    """Hold that nothing is said of it."""
    over = "overrides: { settings: { folder: elsewhere } }"
    text = TEXT.replace("222222222222 }", f"222222222222, {over} }}")
    assert source.of(manifests(tmp_path, text), "api").values == ()


def test_the_variable_of_a_client_says_client_once(tmp_path: Path) -> None:
    """Hold that two which would have one variable are refused, by name."""
    assert [each.variable for each in (DESK, PAGE)] == ["DESK_CLIENT_ID", "PAGE_CLIENT_ID"]
    text = TEXT.replace("  desk:\n", "  page:\n").replace("{ desk:", "{ page:")
    with pytest.raises(UsageError) as refused:
        source.of(manifests(tmp_path, text), "api")
    assert str(refused.value) == (
        "the client ids of `page` and `page-client` would both be PAGE_CLIENT_ID in the shell: rename one of "
        "them"
    )


def test_where_some_scopes_are_authorized_those_alone_are_asked_for(tmp_path: Path) -> None:
    """Hold that without any all are, and of an API that it asks for nothing none."""
    dev = manifests(tmp_path)[0].applications
    assert source.scopes_to_request(dev["desk"], dev["api"]) == ("write",)
    assert source.scopes_to_request(dev["idle"], dev["api"]) == ()
    prod = manifests(tmp_path)[1].applications
    assert source.scopes_to_request(prod["page-client"], prod["api"]) == ("user.read",)


OPERATIONS = "      operations: {{ second: {{ scopes: [{}] }}, first: {{ scopes: [read] }} }}\n"


def test_operations_are_those_of_any_environment_by_name(tmp_path: Path) -> None:
    """Hold that one build serves all, so that two which differ are refused."""
    text = TEXT + OPERATIONS.format("write")
    assert source.of(manifests(tmp_path, text), "api").operations == (
        Operation("first", ("user.read",)),
        Operation("second", ("write",)),
    )
    over = "overrides: { settings: { apis: { api: { operations: { second: { scopes: [read] } } } } } }"
    with pytest.raises(UsageError) as refused:
        source.of(manifests(tmp_path, text.replace("222222222222 }", f"222222222222, {over} }}")), "api")
    assert str(refused.value) == (
        "the operation `second` of `api` needs one thing in dev and another in prod, and one build serves "
        "both"
    )
