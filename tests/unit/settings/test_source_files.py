"""Constants and the tokens page: names that compile, one build for all environments, what is there and
nothing else.
"""

from __future__ import annotations

import runpy
from dataclasses import replace
from pathlib import Path

import pytest

from entra_config.errors import UsageError
from entra_config.manifest import loader
from entra_config.settings import constants, naming, source, tokens, writers
from entra_config.settings.source import ApiSource

ROOT = Path(__file__).parents[3]
EMPTY = ApiSource(
    api="api",
    environments=("dev",),
    scopes=(),
    roles=(),
    clients=(),
    requests=(),
    docs_clients=(),
    operations=(),
    values="",
    variables_file="",
)

NAMES = {
    "user.read": ("USER_READ", "UserRead"),
    "Admin": ("ADMIN", "Admin"),
    "Reports.ReadWrite.All": ("REPORTS_READ_WRITE_ALL", "ReportsReadWriteAll"),
    "access_as_user": ("ACCESS_AS_USER", "AccessAsUser"),
    "XMLReader": ("XML_READER", "XmlReader"),
    "2fa": ("VALUE_2_FA", "VALUE_2Fa"),
    "task:write/own": ("TASK_WRITE_OWN", "TaskWriteOwn"),
}


@pytest.mark.parametrize(("value", "names"), NAMES.items(), ids=NAMES)
def test_a_value_becomes_a_constant(value: str, names: tuple[str, str]) -> None:
    """In the spelling of each language."""
    assert (naming.screaming(value), naming.pascal(value)) == names


@pytest.mark.parametrize("values", [("user.read", "user_read"), ("...",)])
def test_values_without_a_name_of_their_own_are_refused(values: tuple[str, ...]) -> None:
    """Two values of one name, or one that gives none, would lose a permission in silence."""
    with pytest.raises(UsageError, match="constant"):
        constants.python(replace(EMPTY, scopes=values))


def test_python_constants_are_what_tokens_carry(tmp_path: Path) -> None:
    """The module runs, and each member equals its value, whatever characters are in it."""
    values = ("user.read", 'odd"quote', "back\\slash", "Écrire")
    file = tmp_path / "authorization.py"
    file.write_text(constants.python(replace(EMPTY, roles=values)), encoding="utf-8")
    made = runpy.run_path(str(file))
    assert {str(role) for role in made["Role"]} == set(values)
    assert list(made["Scope"]) == []


def test_typescript_without_scopes_is_still_a_module() -> None:
    """An API without scopes has the empty type, not a missing one."""
    text = constants.typescript(EMPTY)
    assert (
        "export const Scope = {} as const;\nexport type Scope = (typeof Scope)[keyof typeof Scope];" in text
    )


def test_one_source_file_serves_all_environments() -> None:
    """What any environment has is in it, and the order of environments does not matter."""
    manifests = loader.load_all(ROOT / "manifests")
    dev, prod = manifests
    roles = {**prod.applications["api"].app_roles}
    auditor = replace(roles["Reader"], label="Auditor", value="Auditor")
    api = replace(prod.applications["api"], app_roles={**roles, "Auditor": auditor})
    more = replace(prod, applications={**prod.applications, "api": api})
    assert source.of([dev, more], "api").roles == ("Reader", "Writer", "Admin", "Auditor")
    python = next(path for path in writers.sources(manifests) if path.suffix == ".py")
    assert writers.sources([dev, more])[python] == writers.sources([more, dev])[python]


def test_the_tokens_page_offers_only_what_the_manifest_has() -> None:
    """Without a public client or a daemon it says what to declare, instead of commands that cannot work."""
    page = tokens.write(replace(EMPTY, scopes=("user.read",)))
    assert "No application of type `publicClient`" in page
    assert "No application of type `daemon`" in page
    assert "{{" not in page
    whole = tokens.write(
        replace(source.of(loader.load_all(ROOT / "manifests"), "api"), docs_clients=("spa",))
    )
    assert "`spa` signs in on `$API_URL/docs`" in whole
    assert "{{" not in whole


def test_two_clients_of_one_shell_variable_are_refused() -> None:
    """The second would take the first one's client id in silence."""
    dev = loader.load(ROOT / "manifests", "dev")
    twin = replace(dev.applications["devClient"], key="dev")
    with pytest.raises(UsageError, match="`devClient` and `dev` would both be DEV_CLIENT_ID"):
        source.clients(replace(dev, applications={**dev.applications, "dev": twin}), "api")


def test_environments_that_share_a_build_share_its_operations() -> None:
    """What one of them has is in the file, and what they have differently is refused."""
    dev, prod = loader.load_all(ROOT / "manifests")
    app = prod.settings.api("api")
    first, *rest = app.operations
    fewer = replace(app, operations=tuple(rest))
    other = replace(app, operations=(replace(first, roles=("Owner",)), *rest))
    less, differing = (
        replace(prod, settings=replace(prod.settings, apps=(each,))) for each in (fewer, other)
    )
    assert source.of([dev, less], "api").operations == source.of([dev, prod], "api").operations
    with pytest.raises(
        UsageError, match=f"`{first.name}` of `api` needs one thing in dev and another in prod"
    ):
        source.of([dev, differing], "api")
