"""One report in its five formats in; what any of them leaves out, adds, or tells in another order, out."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

SIGNS = {"+": "added", "~": "changed", "-": "removed"}
EVENTS = {"deleted": "removed"} | dict.fromkeys(("renamed", "identified", "refuses", "withholds"), "changed")
ORDER = ("high", "medium", "low")
# By what somebody can do more, or by what more people can; written without the engine's own tables. A
# redirect URI is high or medium by its host, which no rule names.
RISK = {
    "high": (
        r"owner.*-added|secret-added|certificate-added|federated-credential-added|foreign-.*-added|consent-added|"
        r"admin-consent-added|assignment-added|authorized-client-added|entry-of-scopes-added|subject-changed|issuer-changed|"
        r"application-removed|enterprise-application-removed|ownership-tags-changed"
    ),
    "medium": (
        r"sign-in-audience-changed|web-implicit-grant-.*|app-role-assignment-required-changed|"
        r"identifier-uri-added|(?!tag-).*-removed|(user|group|application)-deleted|cannot-be-identified|plan-.*"
    ),
    "low": r"display-name-changed|notes-changed|web-home-page-url-changed|tag-.*",
}

Reported = list[tuple[str, str]]


def problems(formats: Mapping[str, str]) -> Iterator[str]:
    """Yield what is not the same in all five, or not in the order of risk."""
    document = json.loads(formats["json"])
    findings = [(each["sign"], each["sentence"]) for each in document["findings"]]
    warnings = list(document["warnings"])
    for name, read in (("text", _text), ("markdown", _markdown), ("html", _html), ("sarif", _sarif)):
        reported, warned = read(formats[name])
        if reported != findings:
            yield f"{name} tells other findings, or in another order: {_first(reported, findings)}"
        if warned != warnings:
            yield f"{name} tells other warnings: {_first(warned, warnings)}"
    ranks = [ORDER.index(each["risk"]) for each in document["findings"]]
    if ranks != sorted(ranks):
        yield f"not highest risk first: {ranks}"
    for each in document["findings"]:
        expected = next(
            (name for name, rules in RISK.items() if re.fullmatch(rules, each["rule"])), each["risk"]
        )
        if each["risk"] != expected:
            yield f"{each['sentence']} is told as {each['gravity']}"


def _text(written: str) -> tuple[Reported, list[str]]:
    findings = [
        (SIGNS[found[1]], found[2].rstrip())
        for line in written.splitlines()
        if (found := re.match(r"  ([+~-]) (.*?)(?:\s{2,}\S+:\d+(?::\d+)?)?$", line))
    ]
    warnings = [
        re.sub(r"\s{2,}\S+:\d+(:\d+)?$", "", line[9:])
        for line in written.splitlines()
        if line.startswith("Warning: ")
    ]
    return findings, warnings


def _markdown(written: str) -> tuple[Reported, list[str]]:
    rows = [
        re.match(r"\| \S \w+ \| (added|changed|removed) \| (`+) ?(.*?) ?\2 \|", line)
        for line in written.splitlines()
    ]
    warnings = [
        found[2] for line in written.splitlines() if (found := re.match(r"- ⚠️ (`+) ?(.*?) ?\1$", line))
    ]
    return [(row[1], row[3]) for row in rows if row], warnings


def _html(written: str) -> tuple[Reported, list[str]]:
    reported = r'<h3><span[^>]*>[+~−]</span> <span class="unseen">(Added|Changed|Removed): </span>(.*?)</h3>'
    found = re.findall(reported, written)
    listed = re.search(r"<h2>Warnings</h2><ul>(.*?)</ul>", written.replace("\n", ""))
    warnings = re.findall(r"<li>(.*?)</li>", listed[1]) if listed else []
    return [(sign.lower(), html.unescape(sentence)) for sign, sentence in found], [
        html.unescape(each) for each in warnings
    ]


def _sarif(written: str) -> tuple[Reported, list[str]]:
    (run,) = json.loads(written)["runs"]
    findings, warnings = [], []
    for result in run["results"]:
        rule, text = result["ruleId"], result["message"]["text"]
        if rule == "drift-warning":
            warnings.append(text)
        elif rule != "drift-information":
            done = rule.rpartition("-")[2]
            findings.append((EVENTS.get(done, done), re.sub(r" \(by .*$", "", text)))
    return findings, warnings


def _first(reported: Sequence[Any], expected: Sequence[Any]) -> str:
    pairs = [*zip(reported, expected, strict=False), (reported[len(expected) :], expected[len(reported) :])]
    return next((f"{one!r}, not {other!r}" for one, other in pairs if one != other), "")
