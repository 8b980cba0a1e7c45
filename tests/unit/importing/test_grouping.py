"""`import --group`: applications that differ in a few texts are one entry, and the manifest is the same."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from entra_config.cli.import_ import loadable
from entra_config.cli.wiring import now
from entra_config.importing import grouping, tenant
from entra_config.importing.manifest import ImportTarget, Written
from entra_config.importing.yaml_writer import Placeholder, Word
from entra_config.manifest import loader
from entra_config.manifest.reading import yaml
from entra_config.testing import reimport
from entra_emulator import seed
from tests.unit.importing.importer import EVERYTHING, Ground
from tests.unit.importing.registrations import REGISTRATIONS, guid, role, scope
from tests.unit.manifest.drawn_each import without_places

SERVICES = ("orders", "billing", "stock")


async def register_services(ground: Ground, notes: str = "") -> None:
    """Make an API and its page for each service; the notes of each API are its own."""
    for name in SERVICES:
        api = await ground.register(
            {
                "displayName": f"{name.title()} API",
                "notes": notes and f"{name.upper()} {notes}",
                "identifierUris": [f"api://{name}-api"],
                "appRoles": [role("Reader", id=guid(f"{name} reader"))],
                "api": {
                    "requestedAccessTokenVersion": 2,
                    "oauth2PermissionScopes": [scope("read", id=guid(f"{name} read"))],
                },
            }
        )
        await ground.post("/servicePrincipals", {"appId": api["appId"]})
        asked = [{"id": guid(f"{name} read"), "type": "Scope"}]
        page = await ground.register(
            {
                "displayName": f"{name.title()} SPA",
                "spa": {"redirectUris": [f"https://{name}.contoso.com/"]},
                "requiredResourceAccess": [{"resourceAppId": api["appId"], "resourceAccess": asked}],
            }
        )
        await ground.post("/servicePrincipals", {"appId": page["appId"]})


async def register_copies(ground: Ground) -> None:
    """Make each of the registrations of all kinds once for each service."""
    for body in REGISTRATIONS:
        for name in SERVICES:
            copy = {key: value for key, value in body.items() if key != "identifierUris"}
            await ground.register({**copy, "displayName": f"{body['displayName']} {name}"})


async def import_both(ground: Ground) -> tuple[Any, Any, Mapping[str, int], tuple[str, ...]]:
    """Import everything; return both manifests, the groups, and what differs after a new creation."""
    async with await ground.graph() as graph:
        export = await tenant.read(graph, EVERYTHING, signed_in=seed.DEPLOYER_APP_ID)
    target = ImportTarget("imported", "prod", graph.tenant_id)
    loadable(export, target, ground.folder)
    apart = loader.load(ground.folder, "prod")
    written = loadable(export, target, ground.folder, group=True)
    together = loader.load(ground.folder, "prod")
    gone = {str(each.application["appId"]) for each in export.registrations} - written.keys.keys()
    compared = await reimport.compare(tenant.without(export, gone), written, together, now())
    return without_places(apart), without_places(together), written.groups, compared.different


def test_services_that_are_alike_are_one_entry_each(ground: Ground) -> None:
    """The API's entry has the ids of each service; the page's refers to the API of its service."""

    async def story() -> Any:
        await register_services(ground)
        return await import_both(ground)

    apart, together, groups, different = asyncio.run(story())
    assert groups == {"applications/service-api.yaml": 3, "applications/service-spa.yaml": 3}
    assert together == apart
    assert different == ()
    page = (ground.folder / "applications/service-spa.yaml").read_text(encoding="utf-8")
    assert page == (
        "applications:\n"
        '  "${service}-spa":\n'
        "    each:\n"
        "      service:\n"
        '        billing: { displayName: "Billing SPA" }\n'
        '        orders: { displayName: "Orders SPA" }\n'
        '        stock: { displayName: "Stock SPA" }\n'
        "    type: spa\n"
        '    displayName: "${service.displayName}"\n'
        "    accessTokenVersion: null\n"
        "    allowPublicClientFlows: null\n"
        '    redirectUris: ["https://${service}.contoso.com/"]\n'
        "    apiPermissions:\n"
        '      "${service}-api": { delegated: ["read"] }\n'
    )
    assert not (ground.folder / "applications/orders-api.yaml").exists()


def test_copies_of_registrations_of_all_kinds_are_the_same_manifest(ground: Ground) -> None:
    """Whatever a registration has: the keys, and all below them, are those of an import without groups."""

    async def story() -> Any:
        await register_copies(ground)
        return await import_both(ground)

    apart, together, groups, different = asyncio.run(story())
    assert sum(groups.values()) > 2 * len(REGISTRATIONS)
    assert together == apart
    assert different == ()


@pytest.mark.parametrize(
    ("names", "notes"),
    [
        (("Worker 1", "Worker 2", "Worker 3"), "{}"),
        (("Worker 01", "Worker 1e3", "Worker 0x10"), "{}"),
        (("true API", "null API", "no API"), "{}"),
        (("orders API", "billing API", "stock API"), "Costs ${} a day"),
        (("orders API", "billing API", "stock API"), "See ${{{}}} and ${{{}"),
    ],
)
def test_names_and_texts_of_all_forms_are_the_same_manifest(
    ground: Ground, names: tuple[str, ...], notes: str
) -> None:
    """A name that begins with a digit or looks like another value; a `$` before a name."""

    async def story() -> Any:
        for name in names:
            word = name.removesuffix(" API")
            await ground.register({"displayName": name, "notes": notes.format(word, word)})
        return await import_both(ground)

    apart, together, _, different = asyncio.run(story())
    assert together == apart
    assert different == ()


@pytest.mark.parametrize("labels", [("1.read", "2.read"), ("r" * 70, "s" * 70), ("only", "previously")])
def test_a_field_has_a_name_that_loads_whatever_the_label(ground: Ground, labels: tuple[str, str]) -> None:
    """A label of a role may begin with a digit, or be longer than the name of a field."""

    async def story() -> Any:
        for name in SERVICES:
            roles = [
                {**role(label, id=guid(f"{name} {label}")), "description": f"{name.upper()} {label}"}
                for label in labels
            ]
            await ground.register({"displayName": f"{name} API", "appRoles": roles})
        return await import_both(ground)

    apart, together, groups, different = asyncio.run(story())
    assert groups == {"applications/service-api.yaml": 3}
    assert together == apart
    assert different == ()


def import_services(ground: Ground, notes: str = "") -> tuple[Any, Any, Written]:
    """Import the services without groups and with; return both manifests and what is written with groups."""

    async def story() -> Any:
        await register_services(ground, notes)
        async with await ground.graph() as graph:
            export = await tenant.read(graph, EVERYTHING, signed_in=seed.DEPLOYER_APP_ID)
            return export, graph.tenant_id

    export, tenant_id = asyncio.run(story())
    target = ImportTarget("imported", "prod", tenant_id)
    loadable(export, target, ground.folder)
    apart = without_places(loader.load(ground.folder, "prod"))
    written = loadable(export, target, ground.folder, group=True)
    return apart, without_places(loader.load(ground.folder, "prod")), written


def test_an_import_ends_with_separate_files_if_grouping_fails(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault in grouping costs the groups alone, and is reported without a text of the tenant."""

    def fail(*_: object) -> str:
        raise LookupError("orders")

    monkeypatch.setattr(grouping, "_mark", fail)
    apart, together, written = import_services(ground)
    assert together == apart
    assert written.groups == {}
    assert written.not_grouped == ("all applications, because grouping failed: LookupError",)
    assert (ground.folder / "applications/orders-api.yaml").is_file()


def test_a_group_that_loads_to_other_applications_is_written_as_separate_files(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only that group: the pages are one entry."""
    find_groups = grouping.find

    def find_wrong(*arguments: Any) -> Any:
        groups = find_groups(*arguments)
        api = next(group for group in groups if group.file == "service-api")
        api.entry["displayName"] = "Another API"
        return groups

    monkeypatch.setattr(grouping, "find", find_wrong)
    apart, together, written = import_services(ground)
    assert together == apart
    assert written.groups == {"applications/service-spa.yaml": 3}
    assert written.not_grouped == (
        "3 applications `${service}-api`, because as one entry they would be other applications",
    )
    assert (ground.folder / "applications/orders-api.yaml").is_file()
    assert not (ground.folder / "applications/service-api.yaml").exists()


def test_a_group_whose_file_is_too_large_is_written_as_separate_files(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file of the APIs has more characters than the reader accepts, and that of the pages has not."""
    monkeypatch.setattr(yaml, "MAX_BYTES", 3_000)
    apart, together, written = import_services(ground, "x" * 900)
    assert together == apart
    assert written.groups == {"applications/service-spa.yaml": 3}
    assert written.not_grouped == (
        "3 applications `${service}-api`, because the file is larger than 3,000 characters",
    )
    assert not (ground.folder / "applications/service-api.yaml").exists()


def find(entries: Mapping[str, dict[str, Any]], comments: Mapping[str, str] | None = None) -> Any:
    """Return the groups of entries, most without a comment."""
    return grouping.find(entries, dict.fromkeys(entries, "") | dict(comments or {}))


def texts(**fields: str) -> dict[str, dict[str, Any]]:
    """Return three entries that are alike; `{}` in a field is the name of the service."""
    return {
        f"{name}-api": {"type": Word("api"), **{key: text.format(name) for key, text in fields.items()}}
        for name in SERVICES
    }


def test_two_entries_are_not_a_group() -> None:
    """It takes three."""
    entries = texts(displayName="{} API")
    assert [group.keys for group in find(entries)] == [("billing-api", "orders-api", "stock-api")]
    del entries["stock-api"]
    assert find(entries) == []


@pytest.mark.parametrize(
    "other",
    [
        {"type": Word("spa"), "displayName": "stock API"},
        {"type": Word("api"), "displayName": "stock API", "notes": "more"},
        {"type": Word("api"), "displayName": ["stock API"]},
        {"type": Word("api"), "displayName": None},
    ],
)
def test_what_differs_in_more_than_texts_is_no_group(other: dict[str, Any]) -> None:
    """Another type, another property, a list in place of a text, null."""
    assert find({**texts(displayName="{} API"), "stock-api": other}) == []


def test_what_has_another_comment_is_no_group() -> None:
    """The comment says what of an application is not carried."""
    assert find(texts(displayName="{} API"), {"stock-api": "# Not carried: x.\n"}) == []


def test_entries_that_differ_in_six_fields_are_no_group() -> None:
    """Five are easier to read as one entry."""
    five = {f"field{number}": f"{{}}{number}".title() for number in range(5)}
    upper = {
        key: {name: text.upper() if name.startswith("field") else text for name, text in entry.items()}
        for key, entry in texts(**five).items()
    }
    (group,) = find(upper)
    assert list(group.entry["each"]["service"]["orders"].values()) == [
        f"ORDERS{number}" for number in range(5)
    ]
    for entry in upper.values():
        entry["more"] = f"{entry['field0']}!"
    assert find(upper) == []


@pytest.mark.parametrize("text", ["Costs $5 and ", "", Placeholder("${ordersUrl}/")])
def test_a_text_that_no_item_can_have_is_no_group(text: str) -> None:
    """An item is data: what could be a placeholder stays in an entry of its own; so does an empty text."""
    entries = texts(displayName="API")
    for number, entry in enumerate(entries.values()):
        entry["notes"] = type(text)(text + str(number) * bool(text or number))
    assert find(entries) == []


def test_a_placeholder_of_the_environment_stays_as_it_is() -> None:
    """The name of an item inside of another placeholder is not that item's."""
    entries = {
        key: {**entry, "homePageUrl": Placeholder("${ordersUrl}/" + key.partition("-")[0])}
        for key, entry in texts(displayName="{} API").items()
    }
    (group,) = find(entries)
    assert group.entry["homePageUrl"] == "${ordersUrl}/${service}"
    assert isinstance(group.entry["homePageUrl"], Placeholder)


def test_a_text_that_looks_like_a_placeholder_stays_a_text() -> None:
    """What the tenant wrote is escaped before the item's name is put in."""
    (group,) = find(texts(displayName="{} API", notes="${{service}} of {}"))
    assert group.entry["notes"] == "$${service} of ${service}"


def test_a_name_inside_of_another_word_is_no_name_of_an_item() -> None:
    """Such a text is a field of the item, and reads as it is."""
    entries = {
        f"{name}-api": {"type": Word("api"), "displayName": f"{name}tide {name}", "notes": f"{name} API"}
        for name in "abc"
    }
    (group,) = find(entries)
    assert group.entry["each"] == {"service": {name: {"displayName": f"{name}tide {name}"} for name in "abc"}}
    assert group.entry["displayName"] == "${service.displayName}"
    assert group.entry["notes"] == "${service} API"


def test_the_file_of_a_group_has_a_name_of_its_own() -> None:
    """An application may have the key that the group's file would be called after."""
    entries = texts(displayName="{} API") | {"service-api": {"type": Word("daemon")}}
    assert [group.file for group in find(entries)] == ["service-api-group"]
