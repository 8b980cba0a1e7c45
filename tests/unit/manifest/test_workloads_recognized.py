"""Issuer and subject are recognized as the words that make them, and no others."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entra_config.manifest.fields.pipeline_workloads import GITHUB
from entra_config.manifest.fields.workload import Words, WorkloadForm
from entra_config.manifest.fields.workloads import FORMS, recognized
from tests.unit.manifest.workload_forms import ISSUER, MADE, TENANT, read


@pytest.mark.parametrize(("node", "issuer", "subject"), MADE)
def test_issuer_and_subject_are_recognized(node: dict[str, Any], issuer: str, subject: str) -> None:
    """What import writes is what somebody would have written by hand."""
    ((key, words),) = node.items()
    found = recognized(issuer, subject)
    assert found is not None
    assert found[0] == key
    assert {"tenantId": TENANT, **found[1]} == {"tenantId": TENANT, **words}


WORD = {
    "repository": st.from_regex(
        r"[a-zA-Z0-9._-]{1,9}/[a-zA-Z0-9._-]{1,9}|[a-z]{1,3}@[0-9]{1,3}/[a-z]{1,3}@[0-9]{1,3}", fullmatch=True
    ),
    "environment": st.from_regex(
        r"[^\s*?%\x00-\x1f\x7f-\x9f](:?[^\s*?%\x00-\x1f\x7f-\x9f]){0,9}", fullmatch=True
    ),
    "branch": st.from_regex(r"[a-z0-9/._-]{1,12}", fullmatch=True),
    "tag": st.from_regex(r"[a-z0-9/._+-]{1,12}", fullmatch=True),
    "role": st.from_regex(
        r"arn:aws:iam::[0-9]{12}:role/([a-z]{1,4}/)?[A-Za-z0-9_+=,.@-]{1,12}", fullmatch=True
    ),
    "objectId": st.uuids().map(str),
    "tenantId": st.uuids().map(str),
    "organizationId": st.uuids().map(str),
    "host": st.sampled_from(["git.example.com", "app.example.com:8443"]),
    "project": st.from_regex(r"[a-z]{1,5}/[a-z]{1,5}", fullmatch=True),
    "runPhase": st.sampled_from(["plan", "apply"]),
    "workflow": st.just("o/r/.github/workflows/x.yml@refs/tags/v1"),
    "enterprise": st.from_regex(r"[a-z-]{1,9}", fullmatch=True),
    "issuer": st.just(ISSUER),
}
NAME = st.from_regex(r"[a-z][a-z0-9-]{0,9}[a-z0-9]", fullmatch=True)


@st.composite
def named(draw: st.DrawFn) -> tuple[WorkloadForm, Words]:
    """Draw a workload of any form, with one of its choices and some of what need not be said."""
    form = FORMS[draw(st.sampled_from(sorted(FORMS)))]
    optional = [each.key for each in form.parts if each.absent == ""]
    keys = [
        *form.of_issuer,
        *form.shared,
        *optional,
        *([draw(st.sampled_from(form.choices))] if form.choices else []),
    ]
    flags = {each.flag for each in form.subjects}
    words: dict[str, str | bool] = {}
    for key in keys:
        if key in flags:
            words[key] = True
        elif form.part(key).absent is None or draw(st.booleans()):
            slashes = form.key != "gitlab" and key == "project"
            words[key] = draw(NAME if slashes else WORD.get(key, NAME))
    return form, words


@given(named())
def test_what_is_made_is_recognized_as_itself(drawn: tuple[WorkloadForm, Words]) -> None:
    """Words, issuer and subject, and the same words again: nothing is lost and nothing taken for something else."""
    form, words = drawn
    workload, problems = read({form.key: words})
    assert problems == []
    found = recognized(workload.issuer, workload.subject)
    assert found is not None
    again, problems = read({found[0]: found[1]})
    assert problems == []
    assert (again.issuer, again.subject) == (workload.issuer, workload.subject)
    assert (found[0], found[1]) == (form.key, words)


@given(
    st.sampled_from(
        [*(issuer for _, issuer, _ in MADE), "https://sts.amazonaws.com", f"{GITHUB}/", "https://i.example"]
    ),
    st.sampled_from([subject for _, _, subject in MADE]),
    st.integers(0, 60),
    st.sampled_from(["", ":", "*", "/", "A", "%3A", "%3a", " ", "\n", "@1", "ж"]),
)
def test_whatever_is_recognized_is_made_of_its_words_to_the_letter(
    issuer: str, subject: str, at: int, put: str
) -> None:
    """Mangled subjects too: import never writes words that make another credential."""
    mangled = subject[:at] + put + subject[at:]
    found = recognized(issuer, mangled)
    if found is not None:
        again, problems = read({found[0]: found[1]})
        assert problems == []
        assert (again.issuer, again.subject) == (issuer, mangled)
