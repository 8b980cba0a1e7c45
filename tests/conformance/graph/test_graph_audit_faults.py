"""Audit records that come late, apart, twice, or without their values."""

import pytest

from tests.conformance.graph.audit_records import properties, records
from tests.conformance.graph_client import Graph

fact = pytest.mark.fact


@fact("arrival takes minutes", source="", grade="S", verdict="uncertain")
def test_delay(emulated: Graph) -> None:
    """With a delay a record is not there at once."""
    emulated.send("PUT", "/_emulator/faults", {"audit_delay": 900})
    app = emulated.application()
    assert records(emulated, app["id"]) == []
    emulated.send("POST", "/_emulator/clock", {"advance": 901})
    assert records(emulated, app["id"])


@fact("late and out-of-order arrival", source="G2O, ITM", grade="C")
def test_each_record_has_a_delay_of_its_own(emulated: Graph) -> None:
    """Records of one call arrive one after another, whatever their order, and all are there in the end."""
    emulated.send("PUT", "/_emulator/faults", {"audit_spread": 1800})
    app = emulated.application()
    emulated.principal(app)
    for number in range(8):
        emulated.patch(f"/applications/{app['id']}", {"notes": f"{number}"})
    counts = [len(records(emulated, app["id"]))]
    for _ in range(6):
        emulated.send("POST", "/_emulator/clock", {"advance": 300})
        counts.append(len(records(emulated, app["id"])))
    assert counts == sorted(counts)
    assert len(set(counts)) > 4
    assert counts[-1] == 10


@fact("logged without the value", source="azure-docs#20199, #48560, UAL21", grade="R")
def test_stubs(emulated: Graph) -> None:
    """An update may leave a record that names what it updated, or not even that; never its values."""
    app = emulated.application()
    emulated.send("PUT", "/_emulator/faults", {"audit_stub_rate": 1})
    for number in range(12):
        emulated.patch(f"/applications/{app['id']}", {"notes": f"{number}"})
    found = [
        properties(each)
        for each in records(emulated, app["id"])
        if each["activityDisplayName"] == "Update application"
    ]
    assert {tuple(each) for each in found} == {("Included Updated Properties",)}
    assert {each["Included Updated Properties"][1] for each in found} == {'""', '"Notes"'}
    principal = emulated.principal(app)
    emulated.patch(f"/servicePrincipals/{principal['id']}", {"notes": "n"})
    names = list(properties(records(emulated, principal["id"])[-1]))
    assert names == ["Included Updated Properties", "TargetId.ServicePrincipalNames"]


@fact("siblings lie apart, and some changes are written twice", source="UAL21, ITM", grade="C")
def test_apart_and_twice(emulated: Graph) -> None:
    """Records of one call have times of their own, within seconds; a second copy has an id of its own."""
    app = emulated.application()
    emulated.principal(app)
    emulated.send("PUT", "/_emulator/faults", {"audit_apart": 4, "audit_repeat_rate": 1})
    emulated.patch(f"/applications/{app['id']}", {"notes": "x"})
    (call,) = {each["correlationId"] for each in records(emulated, app["id"])[-2:]}
    siblings = [each for each in records(emulated) if each["correlationId"] == call]
    assert len({each["id"] for each in siblings}) == 4
    assert len({each["activityDateTime"] for each in siblings}) > 1
    times = [each["activityDateTime"][:19] for each in records(emulated)]
    assert times == sorted(times)
