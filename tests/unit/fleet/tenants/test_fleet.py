"""A fleet's file: what it holds, and each project in each tenant as an environment."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
import yaml

from entra_config.errors import ManifestError, UsageError
from entra_config.manifest import loader
from entra_config.manifest.published import schema_fleet
from entra_config.manifest.tenants import choosing, shards
from entra_config.manifest.tenants.model import FleetLimits
from tests.unit.fleet.tenants.fleets import CLIENT, FENCED, HEAD, OTHER, TWO, WriteFleet, manifests_of, title
from tests.unit.manifest.conftest import TENANT


def test_a_shard_is_an_environment_of_its_manifest(fleet: WriteFleet) -> None:
    """Owner, tenant, who applies and where the pins stand: all as the rest of the engine knows it."""
    found = manifests_of(fleet())

    assert list(found) == ["contoso/myapp", "fabrikam/myapp"]
    contoso = found["contoso/myapp"]
    assert (contoso.owner, contoso.tenant_id, contoso.protected) == ("myapp/customer", TENANT, True)
    assert [(each.name, each.id, each.by_app_id) for each in contoso.deployers or ()] == [
        (CLIENT, None, True)
    ]
    assert loader.pins_path(contoso) == Path("myapp/locks/customer/contoso.lock.yaml")
    assert contoso.chosen == "-e customer --tenant NAME"


def test_layers_merge_from_bottom_to_top_and_the_tenant_goes_on_top(fleet: WriteFleet) -> None:
    """What fits by tags goes over what is for all; a tenant's own variables and overrides go over both."""
    assert [title(each) for each in manifests_of(fleet()).values()] == ["Europe", "All"]
    own = TWO.replace("tags: [eu]", "tags: [eu], variables: { title: Mine }").replace(
        f"{OTHER},",
        f"{OTHER}, overrides: {{ myapp: {{ applications: {{ api: {{ displayName: Theirs }} }} }} }},",
    )
    assert [title(each) for each in manifests_of(fleet(HEAD + own)).values()] == ["Mine", "Theirs"]


def test_the_pins_of_a_shard_are_of_its_tenant_alone(fleet: WriteFleet) -> None:
    """The lock file beside the root file decides; another tenant's does not, and one of another tenant is refused."""
    found = fleet()
    path = Path("myapp/locks/customer/contoso.lock.yaml")
    path.parent.mkdir(parents=True)
    pin = "33333333-3333-3333-3333-333333333333"
    path.write_text(f"tenantId: {TENANT}\ngroups: {{ All Staff: {pin} }}\n", encoding="utf-8")
    ids = [each.assignments["api", "Reader"].groups[0].id for each in manifests_of(found).values()]
    assert ids == [pin, None]

    path.write_text(f"tenantId: {OTHER}\n", encoding="utf-8")
    with pytest.raises(ManifestError, match=f"the lock file {path} is of tenant {OTHER}"):
        shards.every(found)


def test_an_environment_of_a_fleet_is_used_with_a_tenant_only(fleet: WriteFleet) -> None:
    """Alone it is an error that says how; a tenantId of its own is one too."""
    fleet()
    with pytest.raises(UsageError, match=r"is of a fleet: say --fleet FILE --tenant NAME"):
        loader.load(Path("myapp"))
    with pytest.raises(UsageError, match=r"`customer` of myapp: of a fleet; say --fleet FILE --tenant NAME"):
        loader.load_all(Path("myapp"))
    assert loader.of_fleets(Path("myapp")) == ["customer"]


def test_a_tenant_is_chosen_by_name_and_a_project_by_its_manifest(fleet: WriteFleet) -> None:
    """Near misses are offered."""
    found = fleet()
    assert choosing.shard(found, "contoso", Path("myapp/entra-config.yaml"), None).name == "contoso/myapp"
    with pytest.raises(
        UsageError, match=r"`contosa` is not a tenant of fleet\.yaml\. Did you mean `contoso`\?"
    ):
        choosing.tenant(found, "contosa")
    with pytest.raises(UsageError, match=r"no project of the fleet: manifests; fleet\.yaml has"):
        choosing.shard(found, "contoso", Path("manifests"), None)
    with pytest.raises(UsageError, match=r"`contoso/myap` is not a shard of fleet\.yaml.* `contoso/myapp`"):
        choosing.named(found, "contoso/myap")


def test_a_wave_is_decided_by_tags_then_by_the_tenant_alone(fleet: WriteFleet) -> None:
    """Whoever comes or goes moves nobody else, and a share is about as large as it says."""
    waves = "waves: [{ tags: [first] }, { percent: 10 }, { rest: true }]\n"
    ids = {f"t{number}": f"00000000-0000-4000-8000-{number:012d}" for number in range(400)}
    rows = [f"  {key}: {{ tenantId: {id_}, projects: [myapp] }}\n" for key, id_ in ids.items()]
    rows[7] = rows[7].replace("projects:", "tags: [first], projects:")
    every = fleet(HEAD + waves + "tenants:\n" + "".join(rows))
    number = {key: every.wave_of(tenant) for key, tenant in every.tenants.items()}

    assert number["t7"] == 1
    assert list(number.values()).count(1) == 1
    assert 20 <= list(number.values()).count(2) <= 60
    half = fleet(HEAD + waves + "tenants:\n" + "".join(rows[::2]))
    assert all(half.wave_of(tenant) == number[key] for key, tenant in half.tenants.items())
    assert [each.wave for each in every.placed()] == sorted(number.values())


def test_projects_of_a_tenant_come_in_the_order_of_before(fleet: WriteFleet) -> None:
    """`before` decides, not where they stand."""
    second = "{ manifest: platform, environment: customer, before: [myapp] }"
    text = (HEAD + TWO).replace(
        "environment: customer } }", f"environment: customer }}, platform: {second} }}"
    )
    Path("platform").mkdir()
    Path("platform/entra-config.yaml").write_text(
        "project: platform\nenvironments: { customer: { fleet: true } }\n", encoding="utf-8"
    )
    found = fleet(text.replace("projects: [myapp]", "projects: [myapp, platform]"))
    assert [each.shard.name for each in found.placed()] == [
        "contoso/platform",
        "contoso/myapp",
        "fabrikam/platform",
        "fabrikam/myapp",
    ]


def test_limits_have_defaults_and_a_share_is_exact(fleet: WriteFleet) -> None:
    """In hundredths of a percent; absent is two of a hundred, 50 people, 20 applications, nothing deleted."""
    assert fleet().limits == FleetLimits(200, 50, 20, 0)
    said = "limits: { failedTenants: 0.29%, people: 7, applications: 0, deleted: 3 }\n"
    assert fleet(HEAD + said + TWO).limits == FleetLimits(29, 7, 0, 3)


def test_the_schema_takes_what_the_reader_takes() -> None:
    """The published schema accepts the files of these tests and refuses an unknown key and a secret."""
    document = schema_fleet.build()
    jsonschema.Draft202012Validator.check_schema(document)
    validator = jsonschema.Draft202012Validator(document)
    waves = "waves: [{ tags: [first] }, { percent: 10 }, { rest: true }]\nlimits: { failedTenants: 2%, people: 5 }\n"
    whole = HEAD + waves + FENCED + TWO
    assert [error.message for error in validator.iter_errors(yaml.safe_load(whole))] == []
    for before, after in (
        ("layers:", "layer:"),
        (f"clientId: {CLIENT}", "secret: s"),
        ("rest: true", "rest: 1"),
    ):
        assert list(validator.iter_errors(yaml.safe_load(whole.replace(before, after)))) != []
