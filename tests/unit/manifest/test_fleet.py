"""A fleet's file: what it holds, what it refuses, and each project in each tenant as an environment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
import yaml

from entra_config.errors import ManifestError, UsageError
from entra_config.manifest import loader
from entra_config.manifest.fleet import choosing, reading, shards
from entra_config.manifest.fleet.model import Fleet, FleetLimits
from entra_config.manifest.model import Manifest
from entra_config.manifest.published import schema_fleet
from tests.unit.manifest.conftest import TENANT

OTHER = "22222222-2222-2222-2222-222222222222"
CLIENT = "5c1b2f7e-0000-4000-8000-000000000001"
ROOT = """\
project: myapp
environments: { customer: { fleet: true, protected: true, deployers: credential } }
applications:
  api: { type: api, displayName: "${title}", preventDestroy: true, appRoles: { Reader: Reads. } }
appRoleAssignments: { api: { Reader: { groups: [All Staff] } } }
"""
HEAD = f"""\
projects: {{ myapp: {{ manifest: myapp, environment: customer }} }}
credential: {{ kind: github, clientId: {CLIENT} }}
layers:
  - {{ variables: {{ title: All }} }}
  - {{ tags: [eu], variables: {{ title: Europe }} }}
"""
TWO = f"""\
tenants:
  contoso: {{ tenantId: {TENANT}, tags: [eu], projects: [myapp] }}
  fabrikam: {{ tenantId: {OTHER}, projects: [myapp] }}
"""

WriteFleet = Callable[..., Fleet]


@pytest.fixture
def fleet() -> WriteFleet:
    """Write a fleet with one project, and read it."""

    def run(text: str = HEAD + TWO, root: str = ROOT, **tenants: str) -> Fleet:
        files = {"fleet.yaml": text, "myapp/entra-config.yaml": root}
        files |= {f"tenants/{name}.yaml": said for name, said in tenants.items()}
        for name, said in files.items():
            Path(name).parent.mkdir(exist_ok=True)
            Path(name).write_text(said, encoding="utf-8")
        return reading.read(Path("fleet.yaml"))

    return run


@pytest.fixture
def wrong(fleet: WriteFleet) -> Callable[..., list[str]]:
    """Write a fleet that does not hold, and return what is wrong with it."""

    def run(text: str = HEAD + TWO, root: str = ROOT, **tenants: str) -> list[str]:
        with pytest.raises(ManifestError) as caught:
            shards.every(fleet(text, root, **tenants))
        return [str(problem) for problem in caught.value.problems]

    return run


def _every(fleet: Fleet) -> dict[str, Manifest]:
    return {each.placed.shard.name: each.manifest for each in shards.every(fleet)}


def _title(manifest: Manifest) -> object:
    return manifest.applications["api"].settings["displayName"].value


def test_a_shard_is_an_environment_of_its_manifest(fleet: WriteFleet) -> None:
    """Owner, tenant, who applies and where the pins stand: all as the rest of the engine knows it."""
    found = _every(fleet())

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
    assert [_title(each) for each in _every(fleet()).values()] == ["Europe", "All"]
    own = TWO.replace("tags: [eu]", "tags: [eu], variables: { title: Mine }").replace(
        f"{OTHER},",
        f"{OTHER}, overrides: {{ myapp: {{ applications: {{ api: {{ displayName: Theirs }} }} }} }},",
    )
    assert [_title(each) for each in _every(fleet(HEAD + own)).values()] == ["Mine", "Theirs"]


def test_the_pins_of_a_shard_are_of_its_tenant_alone(fleet: WriteFleet) -> None:
    """The lock file beside the root file decides; another tenant's does not, and one of another tenant is refused."""
    found = fleet()
    path = Path("myapp/locks/customer/contoso.lock.yaml")
    path.parent.mkdir(parents=True)
    pin = "33333333-3333-3333-3333-333333333333"
    path.write_text(f"tenantId: {TENANT}\ngroups: {{ All Staff: {pin} }}\n", encoding="utf-8")
    ids = [each.assignments["api", "Reader"].groups[0].id for each in _every(found).values()]
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
    with pytest.raises(UsageError, match=r"`contosa` is no tenant of fleet\.yaml\. Did you mean `contoso`\?"):
        choosing.tenant(found, "contosa")
    with pytest.raises(UsageError, match=r"no project of the fleet: manifests; fleet\.yaml has"):
        choosing.shard(found, "contoso", Path("manifests"), None)
    with pytest.raises(UsageError, match=r"`contoso/myap` is no shard of fleet\.yaml.* `contoso/myapp`"):
        choosing.named(found, "contoso/myap")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("projects: [myapp]", "projects: [myap]"), "`myap` is no project. Did you mean `myapp`?"),
        (("manifest: myapp", "manifest: ../elsewhere"), "leads out of ."),
        (("environment: customer", "environment: custom"), "`custom` is no environment of myapp/entra-config"),
        (("layers:", "layer:"), "fleet.yaml:3:1: `layer` is no key of a fleet. Did you mean `layers`?"),
        (("kind: github", "kind: githab"), "`githab` is none of `aws`, `github`, `gitlab` or `kubernetes`"),
        ((f"clientId: {CLIENT}", "secret: s"), "`secret` is no key of `credential`"),
        ((f"credential: {{ kind: github, clientId: {CLIENT} }}\n", ""), "nobody signs in to `contoso`"),
        ((OTHER, TENANT), "myapp/customer is in tenant 11111111-1111-1111-1111-111111111111 twice: `contoso/myapp` at"),
        (("fabrikam:", "Contoso:"), "`Contoso` (a tenant) and `contoso` at fleet.yaml:7:3 differ only in the case"),
        (("fabrikam:", "fabri_kam:"), "`fabri_kam` (a tenant) is no key"),
        (("environment: customer", "environment: customer, before: [myapp]"), "`myapp` comes before itself"),
        (("tenants:\n", "waves: [{ percent: 10 }]\ntenants:\n"), "the last wave, and no other, is `rest: true`"),
        (("tenants:\n", "waves: [{ percent: 10, rest: true }]\ntenants:\n"), "a wave is one of"),
        (("title: All", "title: [All]"), "`title`: expected a string, number, true, false or null"),
        (("tenants:\n", "limits: { failedTenants: 2 }\ntenants:\n"), "`failedTenants`: expected a string"),
        (("tenants:\n", "limits: { failedTenants: 101% }\ntenants:\n"), "expected a share such as 2%"),
        (("tenants:\n", "limits: { people: -1 }\ntenants:\n"), "`people`: expected a number from 0"),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_told_with_its_place(
    wrong: Callable[..., list[str]], change: tuple[str, str], expected: str
) -> None:
    """As for a manifest: file, line, column, what was expected, near misses."""
    before, after = change
    assert any(expected in line for line in wrong((HEAD + TWO).replace(before, after)))


@pytest.mark.parametrize(
    ("root", "expected"),
    [
        (ROOT.replace("fleet: true, ", "tenantId: " + TENANT + ", "), "is of no fleet: it lacks `fleet: true`"),
        (ROOT.replace("fleet: true", "fleet: true, tenantId: " + TENANT), "is the fleet's to say, per tenant"),
        (ROOT.replace("protected: true", 'protected: "${title}"'), "`protected` protects: in a fleet it has no `${…}`"),
        (ROOT.replace("preventDestroy: true", 'preventDestroy: "${title}"'),
         "`applications.api.preventDestroy` protects: in a fleet it has no `${…}`"),
        (ROOT.replace("deployers: credential", 'deployers: ["${title}"]'), "`deployers` protects"),
    ],
)  # fmt: skip
def test_what_protects_stands_in_the_projects_own_files(
    wrong: Callable[..., list[str]], root: str, expected: str
) -> None:
    """It has no placeholder in a fleet, which a tenant could fill."""
    assert any(expected in line for line in wrong(root=root))


@pytest.mark.parametrize(
    "over",
    [
        "applications: { api: { preventDestroy: false } }",
        "applications: { api: { ignoreChanges: [notes] } }",
        "applications: { api: null }",
        "appRoleAssignments: { api: unmanaged }",
        "appRoleAssignments: { api: { Reader: { additive: true } } }",
    ],
)
def test_nothing_on_top_changes_what_protects(wrong: Callable[..., list[str]], over: str) -> None:
    """No layer, no override, no tenant: not by taking away what bears it either."""
    layer = f"  - {{ overrides: {{ myapp: {{ {over} }} }} }}\n"
    own = TWO.replace("tags: [eu]", f"tags: [eu], overrides: {{ myapp: {{ {over} }} }}")
    root = ROOT.replace("fleet: true", f"fleet: true, overrides: {{ {over} }}")
    for found in (wrong(HEAD + layer + TWO), wrong(HEAD + own), wrong(root=root)):
        assert any("in a fleet it stands in the project's own files" in line for line in found)


FENCED = 'files: [{ path: tenants/*.yaml, mayDeclare: ["tenants/${file}"] }]\n'


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("fabrikam: { variables: { title: x } }", "`tenants/fabrikam/variables/title` is outside of what this file"),
        (f"contoso: {{ credential: {{ kind: aws, clientId: {CLIENT} }} }}", "`credential` of `contoso` stands in no file"),
        ("contoso: { tags: [first] }", "`tags` of `contoso` stands in no file with `mayDeclare`"),
        (f"contoso: {{ overrides: {{ myapp: {{ applications: {{ api: {{ appId: {CLIENT} }} }} }} }} }}",
         "`applications/api/appId` stands in no file with `mayDeclare`"),
        ("contoso: { variables: { owner: mallory@example.com } }", "decides `applications.api.owners`"),
    ],
)  # fmt: skip
def test_a_restricted_file_says_nothing_that_is_trusted(
    wrong: Callable[..., list[str]], said: str, expected: str
) -> None:
    """Neither who signs in nor what is trusted, not by a variable either; `${file}` is its own name."""
    tenants = TWO.replace("tags: [eu], ", "") + FENCED
    root = ROOT.replace("preventDestroy", 'owners: ["${owner}"], preventDestroy')
    head = HEAD.replace("title: All", "title: All, owner: team@example.com")
    found = wrong(head + tenants, root, contoso=f"tenants: {{ {said} }}\n")
    assert any(expected in line for line in found)


def test_a_restricted_file_says_what_it_may(fleet: WriteFleet) -> None:
    """Its own tenant's variables."""
    said = "tenants: { contoso: { variables: { title: Own } } }\n"
    found = _every(fleet(HEAD + TWO + FENCED, contoso=said))
    assert [_title(each) for each in found.values()] == ["Own", "All"]


def test_a_link_that_leads_out_of_the_folder_is_an_error(
    wrong: Callable[..., list[str]], tmp_path: Path
) -> None:
    """A manifest, a file of tenants, and the folder of the lock files."""
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    (outside / "locks").mkdir(parents=True)
    (outside / "entra-config.yaml").write_text(ROOT, encoding="utf-8")
    (outside / "more.yaml").write_text("tenants: {}\n", encoding="utf-8")
    Path("linked").symlink_to(outside)
    found = wrong((HEAD + TWO).replace("manifest: myapp", "manifest: linked"))
    assert any("leads out of ." in line for line in found)
    Path("tenants").mkdir()
    Path("tenants/more.yaml").symlink_to(outside / "more.yaml")
    assert any("leads out of ." in line for line in wrong(HEAD + TWO + FENCED))
    Path("tenants/more.yaml").unlink()
    Path("myapp/locks").symlink_to(outside / "locks")
    assert any("leads out of myapp" in line for line in wrong())


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
