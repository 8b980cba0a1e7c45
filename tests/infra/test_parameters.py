"""What `settings` writes for the stacks is what they ask for, in a form that they take."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from api.settings import EntraSettings
from entra_config.errors import TenantError, UsageError
from entra_config.settings import values
from options.bff import settings as bff_settings
from options.bff.settings import EntraSettings as EntraOfBff
from tests.infra.alb_rules import environment
from tests.infra.stack_parameters import ONE_HOST, OPERATOR, VALIDATED, manifest, resolved, tenant, written
from tests.infra.templates import OPTIONS, only, read

# What stands in the stacks of every option, and only option B gives.
OF_ALB = {"AlbClientId", "AlbScope", "AlbSecret", "AlbSecretVersion"}
OF_HTTPD = {"HttpdPage", "HttpdApi", "HttpdKeyPair", "HttpdImage"}
ADDED = {
    "B": OPERATOR | OF_HTTPD,
    "C": OPERATOR | OF_ALB | OF_HTTPD | {"BffTasksLeast", "BffTasksMost", "CacheNodeType", "BffImage"},
    "D": OPERATOR | OF_ALB | OF_HTTPD,
    "E": OPERATOR | OF_ALB | {"HttpdImage"},
}


@pytest.mark.parametrize("option", OPTIONS)
def test_no_parameter_without_a_writer_and_none_written_for_nobody(tmp_path: Path, option: str) -> None:
    """Of an option's stacks together, but for what an operator or the pipeline gives."""
    requested = {name for stack in read(option).values() for name in stack.parameters}
    given = written(manifest(tmp_path, option=option))

    assert given["Option"] == option
    assert requested == given.keys() | ADDED[option]
    assert not given.keys() & ADDED[option]


@pytest.mark.parametrize(
    ("option", "changes"),
    [
        ("D", ()),
        ("D", (ONE_HOST,)),
        ("D", (VALIDATED,)),
        ("D", (ONE_HOST, VALIDATED)),
        ("C", ()),
        ("C", (VALIDATED,)),
        ("B", ()),
        ("B", (VALIDATED,)),
        ("E", ()),
        ("E", (VALIDATED,)),
    ],
)
def test_each_value_has_the_form_that_each_stack_asks_for(
    tmp_path: Path, option: str, changes: tuple[tuple[str, str], ...]
) -> None:
    """By the pattern and the list of allowed values of the parameter, and in its length."""
    for name, value in written(manifest(tmp_path, *changes, option=option)).items():
        for stack in read().values():
            requested = stack.parameters.get(name, {})
            assert re.fullmatch(requested.get("AllowedPattern", r"[\s\S]*"), value), name
            assert value in requested.get("AllowedValues", [value]), name
            assert len(value) <= requested.get("MaxLength", 4096), name


@pytest.mark.parametrize("option", ["B", "D", "E"])
def test_the_api_of_the_stack_reads_what_the_api_of_a_file_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    """The variables of the task, filled with the parameters, are the settings that `json` writes."""
    found = manifest(tmp_path, option=option)
    parameters = written(found)
    for name, value in environment(only(option)["services"]).items():
        if not name.startswith("SERVER_"):
            monkeypatch.setenv(name, resolved(value, parameters))
    from_task = EntraSettings.model_validate({})
    from_file = json.loads(values.api_json(found, found.settings.api("api"), tenant()))

    assert from_task == EntraSettings.model_validate(from_file)
    assert from_task.protected
    page = next(app for app in found.settings.apps if app.key == {"B": "alb", "D": "spa", "E": "web"}[option])
    assert json.loads(parameters["SpaConfig"]) == json.loads(values.config(found, page, tenant()))


def test_the_server_of_option_c_reads_what_it_reads_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The variables of its task, filled with the parameters, are the settings that `dotenv` writes."""
    found = manifest(tmp_path, option="C")
    parameters = written(found)
    server = next(app for app in found.settings.apps if app.key == "bff")
    file = tmp_path / "bff.env"
    file.write_text(values.dotenv(found, server, tenant()), encoding="utf-8")
    (container,) = read()["bff"].the("BffTask")["ContainerDefinitions"]
    names = {each["Name"]: each["Value"] for each in container["Environment"]}
    for name in EntraOfBff.model_fields:
        monkeypatch.setenv(name.upper(), resolved(names[name.upper()], parameters))

    assert bff_settings.read(None) == bff_settings.read(file)
    assert json.loads(parameters["SpaConfig"])["session"] == "cookie"
    assert names.keys() - {name.upper() for name in EntraOfBff.model_fields} == {
        "REDIS_URL",
        "SERVER_REDIS_IAM",
        "SERVER_TLS",
    }


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("role/myapp-prod-bff", "role/bff"), "is of the role that `bff.yaml` runs it as"),
        (("project: myapp", "project: my--app"), "`my--app-prod` has `--`"),
    ],
)
def test_what_option_c_could_not_run_as_is_told(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    """Its role is one that Entra knows, and its cache has a name."""
    with pytest.raises(UsageError, match=re.escape(said)):
        written(manifest(tmp_path, change, option="C"))


def test_hosts_are_those_of_the_manifest(tmp_path: Path) -> None:
    """Two, or one with the path of the API."""
    two, one = written(manifest(tmp_path / "two")), written(manifest(tmp_path / "one", ONE_HOST))

    assert (two["Name"], two["AppHost"], two["ApiHost"], two["ApiPath"]) == (
        "myapp-prod",
        "app.example.com",
        "api.example.com",
        "",
    )
    assert (one["AppHost"], one["ApiHost"], one["ApiPath"]) == ("app.example.com", "app.example.com", "/api")
    assert (two["JwtValidation"], two["TokenVersion"], two["AllowedTenants"]) == ("off", "2", "[]")


def test_the_load_balancer_is_not_told_to_take_tokens_of_version_1(tmp_path: Path) -> None:
    """Which the tenant makes until the manifest is applied, whatever the manifest says."""
    assert written(manifest(tmp_path / "off"), 1)["TokenVersion"] == "1"
    with pytest.raises(TenantError, match="needs tokens of version 2, and the tenant still makes"):
        written(manifest(tmp_path / "on", VALIDATED), 1)


def test_a_name_that_no_load_balancer_could_have_is_told(tmp_path: Path) -> None:
    """It has 32 characters, and the stacks add some."""
    with pytest.raises(UsageError, match="names no stack: at most 28"):
        written(manifest(tmp_path, ("project: myapp", f"project: {'my-app' * 5}")))
