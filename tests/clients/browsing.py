"""What a person does in a browser, done over HTTP: choose a user, consent, enter a device code."""

import html
import re
import ssl
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx


def follow_sign_in(url: str, user: str, trust: ssl.SSLContext) -> dict[str, str]:
    """Open an authorization URL, sign in, accept, and return the parameters of the redirect."""
    with httpx.Client(verify=trust) as browser:
        response = browser.get(url)
        while response.status_code == 200:
            response = _submit(browser, response, user)
        assert response.status_code == 302, response.text
        parts = urlsplit(response.headers["location"])
        return dict(parse_qsl(parts.query or parts.fragment))


def enter_device_code(uri: str, code: str, user: str, trust: ssl.SSLContext) -> str:
    """Enter a device code, confirm as a user, and return the last page."""
    with httpx.Client(verify=trust) as browser:
        page = browser.post(uri, data={"user_code": code})
        option = re.search(rf'<option value="([^"]+)">[^<]*\({re.escape(user)}\)', page.text)
        assert option, page.text
        return browser.post(uri, data={"user_code": code, "user": option[1], "decision": "continue"}).text


def _submit(browser: httpx.Client, page: httpx.Response, user: str) -> httpx.Response:
    fields = {
        name: html.unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', page.text)
    }
    wanted = {"flow": fields["flow"]}
    if "<h1>Sign in</h1>" in page.text:
        wanted["username"] = user
    else:
        assert "<h1>Permissions requested</h1>" in page.text, page.text
        wanted |= {"user": fields["user"], "decision": "accept"}
    action = re.search(r'<form method="post" action="([^"]+)"', page.text)
    assert action
    return browser.post(urljoin(str(page.url), action[1]), data=wanted)
