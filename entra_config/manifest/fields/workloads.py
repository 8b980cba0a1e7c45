"""The workloads that sign in by tokens of their own: what issuers and subjects those have.

They are as the documentation of GitHub, GitLab, HashiCorp, Kubernetes and Azure DevOps on their tokens has
them, and AWS' on outbound identity federation; a managed identity's subject is its object id (Microsoft
Learn, managed identity as a credential). What an expression may ask is Learn's, flexible federated
credentials (2026).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from entra_config.manifest.fields import expression
from entra_config.manifest.fields.pipeline_workloads import (
    AZURE_DEVOPS,
    GITHUB_ACTIONS,
    GITLAB,
    TERRAFORM_CLOUD,
)
from entra_config.manifest.fields.platform_workloads import AWS, KUBERNETES, MANAGED_IDENTITY
from entra_config.manifest.fields.workload import ClaimLanguage, Words, WorkloadForm

FORMS: Mapping[str, WorkloadForm] = {
    form.key: form
    for form in (AWS, GITHUB_ACTIONS, GITLAB, TERRAFORM_CLOUD, AZURE_DEVOPS, KUBERNETES, MANAGED_IDENTITY)
}


def recognized(issuer: str, subject: str) -> tuple[str, Words] | None:
    """Return the form that makes just this issuer and subject, and its words; None where none does."""
    for form in FORMS.values():
        of_issuer = _of_issuer(form, issuer)
        for pattern in form.subjects if of_issuer is not None else ():
            of_subject = form.taken(pattern, subject)
            if of_issuer is not None and of_subject is not None:
                return form.key, {**of_issuer, **of_subject}
    return None


def matching(issuer: str, text: str) -> tuple[str, Words] | None:
    """Return the form that takes an expression on tokens of this issuer, and its words; None where none
    does.
    """
    found, language = expression.clauses(text), language_of(issuer)
    if language is None or not found or any(expression.refused(found, language)):
        return None
    form = next(each for each in FORMS.values() if each.language is language)
    words = _of_issuer(form, issuer)
    return (form.key, {**words, "matches": text}) if words is not None else None


def _of_issuer(form: WorkloadForm, issuer: str) -> Words | None:
    return next((words for each in form.issuers if (words := form.taken(each, issuer)) is not None), None)


def language_of(issuer: str) -> ClaimLanguage | None:
    """Return what Entra matches of the tokens of an issuer; None where it matches none, or where nobody
    knows.
    """
    languages = (form.language for form in FORMS.values() if form.language)
    return next((each for each in languages if re.fullmatch(each.issuers, issuer)), None)
