"""What each key of the manifest stands for in the tenant."""

from __future__ import annotations

from entra_config.actual import subjects
from entra_config.actual.fetch import Responses
from entra_config.actual.question import (
    DELETED_PRINCIPALS,
    OUR_APPLICATIONS,
    OUR_PRINCIPALS,
    AllCertificates,
    ApiOfOthers,
    Certificates,
    PrincipalByAppId,
)
from entra_config.identity import Identified
from entra_config.kinds.directory import Subject
from entra_config.manifest.model import EnterpriseApplication
from entra_config.resource import Address
from tests.unit.actual.asked import with_uris

ONE, TWO, THREE = ({"id": f"o{n}", "appId": f"a{n}"} for n in "123")
PRINCIPALS = [{"id": f"p{n}", "appId": f"a{n}"} for n in "123"]


def test_each_key_stands_for_its_application_with_its_service_principal() -> None:
    """Live or deleted alike; applications of others where there is one of that name."""
    responses = Responses()
    responses.add(OUR_PRINCIPALS, PRINCIPALS[:1])
    responses.add(PrincipalByAppId("a2"), PRINCIPALS[1:2])
    responses.add(DELETED_PRINCIPALS, PRINCIPALS[2:])
    responses.add(ApiOfOthers("hr"), [{"id": "p9"}])
    responses.add(ApiOfOthers("two"), [{"id": "p8"}, {"id": "p7"}])
    others = {each: EnterpriseApplication(each) for each in ("none", "two", "hr")}
    found = Identified(
        {"one": ONE, "two": TWO, "three": THREE, "gone": ONE}, deleted=frozenset({"three", "gone"})
    )
    manifest = with_uris(enterprise_applications=others)
    assert subjects.identified(manifest, found, responses) == {
        "one": Subject("one", ONE, PRINCIPALS[0]),
        "two": Subject("two", TWO, PRINCIPALS[1]),
        "three": Subject("three", THREE, PRINCIPALS[2], deleted=True),
        "gone": Subject("gone", ONE, None, deleted=True),
        "hr": Subject("hr", None, {"id": "p9"}, others=True),
    }


def test_only_what_is_beyond_doubt_is_read_early() -> None:
    """What is ours by its marks alone, and others' of which the manifest lists who holds roles."""
    ours = {**ONE, "displayName": "A0", "tags": ["entra-config:owner=myapp/prod", "entra-config:key=a0"]}
    responses = Responses()
    responses.add(OUR_APPLICATIONS, [ours])
    responses.add(OUR_PRINCIPALS, PRINCIPALS)
    for key in ("hr", "unlisted"):
        responses.add(ApiOfOthers(key), [{"id": key}])
    responses.add(ApiOfOthers("two"), [{"id": "1"}, {"id": "2"}])
    others = {each: EnterpriseApplication(each) for each in ("unlisted", "two", "hr")}
    listed = frozenset({"hr", "two", "none"})
    found = subjects.certain(with_uris(None, enterprise_applications=others, listed=listed), responses)
    expected = {"hr": Subject("hr", None, {"id": "hr"}, others=True)}
    assert found == {"a0": Subject("a0", ours, PRINCIPALS[0]), **expected}


def test_certificates_that_were_asked_later_are_added() -> None:
    """To the application that they are of, from a read by key or a list; the read by key is newer."""
    others = {"two": Subject("two", TWO), "none": Subject("none")}
    responses = Responses()
    responses.add(Certificates("o1"), [{"id": "o1", "keyCredentials": [1]}])
    one = Subject("one", {**ONE, "keyCredentials": [1]})
    assert subjects.with_keys({"one": Subject("one", ONE), **others}, responses) == {"one": one, **others}
    listed = [{"id": each["id"], "keyCredentials": [2]} for each in (ONE, TWO)]
    responses.add(AllCertificates("applications"), listed)
    responses.add(AllCertificates("servicePrincipals"), [{"id": "p2", "keyCredentials": [3]}])
    two = Subject("two", {**TWO, "keyCredentials": [2]}, {**PRINCIPALS[1], "keyCredentials": [3]})
    found = {"one": one, **others, "two": Subject("two", TWO, PRINCIPALS[1])}
    assert subjects.with_keys(found, responses) == {**found, "two": two}


def test_what_is_deleted_is_purged_with_its_service_principal() -> None:
    """The service principal first, as it outlives the application."""
    found = {
        "live": Subject("live", ONE, PRINCIPALS[0]),
        "both": Subject("both", TWO, PRINCIPALS[1], deleted=True),
        "alone": Subject("alone", THREE, None, deleted=True),
    }
    assert subjects.purges(found) == {
        Address("application", "both"): ("p2", "o2"),
        Address("application", "alone"): ("o3",),
    }
