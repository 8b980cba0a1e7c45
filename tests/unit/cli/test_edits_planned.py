"""After an edit: in which environments it is planned, where not and why, and with which code it ends."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from entra_config.cli import plan
from entra_config.cli.options import Common
from entra_config.errors import SignInError
from entra_config.manifest.model import Manifest

TENANT = "11111111-1111-1111-1111-111111111111"
ROOT = f"""\
project: myapp
environments:
  dev: {{ tenantId: {TENANT} }}
  customer: {{ fleet: true }}
  prod: {{ tenantId: {TENANT} }}
"""
FLEET = "not planned for customer: of a fleet; `fleet list` tells its tenants\n"
OFFLINE = (
    "not planned: no tenant was named (--cloud, --credential, or --plan for the default sign-in); see what "
    "it does by "
)


class Unchanging(str):
    """Stands for a plan without changes."""

    __slots__ = ()
    changes = ()


@pytest.fixture
def common(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Common:
    """Write a manifest of three environments, one of them a fleet's; stand beside it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ENTRA_CONFIG_CLOUD", raising=False)
    (tmp_path / "manifests").mkdir()
    (tmp_path / "manifests/entra-config.yaml").write_text(ROOT)
    return Common()


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Plan nothing; collect what is planned and shown. Whoever signs in to prod is refused."""
    names: list[str] = []

    async def made(common: Common, manifest: Manifest) -> Any:
        if manifest.environment == "prod" and common.credential == "cli":
            raise SignInError("nobody is signed in")
        names.append(f"{manifest.environment} {manifest.project}")
        return Unchanging(manifest.environment)

    monkeypatch.setattr(plan, "_plan_edited", made)
    monkeypatch.setattr(plan, "show", lambda _, found: names.append(f"text of {found}"))
    return names


def commands(*names: str, more: str = "") -> str:
    """Return the commands that plan some environments."""
    return ", ".join(f"`entra-config plan -e {name}{more}`" for name in names)


DEV, PROD = ["dev myapp", "text of dev"], ["prod myapp", "text of prod"]
SESSION: Any = object()


@pytest.mark.parametrize(
    ("changed", "wanted", "shown", "code", "said"),
    [
        ({}, None, [], 0, OFFLINE + commands("dev", "prod")),
        ({"environment": "dev"}, None, [], 0, OFFLINE + commands("dev")),
        ({}, False, [], 0, "not planned: see what it does by " + commands("dev", "prod")),
        ({"cloud": "usgov"}, False, [], 0, "not planned: see what it does by "
            + commands("dev", "prod", more=" --cloud usgov")),
        ({}, True, [*DEV, *PROD], 0, ""),
        ({"cloud": "usgov"}, None, [*DEV, *PROD], 0, ""),
        ({"credential": "aws"}, None, [*DEV, *PROD], 0, ""),
        ({"session": SESSION}, None, [*DEV, *PROD], 0, ""),
        ({"environment": "prod"}, True, PROD, 0, ""),
        ({"environment": "nowhere"}, True, [*DEV, *PROD], 0, ""),
        ({"environment": "customer"}, True, [*DEV, *PROD], 0, ""),
        ({"credential": "cli"}, None, DEV, 0, "not planned for prod: nobody is signed in see what it does "
            "there by " + commands("prod", more=" --credential cli")),
        ({"credential": "cli"}, True, DEV, 1, "not planned for prod: nobody is signed in see what it does "
            "there by " + commands("prod", more=" --credential cli")),
    ],
)  # fmt: skip
def test_where_an_edit_is_planned(  # noqa: PLR0917  # the columns of a table
    common: Common,
    planned: list[str],
    capsys: pytest.CaptureFixture[str],
    changed: dict[str, Any],
    wanted: bool | None,
    shown: list[str],
    code: int,
    said: str,
) -> None:
    """Where a tenant can be reached: an edit waits for no sign-in that nobody spoke of."""
    assert plan.show_edited(replace(common, **changed), {}, wanted=wanted) == code
    assert planned == shown
    assert " ".join(capsys.readouterr().err.split()) == " ".join(f"{FLEET}{said}".split())


def test_of_a_fleet_alone_nothing_is_planned(
    common: Common, planned: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """There is no tenant to plan for, and no command that would."""
    Path("manifests/entra-config.yaml").write_text(
        "project: myapp\nenvironments: { customer: { fleet: true } }\n"
    )
    assert plan.show_edited(common, {}, wanted=True) == 0
    assert (planned, capsys.readouterr().err) == ([], FLEET)
