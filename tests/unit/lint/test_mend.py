"""Edits that are safe: in place, comments kept, and afterwards the finding is gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.lint.mend import mend
from tests.unit.lint.snippets import HEAD, linted

APP = "applications:\n  app:\n    type: application\n    displayName: App\n"


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (
            "redirect-http",
            "    platforms:\n      web:\n        - http://a.example.com/cb    # the old one\n",
            '    platforms:\n      web:\n        - "https://a.example.com/cb"    # the old one\n',
        ),
        (
            "redirect-http",
            "    platforms: { web: [http://a.example.com/cb, https://a.example.com/cb] }\n",
            "    platforms: { web: [https://a.example.com/cb] }\n",
        ),
        (
            "redirect-spa-as-web",
            (
                "    platforms:\n      web: [https://a.example.com/redirect.html, "
                "https://a.example.com/cb]\n      spa: [https://a.example.com/]\n"
            ),
            '    platforms:\n      web: [https://a.example.com/cb]\n      spa: [https://a.example.com/, "https://a.example.com/redirect.html"]\n',
        ),
        (
            "redirect-spa-as-web",
            "    platforms: { web: [https://a.example.com/redirect.html] }\n",
            '    platforms: { web: [], spa: ["https://a.example.com/redirect.html"] }\n',
        ),
        (
            "redirect-alb-callback",
            "    platforms: { web: [https://a.example.com/oauth2/idpResponse] }\n",
            '    platforms: { web: ["https://a.example.com/oauth2/idpresponse"] }\n',
        ),
        (
            "token-v1",
            "    scopes: { read: Reads. }\n    accessTokenVersion: 1    # older\n",
            "    scopes: { read: Reads. }\n    accessTokenVersion: 2    # older\n",
        ),
    ],
)
def test_a_safe_edit_leaves_the_rest_as_it_is(rule: str, before: str, after: str, tmp_path: Path) -> None:
    """The text is what a person would have written, and the rule has nothing more to say."""
    found = [each for each in linted(HEAD + APP + before, tmp_path).findings if each.rule == rule]
    edit, mended = mend(tmp_path / "entra-config.yaml", found)
    edit.write()

    assert (tmp_path / "entra-config.yaml").read_text(encoding="utf-8") == HEAD + APP + after
    assert mended == found
    assert rule not in {each.rule for each in linted(HEAD + APP + after, tmp_path).findings}


def test_what_a_variable_says_is_left_to_a_person(tmp_path: Path) -> None:
    """The list has the placeholder, and not what it stands for."""
    head = HEAD.replace(" }\n", ", variables: { host: a.example.com } }\n")
    text = f"{head}{APP}    platforms: {{ web: ['http://${{host}}/cb'] }}\n"
    found = [each for each in linted(text, tmp_path).findings if each.fix]
    edit, mended = mend(tmp_path / "entra-config.yaml", found)

    assert [each.rule for each in found] == ["redirect-http"]
    assert (edit.after, mended) == ({}, [])


def test_what_only_an_override_says_is_mended_there(tmp_path: Path) -> None:
    """Where the environment replaces the list."""
    over = "overrides: { applications: { app: { platforms: { web: ['http://b.example.com/cb'] } } } }"
    text = f"{HEAD.replace(' }', f', {over} }}')}{APP}    platforms: {{ web: [https://a.example.com/cb] }}\n"
    found = [each for each in linted(text, tmp_path).findings if each.fix]
    edit, _ = mend(tmp_path / "entra-config.yaml", found)

    assert list(edit.after.values()) == [text.replace("http://b.example.com/cb", "https://b.example.com/cb")]
