"""`fleet report --tenant`: what one customer is handed has no byte of any other."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from entra_emulator import seed
from entra_emulator.embedded import Embedded
from tests.seeds import sample
from tests.unit.fleet.files import FILES, FLEET, write
from tests.unit.fleet.fleet_ran import Fleet

IDS = {"contoso": seed.CONTOSO, "fabrikam": seed.FABRIKAM}


@pytest.mark.parametrize("number", sample("reports for one tenant", range(100), 2))
def test_nothing_of_another_tenant_is_in_the_report_of_one(
    folder: Path, tenant: Embedded, capsys: pytest.CaptureFixture[str], number: int
) -> None:
    """Names, ids, titles, tags, paths and a lock file that was left, in every format; its own is there."""
    random = Random(number)

    def word() -> str:
        return "".join(random.choices("bcdfghjklmnpqrstvwxz", k=random.randint(9, 30)))

    names, titles, gone = {each: word() for each in IDS}, {each: word() for each in IDS}, word()
    fleet = FLEET.replace("[eu]", f"[{(tag := word())}]")
    texts = {**FILES, f"myapp/locks/customer/{gone}.lock.yaml": f"tenantId: {seed.MICROSOFT}\n"}
    for each, name in names.items():
        fleet = fleet.replace(f"  {each}:", f"  {name}:")
        texts.pop(f"tenants/{each}.yaml")
        said = f"variables: {{ title: {titles[each]}, region: westeurope }}"
        texts[f"tenants/{name}.yaml"] = f"tenants: {{ {name}: {{ {said} }} }}\n"
    write(folder, {**texts, "fleet.yaml": fleet})
    command = Fleet(tenant, capsys)
    for each, name in names.items():
        words = ("fleet", "run", f"{name}/myapp", "--do", "plan", "--results", "results", "--run", "one")
        assert command(*words, session=command.session(each)).code == 0
    for each, other in (("contoso", "fabrikam"), ("fabrikam", "contoso")):
        never = [names[other], titles[other], IDS[other], gone, seed.MICROSOFT]
        never += [tag, "platform"] if each == "fabrikam" else []
        for form in ("text", "json", "markdown", "html", "sarif"):
            words = ("fleet", "report", "results", "--tenant", names[each], "--names", "--format", form)
            out = command(*words).out
            assert f"{names[each]}/myapp" in out
            assert not [one for one in never if one.casefold() in out.casefold()], form
