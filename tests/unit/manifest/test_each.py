"""Entries with `each` make one entry for each item of a list."""

from __future__ import annotations

import pytest

from entra_config.errors import Position, Problem
from entra_config.manifest import loader
from entra_config.manifest.environments import expansion
from tests.unit.manifest.conftest import TENANT, Load, Problems, Write
from tests.unit.manifest.drawn_each import without_places
from tests.unit.manifest.services import ROOT, SERVICES

HEAD = f"project: myapp\nenvironments: {{ dev: {{ tenantId: {TENANT}, variables: {{ colour: red }} }} }}\n"
APP = "type: daemon, displayName: '${s}'"


def test_an_entry_is_one_entry_for_each_item(load: Load) -> None:
    """Keys, texts, permissions, holders and grants are those of the item; its fields fill texts."""
    manifest = load(ROOT, "prod", services=SERVICES)

    assert list(manifest.applications) == ["billing-api", "orders-api", "billing-spa", "orders-spa"]
    billing = manifest.applications["billing-api"]
    assert billing.settings["displayName"].value == "billing API 8"
    assert billing.app_roles["Reader"].description == "Reads billing."
    assert manifest.applications["billing-spa"].api_permissions["billing-api"].delegated_consent == {"read"}
    assert manifest.assignments["billing-api", "Reader"].groups[0].name == "billing readers"
    assert [each.named.name for each in manifest.grants] == ["billing deployer", "orders deployer"]
    assert list(manifest.enterprise_applications) == ["crm", "hr"]


def test_overrides_change_lists_first_and_then_what_they_make(load: Load) -> None:
    """An environment overrides a field of an item, and one of the entries by its key."""
    manifest = load(ROOT, "prod", services=SERVICES)

    assert [each.name for each in manifest.applications["billing-api"].owners or ()] == ["bob@contoso.com"]
    assert manifest.applications["orders-api"].settings["displayName"].value == "Orders"


def test_only_of_an_item_keeps_all_that_it_makes_to_some_environments(load: Load) -> None:
    """What refers to it leaves too, and so does what is granted to it."""
    manifest = load(ROOT, "dev", services=SERVICES)

    assert list(manifest.applications) == ["orders-api", "orders-spa"]
    assert manifest.excluded == ("billing-api", "billing-spa")
    assert list(manifest.assignments) == [("orders-api", "Reader")]
    assert [each.named.name for each in manifest.grants] == ["orders deployer"]


def test_a_place_is_that_of_the_entry_and_of_its_item(load: Load) -> None:
    """Both are found: the entry's line, and the item's."""
    position = load(ROOT, "dev", services=SERVICES).applications["orders-api"].position

    assert position is not None
    assert str(position) == "services.yaml:6:3 (orders)"
    assert position.short == "services.yaml:6 (orders)"
    assert (position.item.file, position.item.line) == ("services.yaml", 3)


def test_previously_of_an_item_renames_each_application_that_it_makes(load: Load) -> None:
    """The former key is the key that the former item made."""
    services = SERVICES.replace("number: 7", "number: 7, previously: order")
    manifest = load(ROOT, "dev", services=services)

    assert manifest.applications["orders-api"].previously == "order-api"
    assert manifest.applications["orders-spa"].previously == "order-spa"


def test_an_explicit_entry_is_merged_like_a_second_file(load: Load, problems: Problems) -> None:
    """So one of twelve differs; a value in both is an error at both lines."""
    more = "applications: { orders-api: { notes: Ours., appRoles: { Writer: Writes. } } }\n"
    root = ROOT.replace("[services.yaml]", "[services.yaml, more.yaml]")
    manifest = load(root, "dev", services=SERVICES, more=more)

    orders = manifest.applications["orders-api"]
    assert (set(orders.app_roles), orders.settings["notes"].value) == ({"Reader", "Writer"}, "Ours.")
    (found,) = problems(root, "dev", services=SERVICES, more=more.replace("notes: Ours.", "type: web"))
    assert found == (
        "services.yaml:8:5 (orders): `applications.orders-api.type` is set here and at more.yaml:1:31: "
        "only maps merge, a value has exactly one file"
    )


def test_a_plain_entry_with_the_same_key_is_the_same_manifest(load: Load) -> None:
    """From a plain entry to an item and back nothing changes."""
    plain = load("applications: { web-job: { type: daemon, displayName: web } }\n")
    made = load("applications: { '${s}-job': { each: { s: [web] }, type: daemon, displayName: '${s}' } }\n")

    assert without_places(plain) == without_places(made)


def test_the_order_of_items_does_not_matter(load: Load) -> None:
    """Also the order of what they make is the same."""
    manifests = [
        load(f"applications: {{ '${{s}}': {{ each: {{ s: {items} }}, {APP} }} }}\n")
        for items in ("[a, b]", "[b, a]")
    ]
    assert list(manifests[0].applications) == list(manifests[1].applications) == ["a", "b"]


def test_a_text_of_an_item_never_makes_a_placeholder(load: Load) -> None:
    """Neither with what is before it, nor with another item's text."""
    manifest = load(
        HEAD + "lists: { all: { a: { x: '{colour}', y: $1 } } }\n"
        "applications: { '${s}': { each: { s: all }, type: daemon, displayName: '$${s.x}${s.x} ${s.y}{colour}' } }\n"
    )
    assert manifest.applications["a"].settings["displayName"].value == "${s.x}{colour} $1{colour}"


def test_an_item_can_be_in_the_reference_to_an_application(load: Load) -> None:
    """`${applications.${service}-api.appId}`, but no field of an item."""
    text = (
        "applications:\n  '${s}-api': { each: { s: [a] }, type: api, displayName: A }\n"
        "  '${s}-web': { each: { s: [a] }, type: web, displayName: W, logoutUrl: 'https://x.example.com/${applications.${s}-api.appId}' }\n"
    )
    value = load(HEAD + text).applications["a-web"].settings["web.logoutUrl"].value
    assert str(value) == str(
        load(HEAD + text.replace("${s}", "a").replace("each: { s: [a] }, ", ""))
        .applications["a-web"]
        .settings["web.logoutUrl"]
        .value
    )


def test_an_empty_list_is_allowed_and_reported(load: Load) -> None:
    """Nothing is made of it, and nothing else is wrong."""
    manifest = load(
        HEAD + f"lists: {{ none: {{}} }}\napplications: {{ '${{s}}': {{ each: {{ s: none }}, {APP} }} }}\n"
    )

    assert manifest.applications == {}
    assert [each.problem for each in manifest.empty_lists] == [
        Problem(Position("entra-config.yaml", 4, 17), "`${s}` makes nothing, because its list is empty")
    ]


def test_null_in_overrides_takes_an_item_away(load: Load) -> None:
    """As everywhere in `overrides`."""
    root = ROOT.replace("billing: { owner: bob@contoso.com }", "orders: null").replace(
        "      applications: { orders-api: { displayName: Orders } }\n", ""
    )
    assert list(load(root, "prod", services=SERVICES).applications) == ["billing-api", "billing-spa"]


def test_there_are_limits(problems: Problems, monkeypatch: pytest.MonkeyPatch) -> None:
    """1,000 items of a list, and 10,000 entries that are made."""
    text = f"applications: {{ '${{s}}': {{ each: {{ s: [a, b, c] }}, {APP} }} }}\n"
    assert (expansion.MOST_ITEMS, expansion.MOST_ENTRIES) == (1_000, 10_000)
    monkeypatch.setattr(expansion, "MOST_ENTRIES", 2)
    assert problems(HEAD + text) == ["entra-config.yaml:3:17: entries with `each` make more than 2 entries"]
    monkeypatch.setattr(expansion, "MOST_ITEMS", 2)
    assert problems(HEAD + text) == ["entra-config.yaml:3:38: `s` has more than 2 items"]


def test_every_environment_is_loaded(write: Write) -> None:
    """Loading all of them reports what one of them has, once."""
    write(ROOT, services=SERVICES)
    assert [each.environment for each in loader.load_all(loader.Path("entra-config.yaml"))] == ["dev", "prod"]
