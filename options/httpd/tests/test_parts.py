"""What httpd is told, as files: nothing unverified, no header believed that is not taken away first."""

import re
from pathlib import Path

import pytest

from api.auth.proxy import CLAIMS

HERE = Path(__file__).parents[1]
FILES = ("common.conf", "web.conf", "api.conf")


def lines(name: str) -> list[str]:
    """Return the directives of a file, with continued lines as one."""
    text = (HERE / name).read_text(encoding="utf-8").replace("\\\n", " ")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def verification_that_is_off(text: str) -> list[str]:
    """Return what would take the word of whoever answers."""
    off = r"ssl_verify=false|ValidateServer\s+Off|SSLProxyVerify\s+(none|optional)|CheckPeer\w+\s+off"
    return [found[0] for found in re.finditer(off, text, re.IGNORECASE)]


@pytest.mark.parametrize("name", FILES)
def test_tls_is_verified_by_the_systems_store(name: str) -> None:
    """For Entra's keys and tokens and for the API behind; nothing names another store."""
    text = "\n".join(lines(name))
    assert verification_that_is_off(text) == []
    assert set(re.findall(r"/etc/ssl\S+", text)) <= {"/etc/ssl/certs/ca-certificates.crt"}
    expected = {
        "common.conf": ("SSLProxyVerify require", "SSLProxyCheckPeerName On", "SSLProxyCheckPeerExpire On"),
        "web.conf": ("OIDCSSLValidateServer On",),
        "api.conf": ("jwks_uri.ssl_verify=true",),
    }
    assert all(each in text for each in expected[name])


@pytest.mark.parametrize(
    "shipped",
    [
        "OAuth2TokenVerify jwks_uri https://x jwks_uri.ssl_verify=false",
        "OIDCSSLValidateServer Off",
        "SSLProxyVerify none",
        "SSLProxyCheckPeerName off",
    ],
)
def test_verification_that_is_off_is_seen(shipped: str) -> None:
    """Each way to switch it off fails the test above."""
    assert verification_that_is_off(shipped)


def test_each_header_that_the_api_believes_is_taken_away_first_and_set_of_the_token_alone() -> None:
    """One list, of the API's reader, in three places; early: before any path is looked at."""
    common = "\n".join(lines("common.conf"))
    unset = re.findall(r"^RequestHeader unset (X-Auth-\S+) early$", common, re.MULTILINE)
    assert unset == list(CLAIMS)
    wanted = []
    for header, (claim, form) in CLAIMS.items():
        known = f"OIDC_CLAIM_{claim}"
        value = f"expr=%{{base64:%{{reqenv:{known}}}}}" if form == "words" else f"%{{{known}}}e"
        wanted.append(f'RequestHeader set {header} "{value}" env={known}')
    assert [line for line in lines("api.conf") if line.startswith("RequestHeader set")] == wanted
    assert not [line for line in lines("web.conf") if "X-Auth" in line]


def test_each_location_that_asks_for_a_token_asks_whose_it_is() -> None:
    """A `Location` has nothing of the one around it: whoever has an `AuthType` has all of its lines."""
    api, web = "\n".join(lines("api.conf")), "\n".join(lines("web.conf"))
    verified = api.partition("<Macro verified>")[2].partition("</Macro>")[0]
    for claim in ("aud:${API_CLIENT_ID}", "iss:${ISSUER}", "tid:${TENANT_ID}", "ver:2.0"):
        assert f"Require oauth2_claim {claim}" in verified
    assert "AuthzSendForbiddenOnFailure On" in verified
    assert re.findall(r"^AuthType (?!None)(\S+)", api, re.MULTILINE) == ["oauth2"]
    signed_in = web.partition("<Macro signed-in>")[2].partition("</Macro>")[0]
    for claim in ("aud:${CLIENT_ID}", "iss:${ISSUER}", "tid:${TENANT_ID}"):
        assert f"Require claim {claim}" in signed_in
    assert (
        "AuthzSendForbiddenOnFailure On"
        in web.partition("<Macro of-the-session>")[2].partition("</Macro>")[0]
    )
    places = dict(re.findall(r'<Location "([^"]+)">\n(.*?)</Location>', web, re.DOTALL))
    assert {place for place, body in places.items() if "Use signed-in" in body} == {
        "/auth/sign-out",
        "/auth/renew",
        "/api/",
    }
    assert {place for place, body in places.items() if "granted" in body} == {"/", "/problems"}


def test_no_secret_stands_in_a_file_and_no_log_has_a_query() -> None:
    """Secrets are read by a command, of files that start.sh makes for the process alone."""
    text = "\n".join(line for name in FILES for line in lines(name))
    for directive in ("OIDCClientSecret", "OIDCCryptoPassphrase"):
        given = re.findall(rf"^{directive} (.*)$", text, re.MULTILINE)
        assert given
        assert all(re.fullmatch(r'("exec:/bin/cat \$\{RUN\}/[a-z-]+" ?)+', each) for each in given)
    (form,) = re.findall(r'^LogFormat "(.*)" path$', text, re.MULTILINE)
    assert not re.search(r"%[<>]?[rq]|\{", form)
    start = (HERE / "start.sh").read_text(encoding="utf-8")
    assert "umask 077" in start
    assert "\nunset SESSION_KEYS SESSION_KEY SESSION_KEY_PREVIOUS CLIENT_CERTIFICATE CLIENT_SECRET" in start


def test_a_session_ends() -> None:
    """After half an hour without a request, and after eight hours anyway, as that of option C."""
    text = lines("web.conf")
    assert {"OIDCSessionInactivityTimeout 1800", "OIDCSessionMaxDuration 28800"} <= set(text)
    assert "OIDCSessionType client-cookie:store_id_token" in text


def test_the_page_of_options_names_each_secret() -> None:
    """What start.sh asks for and nobody may see."""
    page = (HERE.parents[1] / "docs" / "options.md").read_text(encoding="utf-8")
    row = next(line for line in page.partition("## Secrets")[2].splitlines() if line.startswith("| E |"))
    start = (HERE / "start.sh").read_text(encoding="utf-8")
    requested = set(re.findall(r"^unset ((?:[A-Z_]+ ?)+)$", start, re.MULTILINE)[0].split())
    requested -= {
        "SETTINGS_CONF",
        "SESSION_KEY",
        "SESSION_KEY_PREVIOUS",
    }  # the two of which SESSION_KEYS is made
    assert requested == {"SESSION_KEYS", "CLIENT_CERTIFICATE", "CLIENT_SECRET"}
    assert all(f"`{name}`" in row for name in requested)


def test_the_image_runs_without_rights() -> None:
    """The last user is not root, the three packages are Debian's, and tests stay out."""
    recipe = (HERE / "Dockerfile").read_text(encoding="utf-8")
    assert recipe.index("\nUSER 10001\n") < recipe.index("\nENTRYPOINT [")
    assert "HEALTHCHECK" in recipe
    for package in ("apache2", "libapache2-mod-auth-openidc", "libapache2-mod-oauth2"):
        assert f" {package}" in recipe
    ignored = (HERE / "Dockerfile.dockerignore").read_text(encoding="utf-8").split()
    copied = re.findall(r"options/httpd/(\S+)", recipe.partition("COPY ")[2].partition("\n\n")[0])
    assert ignored[0] == "*"
    assert {f"!options/httpd/{name.rstrip('/')}" for name in copied if name != "Dockerfile"} <= set(ignored)
