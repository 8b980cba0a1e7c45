"""`fleet add`: a tenant more in the fleet's file, and all else in it to the letter."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.manifest.tenants import reading
from entra_emulator import seed
from tests.unit.cli.ran import Run
from tests.unit.fleet.files import FILES, FLEET, write

NEW = "33333333-3333-3333-3333-33333333333A"


@pytest.fixture(autouse=True)
def files(folder: Path) -> None:
    """Write a fleet."""
    write(folder, FILES)


def test_a_tenant_is_added_and_the_page_of_consent_is_told(run: Run) -> None:
    """With tags and projects; what the manifest still asks of it is told, and the rest of the file stays."""
    ran = run("fleet", "add", "adatum", "--tenant-id", NEW, "--tag", "eu", "--project", "platform")
    assert ran.code == 0, ran.err
    assert ran.out == (
        f"https://login.microsoftonline.com/{NEW.lower()}/adminconsent?client_id={seed.DEPLOYER_APP_ID}\n"
    )
    assert "still to be said" not in ran.err
    text = Path("fleet.yaml").read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if "adatum" not in line] == FLEET.splitlines()
    found = reading.read(Path("fleet.yaml")).tenants["adatum"]
    assert (found.tenant_id, found.tags, found.projects) == (NEW.lower(), {"eu"}, ("platform",))

    ran = run("fleet", "add", "wingtip", "--tenant-id", NEW.replace("3", "4"))
    assert (ran.code, "still to be said of wingtip" in ran.err, "${title}" in ran.err) == (0, True, True)
    assert reading.read(Path("fleet.yaml")).tenants["wingtip"].projects == ("myapp", "platform")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("Contoso", "--tenant-id", NEW), "`contoso` is in the fleet already: fleet.yaml"),
        (("adatum", "--tenant-id", seed.CONTOSO), "is `contoso` of the fleet already"),
        (("a/b", "--tenant-id", NEW), "`a/b` is not a tenant's name"),
        (("adatum", "--tenant-id", "contoso.com"), "`contoso.com` is not an id of a tenant"),
        (("adatum", "--tenant-id", NEW, "--project", "x"), "--project x: the fleet has myapp, platform"),
    ],
)
def test_what_can_be_no_tenant_is_an_error_and_nothing_is_written(
    run: Run, words: tuple[str, ...], said: str
) -> None:
    """Names and ids that are there, and what is no name, id or project."""
    ran = run("fleet", "add", *words)
    assert (ran.code, said in ran.err) == (1, True), ran.err
    assert Path("fleet.yaml").read_text(encoding="utf-8") == FLEET
