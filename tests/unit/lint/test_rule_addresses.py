"""What a rule says of an address: of a page, of a callback, of an API's identifier."""

from __future__ import annotations

import pytest

from entra_config.lint.model import Fix, Hit
from entra_config.lint.subject import Placed
from entra_config.manifest.lint_policy import LintPolicy
from entra_config.manifest.model import Manifest
from entra_config.manifest.policy import Policy
from tests.unit.lint.ruling import HERE, app, found, hits, pages
from tests.unit.plan.estates import manifest


def within(*domains: str) -> Manifest:
    """Return a manifest whose policy lists domains."""
    return manifest(policy=Policy(lint=LintPolicy(domains=domains)))


@pytest.mark.parametrize(
    ("uri", "domains", "found_"),
    [
        ("api://name", (), True),
        ("api://00000000-0000-4000-8000-000000000001", (), False),
        ("api://${appId}/x", (), False),
        ("https://a.example.com", (), False),
        ("https://a.example.com", ("example.com",), False),
        ("https://a.example.com", ("other.net", "example.net"), True),
        ("http://a.example.com", (), True),
        ("https://name", (), True),
    ],
)
def test_an_identifier_uri_is_bound_to_an_id_or_a_domain(
    uri: str, domains: tuple[str, ...], found_: bool
) -> None:
    """Hold that a name of the web counts, below the domains that the policy lists."""
    given = app(identifier_uris=(Placed(uri, HERE),))
    assert found("identifier-uri-insecure", given, own=within(*domains)) == ([uri] if found_ else [])


def test_a_page_on_the_platform_of_servers_is_moved() -> None:
    """Hold what is known as a page by its path, its port or its application, and where the edit puts it."""
    uris = (
        "https://a.example.com/redirect",
        "http://localhost:5173/",
        "http://localhost:8080/x",
        "https://b.example.com:5173/",
    )
    to = ("applications", "app", "platforms")

    def moved(uri: str, new: tuple[str, ...]) -> Hit:
        fix = (Fix("remove", (*to, "web"), uri), Fix("add", new, new=uri))
        message = f"`{uri}` looks like a page of the browser, on the platform `web`"
        return Hit(HERE, message, "app", uri, fix=fix)

    given = pages(*uris)
    both = {"redirects": (*given["redirects"], *pages("https://c", platform="spa")["redirects"])}
    short = ("applications", "app", "redirectUris")
    assert hits("redirect-spa-as-web", app(**given)) == [moved(uri, (*to, "spa")) for uri in uris[:2]]
    assert hits("redirect-spa-as-web", app(**both)) == [moved(uri, (*to, "spa")) for uri in uris[:2]]
    assert hits("redirect-spa-as-web", app(type_="spa", **given)) == [moved(uri, short) for uri in uris]


def test_a_callback_of_a_load_balancer() -> None:
    """Hold that one that is nearly it is mended, and that a load balancer's own name without it is not."""
    near, own, right = (
        "https://a.example.com/oauth/idp_resp/",
        "https://x.elb.amazonaws.com/cb",
        "https://a.example.com/oauth2/idpresponse",
    )
    fix = (Fix("replace", ("applications", "app", "platforms", "web"), near, right),)
    says = "is not where a load balancer takes the answer: `/oauth2/idpresponse`"

    assert hits("redirect-alb-callback", app(**pages(near, own, right, "https://a.example.com/cb"))) == [
        Hit(HERE, f"`{near}` {says}", "app", near, fix=fix),
        Hit(HERE, f"`{own}` {says}", "app", own),
    ]


def test_a_host_that_does_not_resolve() -> None:
    """Hold that one which anybody may take is said so, and that what was not looked up is silent."""
    gone, free, there = (
        "https://gone.example.com/",
        "https://x.azurewebsites.net/",
        "https://there.example.com/",
    )
    hosts = {"gone.example.com": False, "x.azurewebsites.net": False, "there.example.com": True}

    assert hits(
        "redirect-dangling", app(**pages(there, gone, "https://unknown.example.com/", free)), hosts=hosts
    ) == [
        Hit(HERE, "`gone.example.com` does not resolve", "app", gone),
        Hit(HERE, "`x.azurewebsites.net` does not resolve, and anybody may take the name", "app", free),
    ]


@pytest.mark.parametrize(
    ("uri", "foreign"),
    [
        ("https://a.example.com/", False),
        ("https://a.other.net/", True),
        ("http://a.other.net/", True),
        ("http://localhost/", False),
        ("msal://a.other.net/", False),
        ("https:///path", False),
    ],
)
def test_a_page_below_none_of_the_domains(uri: str, foreign: bool) -> None:
    """Hold that only addresses of the web count, and that without a list nothing is known."""
    given = app(**pages(uri))
    assert found("redirect-foreign-domain", given, own=within("example.com")) == ([uri] if foreign else [])
    assert found("redirect-foreign-domain", given, own=within()) == []


@pytest.mark.parametrize(
    ("uri", "insecure"),
    [
        ("http://a.example.com/", True),
        ("http://localhost/", False),
        ("https://a.example.com/", False),
        ("x://a/", False),
    ],
)
def test_a_page_without_encryption_is_mended(uri: str, insecure: bool) -> None:
    """Hold that only http beyond the machine itself is one."""
    fix = (Fix("replace", ("applications", "app", "platforms", "web"), uri, f"https{uri[4:]}"),)
    assert [each.fix for each in hits("redirect-http", app(**pages(uri)))] == ([fix] if insecure else [])
