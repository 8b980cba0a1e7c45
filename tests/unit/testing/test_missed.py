"""What a failed access test says: the claim, the reason and the line; and names that the manifest lacks."""

from __future__ import annotations

import pytest

from entra_config.testing import places, text
from tests.unit.testing.conftest import MANIFEST, RunTests
from tests.unit.testing.one_test import HEAD, failures, one

GRID = "{ roles: [Clerk, Bos.All], alice@contoso.com: [x, .] }"


def line_of(words: str) -> int:
    """Return the line of the manifest that holds these words."""
    return next(number for number, each in enumerate(MANIFEST.splitlines(), 1) if words in each)


@pytest.mark.parametrize(
    ("test", "reported", "why", "words"),
    [
        (
            one("{ token: { roles: [Boss.All] } }"),
            "roles: expected Boss.All, the token has Clerk",
            (
                "Boss.All of Shop API is assigned neither to alice@contoso.com nor to a group with that "
                "direct member: Clerks."
            ),
            "Boss: { groups",
        ),
        (
            one("{ token: { roles: [Boss.All] } }", who="carol@contoso.com"),
            "roles: expected Boss.All, the token has nothing",
            (
                "carol@contoso.com is in Bosses through Night shift only: what is assigned to a group is "
                "its direct members'."
            ),
            "Boss: { groups",
        ),
        (
            one("{ token: { roles: absent } }", who="bob@contoso.com"),
            "roles: expected nothing, the token has Clerk",
            "Clerk: assigned directly.",
            "Clerk: { groups",
        ),
        (
            one("{ token: { scp: [read, write.all] } }"),
            "scp: expected read, write.all, the token has read",
            "Nobody consented to write.all for Page, and Shop API does not list it as authorized for that.",
            "api: { delegated: [read], adminConsent",
        ),
        (
            one("{ token: { groups: absent } }"),
            "groups: expected nothing, the token has Clerks",
            "groupMembershipClaims of Shop API is SecurityGroup.",
            "groupMembershipClaims",
        ),
        (
            one("{ refused: AADSTS50105 }"),
            "expected AADSTS50105, got a token with roles Clerk, scp read",
            "Clerk: through the group Clerks.",
            "Clerk: { groups",
        ),
        (
            one("{ refused: AADSTS650053 }", asks="api/write"),
            "expected AADSTS650053, got AADSTS65001",
            "Nobody consented to write.all of Shop API for Page.",
            "value: write.all",
        ),
        (
            one("{ refused: AADSTS650053 }"),
            "expected AADSTS650053, got a token with roles Clerk, scp read",
            "read: an administrator consented for everybody.",
            "read: { displayName: Read,",
        ),
        (
            one("{ token: {} }", asks="api/write"),
            "expected a token, got AADSTS65001",
            "Nobody consented to write.all of Shop API for Page.",
            "api: { delegated: [read], adminConsent",
        ),
    ],
)
def test_what_is_missed_has_its_reason_and_its_line(
    test: str, reported: str, why: str, words: str, run_tests: RunTests
) -> None:
    """The claim, the emulator's own reason, and the line of the manifest that decides it."""
    (failure,) = failures(run_tests(test))

    assert text.reported(failure) == reported
    assert any(why in each for each in failure.why), failure.why
    assert places.lines(failure.places)[0] == f"manifests/entra-config.yaml:{line_of(words)}"


@pytest.mark.parametrize(
    ("test", "said"),
    [
        (
            one("{ token: {} }", client="pge"),
            "`client`: `pge` is not an application of the manifest. Did you mean `page`?",
        ),
        (
            one("{ refused: AADSTS700016 }", client="pge"),
            "`client`: `pge` is not an application of the manifest. Did you mean `page`?",
        ),
        (
            one("{ token: {} }", asks="api/raed"),
            "`asks`: `raed` is not a scope of `api`. Did you mean `read`?",
        ),
        (
            one("{ token: {} }", asks="apis/read"),
            "`asks`: `apis` is not an API of the manifest. Did you mean `api`?",
        ),
        (one("{ token: { roles: [Cleric] } }"), "`Cleric` is not a role of `api`. Did you mean `Clerk`?"),
        (one("{ token: {} }", asks="profil"), "`profil` is not an OpenID scope"),
        (one("{ refused: AADSTS65001 }", who="{ memberOf: [Clerk] }"), "Did you mean `Clerks`?"),
        (one("{ token: {} }", client="site", more=", certificate: ci"), "`site` has no certificate `ci`."),
        (
            one("{ token: { role: absent } }"),
            "`role` is not a claim of a token, so it is always absent. Did you mean `roles`?",
        ),
        (
            f"{HEAD}- {{ it: holds, client: page, asks: [api/read], grid: {GRID} }}\n",
            "`Bos.All` is not a role of `api`. Did you mean `Boss.All`?",
        ),
    ],
)
def test_a_name_that_the_manifest_has_not_fails_the_test_whatever_it_expects(
    test: str, said: str, run_tests: RunTests
) -> None:
    """A typing error never passes for a refusal; the rest of the file is run all the same."""
    both = (
        f"{test}- {{ it: runs, as: bob@contoso.com, client: page, asks: [api/read], expect: {{ token: "
        "{} } }\n"
    )
    broken, fine = run_tests(both).results

    assert fine.passes
    assert said in broken.failures[0].why[0]
    assert broken.failures[0].places[0].file == "manifests/tests/a.yaml"
