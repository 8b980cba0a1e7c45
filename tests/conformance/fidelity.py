"""Write docs/fidelity/ from the markers of the conformance tests: `python -m tests.conformance.fidelity`."""

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.conformance import sources
from tests.conformance.documented.outcomes import NOT_BUILT as EXAMPLES_NOT_BUILT
from tests.conformance.documented.outcomes import NOT_RESPONDED, OTHER_STATUS
from tests.conformance.documented.requests import examples

FOLDER = Path(__file__).parents[2] / "docs" / "fidelity"
HERE = Path(__file__).parent
HEAD = """# How faithful the emulator is

<!-- Made by `python -m tests.conformance.fidelity` from the conformance tests; a test compares it. -->

Each row is one documented behaviour of Microsoft Graph, Entra sign-in or the audit log. *Same*: a test \
shows that the emulator
does it. *Uncertain*: the sources disagree or say nothing; the test shows what the emulator chose. \
*Differs*: it does something
else, and why. *Documented, not recorded*: the documentation says that Graph does it, no answer of Graph \
was seen. *Not
built*: no test, because there is nothing to test.

Grades say how the behaviour is known: **R** seen in recorded traffic or a quoted answer, **D** Microsoft's \
documentation or
schema, **C** code of a program that runs against the real service, **S** by analogy, or second \
hand. Each source \
is a link; words
beside it say what it leaves open. Where there is no link, nothing that a reader could open says it, and the \
fact is *uncertain*.

*Documented*: a page of Microsoft, its schema or a standard says it. *Recorded*: the month of the newest \
real answer that shows it;
*undated* if the answer has no date, *documented only* or *never seen* if there is none. *old* marks an \
answer that is more than
24 months older than the newest one of the recorded answers ({newest}).

AZ-… are azure-cli's recorded test sessions, TF the Terraform azuread provider, PNP \
cli-microsoft365, NAIS the \
azurerator operator,
CSDL, BICEP and PERM Microsoft's schema, types and permission table, ED its documentation of \
sign-in; UAL21, SPL, \
SEK, G2O and others
are published captures of audit logs, EMU-FIX of sign-in.
"""
_COLUMNS = "| fact | documented | recorded | grade | source | emulator | test |"
_NOT_BUILT_COLUMNS = ("| fact | source | why |", "|---|---|---|")
_YEARS_UNTIL_OLD = 2
# The pages of facts: the title, and which files of tests of Graph belong to it; all others to "requests".
PAGES = {
    "requests": ("Requests and responses of Graph", r"envelope|queries|batch"),
    "applications": (
        "Applications and their credentials",
        r"application_values|applications|audience|certificate|credential|identifier|logos|names|owners|secrets",
    ),
    "principals": (
        "Service principals, roles, consents and permissions",
        r"access|grants|identity|permissions_of|principals|role_assignments",
    ),
    "directory": (
        "Users, groups, devices and the directory",
        r"deleted|devices|directory|groups|licence|managers|organization|references|relationships|users|user_",
    ),
    "policies": ("Policies of the tenant", r"policies|policy|choices"),
    "audit-log": ("The audit log", r"audit|records"),
    "sign-in": ("Sign-in", "login"),
}
_TITLES = {name: title for name, (title, _) in PAGES.items()} | {
    "not-built": "What is known and not built",
    "examples": "Microsoft's own examples",
}
DOCUMENTED = """\
{all} documented requests of {pages} pages of Graph's reference are sent by `documented/test_documented.py`; \
their table is
[`documented/examples.csv`](../../tests/conformance/documented/examples.csv): page, method, path, \
status, and the names of the properties that the page's \
answer shows (of its
first item too, where it is a list).

{same} answers have the same status and all of the names. {other} are otherwise: {statuses} where the page \
says one status
and shows another in its example, {names} where a name that the page shows comes on $select, from another \
path or from nowhere
(`test_not_answered` asks for each). None is wrong. {left} are not built, all in whole resources. \
The table has \
the pages of which an
example is otherwise or not built; of all others each example is the same.
"""
# What is known and not built: (fact, source, why).
NOT_BUILT = (
    ("application templates", "CSDL", "the gallery is Microsoft's; 501 NotImplemented says so"),
    (
        "what claims-mapping, token issuance and token lifetime policies make of tokens",
        "claimsmappingpolicy, tokenissuancepolicy, tokenlifetimepolicy documentation",
        "kept, shown and given; tokens have the default policies' shape, optional claims and no mapped ones",
    ),
    (
        "home realm discovery at sign-in",
        "homerealmdiscoverypolicy documentation",
        (
            "there is one realm, and nobody signs in by mail address (AlternateIdLogin): the policies "
            "decide nothing"
        ),
    ),
    (
        "changing the adminConsentRequestPolicy",
        "CSDL",
        "read only: chosen by the tenant's choice `usersMayAskForConsent`; a write is 501",
    ),
    (
        "recommendations but for credentials that end soon, and changing them",
        "recommendation resource documentation",
        "Microsoft makes them of what nobody else sees",
    ),
    ("token-signing certificates", "CSDL", "501; there is no SAML"),
    (
        "changes of directory roles, eligible ones, custom roles, `/directoryRoles`",
        "CSDL",
        "501; who holds which is set at the start",
    ),
    (
        "directory roles and administrative units in memberOf",
        "CSDL, azure-cli recordings",
        "only groups are listed; a cast to them is 501",
    ),
    ("invitations, conditional access, provisioning", "CSDL", "501"),
    (
        "a device's extensionAttributes, and its licences",
        "device-update documentation",
        "no property of the schema; refused",
    ),
    ("verified publishers", "CSDL", "501; there is no partner centre to ask"),
    (
        "schema extensions of the organization, and of what has a mailbox; open extensions",
        "extensibility-overview documentation",
        "kept for users, groups and applications; elsewhere the property or the path is refused",
    ),
    (
        "Error_MsaAppDoesNotExist after creating a personal-account application",
        "azuread#1764",
        "personal accounts are no target",
    ),
    (
        "60 writes a minute on personal-account applications",
        "throttling-limits documentation",
        "quotas count all writes alike",
    ),
    (
        "prompt=admin_consent of the v1 endpoint",
        "v1 protocol documentation",
        "/adminconsent is built; as a prompt it is refused at both endpoints",
    ),
    (
        "x-ms-throttle-limit-percentage",
        "throttling documentation",
        "only Retry-After and the reason are sent",
    ),
    (
        "limits of personal-account applications (40 characters, 30 per resource)",
        "supported-accounts documentation",
        "as above",
    ),
    (
        "app management policies: exemptions of callers by custom security attributes",
        "configure-app-management-policies documentation",
        "kept and shown; there are no custom security attributes, so no caller is exempt",
    ),
    (
        "app management policies: symmetric keys, passwords that a caller chooses",
        "CSDL",
        "kept and shown; neither can be added here, whatever the policy says",
    ),
    (
        "certificateBasedApplicationConfigurations",
        "CSDL of the beta endpoint",
        "which authorities are trusted is not kept; a policy names them by id",
    ),
    ("1,500 assignments per principal", "limits documentation", "no limit is enforced"),
    (
        "Directory_QuotaExceeded for objects of a user",
        "AAD Graph documentation",
        "only the tenant's own quota is enforced",
    ),
    (
        "managed identities as issuers of federated credentials",
        "bicep quickstart",
        "tokens of a real one are verified by keys that `--issuer-keys` gives; those made here issue none",
    ),
    ("groups in administrative units lag up to twelve minutes", "TF", "there are no administrative units"),
    ("deletion-marked assignment records", "ACT", "named in a list only, shape never seen"),
    ("failed operations in the log", "UAL21, SPL", "requests that are refused here leave no record"),
    (
        "full metadata (`Accept: application/json;odata.metadata=full`)",
        "OData",
        "the answer has minimal metadata, and says so in its content type",
    ),
    ("@microsoft.graph.tips", "directoryaudit-list documentation", "clients must ignore it; never sent"),
    ("agent identities, managerApplications", "CSDL", "stored on no object"),
    (
        "display names and descriptions of Microsoft Graph's own permissions",
        "PERM",
        "a permission is named and described by its value: the published table that is kept has no words",
    ),
    (
        "passwords of users (ROPC)",
        "ED:v2-oauth-ropc",
        (
            "none is kept; each is wrong (50126), or right by the choice `anyPasswordSignsIn`; no policy "
            "asks for a second factor, so no 50076"
        ),
    ),
    (
        "refresh tokens of a family of Microsoft's own clients (`foci`)",
        "recorded answers",
        "a refresh token is of one client",
    ),
)


@dataclass
class Row:
    """One fact and the tests that show it."""

    part: str
    section: str
    source: str
    grade: str
    verdict: str
    # The month of a recorded answer that shows it, if the source does not say which.
    seen: str = ""
    tests: list[str] = field(default_factory=list)


class _Collected:
    def __init__(self) -> None:
        self.items: list[pytest.Item] = []

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        self.items = list(items)


def write() -> dict[str, str]:
    """Collect the tests and return the text of each page by its name."""
    collected = _Collected()
    arguments = ["--collect-only", "-qq", "-p", "no:cacheprovider", "--no-header", str(HERE)]
    code = pytest.main(arguments, plugins=[collected])
    if code != pytest.ExitCode.OK:
        message = f"the conformance tests cannot be collected (exit code {code})"
        raise RuntimeError(message)
    return render(rows(collected.items))


def rows(items: Iterable[pytest.Item]) -> list[Row]:
    """Gather the facts of the tests, ordered by section."""
    found: dict[tuple[str, str], Row] = {}
    for item in items:
        for marker in item.iter_markers("fact"):
            section = str(marker.args[0])
            options = {name: str(value) for name, value in marker.kwargs.items()}
            part = item.nodeid.removeprefix("tests/conformance/").split("/", 1)[0]
            verdict, seen = options.get("verdict", "same"), options.get("seen", "")
            row = Row(part, section, options["source"], options["grade"], verdict, seen)
            row = found.setdefault((part, section), row)
            test = item.nodeid.split("[", 1)[0].removeprefix("tests/conformance/")
            if test not in row.tests:
                row.tests.append(test)
    return sorted(found.values(), key=lambda row: (row.part, row.section))


def render(found: list[Row]) -> dict[str, str]:
    """Return the text of each page by its name."""
    head = HEAD.replace("{newest}", sources.newest())
    pages = (f"- [{title}]({name}.md)" for name, title in _TITLES.items())
    count = f"{len(found)} facts are shown by tests, {len(NOT_BUILT)} are known and not built."
    texts = {"README": "\n".join((head, count, "\n## Pages\n", *pages))}
    for name in PAGES:
        lines = [_COLUMNS, "|---|---|---|---|---|---|---|"]
        lines += [_fact(row) for row in found if _page(row) == name]
        texts[name] = "\n".join((_head(name), *lines))
    not_built = [
        f"| {_cell(fact)} | {_cell(_source(source))} | {_cell(why)} |" for fact, source, why in NOT_BUILT
    ]
    texts["not-built"] = "\n".join((_head("not-built"), *_NOT_BUILT_COLUMNS, *not_built))
    texts["examples"] = "\n".join((_head("examples"), *_documented()))
    return {name: f"{text}\n" for name, text in texts.items()}


def _head(name: str) -> str:
    title = f"{_TITLES[name][:1].lower()}{_TITLES[name][1:]}"
    return f"# Fidelity: {title}\n\n[How to read this table](README.md).\n"


def _page(row: Row) -> str:
    """Return the page of a fact, by the file of its first test."""
    file = row.tests[0].partition("::")[0].rpartition("/")[2]
    if row.part == "login":
        return "sign-in"
    return next((name for name, (_, words) in PAGES.items() if re.search(words, file)), "requests")


def _fact(row: Row) -> str:
    tests = "<br>".join(f"`{test}`" for test in row.tests)
    return (
        f"| {_cell(row.section)} | {'yes' if _is_documented(row) else 'no'} | "
        f"{_recorded(row)} | {row.grade} | {_cell(_source(row.source))} | "
        f"{_cell(row.verdict)} | {tests} |"
    )


def _is_documented(row: Row) -> bool:
    return row.grade == "D" or sources.is_documented(row.source)


def _recorded(row: Row) -> str:
    """Write when a real answer showed a fact last."""
    month = max(row.seen, sources.last_seen(row.source))
    if month:
        newest = sources.newest()
        oldest = f"{int(newest[:4]) - _YEARS_UNTIL_OLD}{newest[4:]}"
        return f"{month}, old" if month < oldest else month
    if row.grade == "R":
        return "undated"
    return "documented only" if _is_documented(row) else "never seen"


def _documented() -> list[str]:
    """Write the table of Microsoft's own examples, by page."""
    otherwise = {name: f"{status} instead: {why}" for name, (status, why) in OTHER_STATUS.items()}
    otherwise |= {name: absent.why for name, absent in NOT_RESPONDED.items()}
    found = examples()
    same = [each for each in found if each.name not in EXAMPLES_NOT_BUILT and each.name not in otherwise]
    lines = [
        DOCUMENTED.format(
            all=len(found),
            pages=len({each.page for each in found}),
            same=len(same),
            other=len(otherwise),
            statuses=len(OTHER_STATUS),
            names=len(NOT_RESPONDED),
            left=len(EXAMPLES_NOT_BUILT),
        ),
        "| page | examples | same | otherwise | not built |",
        "|---|---|---|---|---|",
    ]
    for page in sorted({each.page for each in found}):
        names = [each.name for each in found if each.page == page]
        reported = [f"{name.rpartition('-')[2]}: {otherwise[name]}" for name in names if name in otherwise]
        left = sorted({EXAMPLES_NOT_BUILT[name] for name in names if name in EXAMPLES_NOT_BUILT})
        if not reported and not left:
            continue
        alike = len(names) - len(reported) - sum(name in EXAMPLES_NOT_BUILT for name in names)
        lines.append(
            f"| {page} | {len(names)} | {alike} | {_cell('; '.join(reported))} | {_cell('; '.join(left))} |"
        )
    return lines


def _source(source: str) -> str:
    return ", ".join(each.markdown for each in sources.cite(source)) or "none"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    import contextlib

    with contextlib.redirect_stdout(sys.stderr):
        texts = write()
    for name, text in texts.items():
        (FOLDER / f"{name}.md").write_text(text, encoding="utf-8")
