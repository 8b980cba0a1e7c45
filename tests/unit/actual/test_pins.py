"""Pinned names of which the tenant says otherwise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entra_config.actual import pins
from entra_config.kinds.directory import Principal, Subject
from entra_config.manifest import loader
from entra_config.manifest.environments.pins import Lock, Pin
from entra_config.manifest.model import Manifest, Named
from entra_config.phrase import without_names

HOME, ABROAD = "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"
ID = "5c1b2f7e-0000-4000-8000-000000000001"
OTHERS = (
    "enterpriseApplications: { hr: HR, payroll: { displayName: Payroll, appId: ABROAD }, graph: "
    "Microsoft Graph }\n"
)


def declared(folder: Path, text: str = "", lock: Lock | None = None) -> Manifest:
    """Load a manifest with these pins."""
    path = folder / "entra-config.yaml"
    (folder / "all.yaml").write_text(text, encoding="utf-8")
    path.write_text(
        f"project: p\nfiles: [{{ path: all.yaml }}]\nenvironments: {{ dev: {{ tenantId: {HOME} }} }}\n"
    )
    return loader.load(path, "dev", pins=lock or Lock())


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    """Return a manifest of nothing."""
    return declared(tmp_path_factory.mktemp("manifests"))


names = st.sampled_from(["HR", "hr", "Payroll", "Pay roll", ""])
organizations = st.sampled_from(["", HOME, ABROAD])


@given(st.tuples(names.filter(bool), names, names.filter(bool)), organizations, organizations)
def test_what_the_lock_file_must_say(
    empty: Manifest, called: tuple[str, str, str], org: str, said_org: str
) -> None:
    """Nothing is said where entry and tenant agree; all is said by the lock file only if it has the name
    and the organization.
    """
    name, was, now = called
    found = pins.difference(
        empty, Named(name, ID, None, was, said_org), Principal(ID, now, "servicePrincipal", org)
    )
    renamed, elsewhere = name.lower() != now.lower(), org == ABROAD
    whole = (not renamed or was.lower() == now.lower()) and (not elsewhere or said_org == ABROAD)
    assert (found is None) == (not renamed and whole)
    if found is not None:
        assert found.pinned == whole
        assert f"{name!r} is " in found.difference
        assert (f"is called {now!r} now" in found.difference) == renamed
        assert (f"is of the organization {ABROAD}" in found.difference) == (not whole and elsewhere)


def test_an_id_alone_is_what_it_is(empty: Manifest) -> None:
    """Who writes an id, or finds by name, has said no other name."""
    who = Principal(ID, "Somebody", "user")
    assert pins.difference(empty, Named(ID, ID), who) is None
    assert pins.difference(empty, Named("Anybody"), who) is None


def test_people_are_told_as_people(empty: Manifest) -> None:
    """A comment that names nobody tells two users apart by their ids."""
    found = pins.difference(empty, Named("a@contoso.com", ID), Principal(ID, "b@contoso.com", "user"))
    assert found is not None
    assert found.difference == "'a@contoso.com' is called 'b@contoso.com' now"
    assert (
        without_names(found.difference)
        == f"a user ({ID[:8]}…) is called otherwise now than the entry that pins it"
    )


def test_enterprise_applications(tmp_path: Path) -> None:
    """An id must be of the name and organization that are written; an appId says itself whose it is;
    Microsoft's are known.
    """
    manifest = declared(tmp_path, OTHERS.replace("ABROAD", ABROAD), Lock(service_principals={"HR": Pin(ID)}))

    def subject(key: str, name: str, number: int) -> Subject:
        body = {"id": f"{ID[:-1]}{number}", "displayName": name, "appOwnerOrganizationId": ABROAD}
        return Subject(key, None, body, others=True)

    agreeing = [subject("hr", "HR", 1), subject("payroll", "Payroll", 2), subject("graph", "Graph", 3)]
    found = pins.renamed(manifest, {}, {each.key: each for each in agreeing})
    assert [each.difference for each in found.values()] == [f"'HR' is of the organization {ABROAD}"]
    odd = [subject("hr", "Payroll", 1), subject("payroll", "HR", 2), subject("graph", "Graph", 3)]
    found = pins.renamed(manifest, {}, {each.key: each for each in odd})
    assert [each.difference for each in found.values()] == [
        f"'HR' is called 'Payroll' now and is of the organization {ABROAD}",
        "'Payroll' is called 'HR' now",
    ]


@pytest.mark.parametrize(
    ("first", "second", "reported", "fine"),
    [
        (Named("Pay", ID, None, "HR"), Named("Payroll", ID), "Payroll", False),
        (Named("Payroll", ID), Named("Pay", ID, None, "HR"), "Payroll", False),
        (Named("Pay", ID, None, "HR"), Named("Payroll", ID, None, "HR"), "Pay", True),
        (Named("HR", ID), Named("Payroll", ID, None, "HR"), "Payroll", True),  # the first agrees
        (Named("Pay", ID), Named("Payroll", ID), "Pay", False),
    ],
)
def test_what_is_fine_under_one_entry_alone_is_not(
    empty: Manifest, first: Named, second: Named, reported: str, fine: bool
) -> None:
    """Whichever of the two stands first; of two alike the first is told."""
    own = replace(empty, deployers=(first, second))
    principals = {("servicePrincipal", ID): Principal(ID, "HR", "servicePrincipal")}
    (found,) = pins.renamed(own, principals, {}).values()
    assert found.pinned is fine
    assert f"{reported!r} is called" in found.difference
