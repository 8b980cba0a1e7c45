"""`offboard`: a person goes out of every file of a manifest, by each name and pin."""

from __future__ import annotations

from pathlib import Path

from entra_emulator import seed
from entra_emulator.embedded import Embedded
from tests.unit.cli.ran import Run


def test_offboard_knows_a_person_by_both_names(run: Run, tenant: Embedded, folder: Path) -> None:
    """Whoever is called otherwise since is taken out by the new name, too, with the old one and the pin."""
    directory = tenant.directory.default
    alice = directory.user_by_name("alice@contoso.com")
    assert alice
    directory.users.put({**alice, "userPrincipalName": "alicia@contoso.com"})
    assert run("lock", "-e", "prod").code == 0
    assert 'was: "alicia@contoso.com"' in (folder / "manifests/entra-config.prod.lock.yaml").read_text()
    assert run("offboard", "Alicia@contoso.com").code == 0
    files = [
        path.read_text() for path in (folder / "manifests").rglob("*.yaml") if path.parent.name != "tests"
    ]
    assert not any("alice" in text or "alicia" in text or alice["id"] in text for text in files)


def test_offboard_takes_a_person_out_of_every_file(run: Run, folder: Path) -> None:
    """As holder, owner and deployer, by name in any case, by a pinned id, in overrides and lock files;
    comments stay.
    """
    clients = Path("manifests/applications/clients.yaml")
    li = "{ name: li@contoso.com, id: 11111111-2222-4333-8444-555555555555 }"
    clients.write_text(
        clients.read_text().replace(
            "displayName: MyApp Nightly", f"owners: [Alice@contoso.com, {li}]\n    displayName: MyApp Nightly"
        )
    )
    access = Path("manifests/access.yaml")
    access.write_text(
        access.read_text().replace("Reader: {", "# everybody\n    Reader: { users: [carol@contoso.com], ")
    )
    lock = Path("manifests/entra-config.dev.lock.yaml")
    pins = {"alice": "25d0ea81-fc34-48a5-8035-eeec824b983f", "carol": "d6f68ceb-1577-4e27-ab91-8e00f1de54a0"}
    users = "".join(f"  {name}@contoso.com: {pin}\n" for name, pin in pins.items())
    lock.write_text(f"tenantId: {seed.CONTOSO}\nusers:\n{users}")

    assert run("offboard", "ALICE@contoso.com", "--dry-run", "--no-plan").code == 0
    assert "alice" in lock.read_text()
    done = run("offboard", "alice@contoso.com", "--no-plan")
    assert done.code == 0
    assert (
        "manifests/tests/people.yaml:4:3: access tests are about `alice@contoso.com`; they are yours "
        "to change"
    ) in done.err
    texts = [
        path.read_text() for path in (folder / "manifests").rglob("*.yaml") if path.parent.name != "tests"
    ]
    assert not any("alice" in text.casefold() for text in texts)
    assert "users: []" in access.read_text()
    assert "# everybody" in access.read_text()
    assert f"owners: [{li}]" in clients.read_text()
    assert "carol@contoso.com" in lock.read_text()
    again = run("offboard", "alice@contoso.com", "--no-plan")
    assert again.code == 1
    assert "is in no file" in again.err
    assert run("offboard", "li@contoso.com", "--no-plan").code == 0
    assert "owners: []" in clients.read_text()
