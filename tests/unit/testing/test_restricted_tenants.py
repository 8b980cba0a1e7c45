"""Access tests of an application that only some tenants may use, with a logo, whose people sign in elsewhere:
the tests are of its own tenant, and its own people get what they got.
"""

from __future__ import annotations

from pathlib import Path

from tests.unit.testing.conftest import MANIFEST, RunTests

MORE = """\
    signInAudience: AzureADMultipleOrgs
    signInAudienceRestrictions: { allowedTenants: [818ce016-78c2-457c-91d7-c02c2faaa5fe] }
    logo: logo.png
"""
TEST = """\
people: { alice@contoso.com: { memberOf: [Clerks] } }
tests:
- it: lets its own people in
  as: alice@contoso.com
  client: page
  asks: [api/read]
  expect: { token: { aud: api, scp: read, roles: [Clerk] } }
- it: takes a robot's own token
  client: robot
  workload: { issuer: https://ci.example.com, subject: main }
  asks: [api/.default]
  expect: { token: { roles: [Robot] } }
"""


def test_its_own_people_get_the_same_tokens(folder: Path, run_tests: RunTests) -> None:
    """The home tenant is always allowed; restrictions of beta and a picture are applied in a test too."""
    (folder / "manifests/logo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    text = MANIFEST.replace("    displayName: Shop API\n", f"    displayName: Shop API\n{MORE}", 1)
    assert text != MANIFEST
    text = text.replace("111111 }", "111111, authority: https://contoso.ciamlogin.com }", 1)
    (folder / "manifests/entra-config.yaml").write_text(text)
    assert [result.failures for result in run_tests(TEST).results] == [(), ()]
