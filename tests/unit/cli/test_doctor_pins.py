"""What `doctor --pipeline` says of a lock file that pins another principal than the pipeline has."""

from __future__ import annotations

import re

from entra_emulator import seed
from entra_emulator.embedded import Embedded
from tests.unit.cli.desk import Desk


def test_doctor_says_a_pin_that_is_another_principal(desk: Desk, tenant: Embedded) -> None:
    """The lock file may lead to somebody else who has the writer's name: `deployers` would mean him."""
    desk.responses = ["yes", "yes"]
    assert desk.bootstrap("--apply", "--allow", "dangerous").code == 0
    assert desk.run("doctor", "--pipeline").code == 0
    lock = desk.folder / "manifests/entra-config.prod.lock.yaml"
    found = re.search(r'"?MyApp Writer \(prod\)"?: (\S+)', lock.read_text(encoding="utf-8"))
    assert found is not None
    other = tenant.directory.default.service_principal_by_app_id(seed.READER_APP_ID)
    assert other is not None
    lock.write_text(lock.read_text(encoding="utf-8").replace(found[1], other["id"]), encoding="utf-8")

    done = desk.run("doctor", "--pipeline")

    assert done.code == 1
    said = f"prod pins MyApp Writer (prod) as {other['id']}, and its service principal is {found[1]}"
    assert said in " ".join(done.out.split())
