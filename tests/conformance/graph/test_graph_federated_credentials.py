"""Federated credentials: their names, limits and upserts, and expressions in the place of a subject."""

from typing import Any

import pytest

from tests.conformance.graph_client import Graph, refused

fact = pytest.mark.fact
FIC = {
    "name": "Testing",
    "issuer": "https://token.actions.githubusercontent.com/",
    "subject": "repo:octo-org/octo-repo:environment:Production",
    "description": "Testing",
    "audiences": ["api://AzureADTokenExchange"],
}


@fact("federated credentials", source="AZ-FIC", grade="R")
@pytest.mark.parametrize("version", ["/v1.0", "/beta"])
def test_federated_credential(graph: Graph, version: str) -> None:
    """Create, read by id and by name, change the subject alone, delete."""
    app = graph.application()
    path = f"{version}/applications/{app['id']}/federatedIdentityCredentials"
    made = graph.post(path, FIC)
    assert made.status_code == 201
    body = {name: value for name, value in made.json().items() if name[0] != "@"}
    # The recording is older than the property.
    assert body.pop("claimsMatchingExpression", None) is None
    assert body == {"id": body["id"], **FIC}
    assert made.json()["@odata.context"].endswith(
        f"#applications('{app['id']}')/federatedIdentityCredentials/$entity"
    )
    for key in (body["id"], "Testing"):
        assert graph.get(f"{path}/{key}").json()["subject"] == FIC["subject"]
    subject = "repo:octo-org@1/octo-repo@2:environment:Staging"
    assert graph.patch(f"{path}/{body['id']}", {"subject": subject}).status_code == 204
    assert graph.get(f"{path}(name='Testing')").json()["subject"] == subject
    assert graph.delete(f"{path}/{body['id']}").status_code == 204
    assert graph.get(path).json()["value"] == []


@fact("federated credential conflicts", source="azure-dev#1482, azure-workload-identity#434", grade="R")
def test_federated_conflicts(graph: Graph) -> None:
    """A name that exists is 409, a pair of issuer and subject that exists is 400."""
    app = graph.application()
    path = f"/applications/{app['id']}/federatedIdentityCredentials"
    graph.post(path, FIC)
    text = "FederatedIdentityCredential with name Testing already exists."
    error = refused(
        graph.post(path, {**FIC, "subject": "other"}), 409, "Request_MultipleObjectsWithSameKeyValue", text
    )
    assert "details" not in error
    code = "InvalidFederatedIdentityCredentialValue"
    text = "The combination of issuer and subject must be unique for the application."
    refused(graph.post(path, {**FIC, "name": "Other"}), 400, code, text)


@fact(
    "limits of federated credentials",
    source="BICEP, workload-identity-federation documentation",
    grade="D",
)
@pytest.mark.parametrize(
    "change",
    [
        {"name": "a b"},
        {"name": "ab"},
        {"audiences": []},
        {"audiences": ["a", "b"]},
        {"subject": "x" * 601},
        {"issuer": ""},
    ],
)
def test_federated_limits(graph: Graph, change: dict[str, Any]) -> None:
    """Names, audiences and lengths have limits."""
    app = graph.application()
    assert (
        graph.post(f"/applications/{app['id']}/federatedIdentityCredentials", {**FIC, **change}).status_code
        == 400
    )


@fact(
    "a dot in a federated credential's name",
    source="BICEP, federatedidentitycredential documentation; they have it not, recorded clients have",
    grade="C",
    verdict="uncertain",
)
def test_federated_name_with_dot(graph: Graph) -> None:
    """A name with a dot is taken, and finds its credential."""
    path = f"/applications/{graph.application()['id']}/federatedIdentityCredentials"
    assert graph.post(path, {**FIC, "name": "repo.main"}).status_code == 201
    assert graph.get(f"{path}/repo.main").json()["name"] == "repo.main"
    assert graph.get(f"{path}(name='repo.main')").status_code == 200
    assert graph.post(path, {**FIC, "name": ".main", "subject": "s"}).status_code == 400


@fact("upsert by name, at most twenty", source="CSDL, BICEP", grade="D")
def test_federated_upsert(graph: Graph) -> None:
    """The name is a key; the twenty-first is refused."""
    app = graph.application()
    path = f"/applications/{app['id']}/federatedIdentityCredentials"
    body = {name: value for name, value in FIC.items() if name != "name"}
    assert graph.patch(f"{path}(name='up')", body).status_code == 404
    assert graph.patch(f"{path}/upsert", body, Prefer="create-if-missing").status_code == 404
    assert graph.patch(f"{path}(name='upsert')", body, Prefer="create-if-missing").status_code == 201
    assert (
        graph.patch(f"{path}(name='upsert')", {"description": "d"}, Prefer="create-if-missing").status_code
        == 204
    )
    for number in range(19):
        assert graph.post(path, {**FIC, "name": f"fic{number}", "subject": str(number)}).status_code == 201
    assert graph.post(path, {**FIC, "name": "fic-last", "subject": "last"}).status_code == 400


FLEXIBLE: dict[str, Any] = {
    "name": "Flexible",
    "issuer": "https://token.actions.githubusercontent.com",
    "claimsMatchingExpression": {
        "value": "claims['sub'] matches 'repo:octo-org/octo-repo:*' and claims['repository_id'] eq '456789'",
        "languageVersion": 1,
    },
    "audiences": ["api://AzureADTokenExchange"],
}


@fact("flexible federated credentials", source="flexible-federated-credentials documentation", grade="D")
def test_flexible(graph: Graph) -> None:
    """Beta takes an expression in the place of a subject, changes it, and puts a subject in its place;
    v1.0 knows none.
    """
    path = f"applications/{graph.application()['id']}/federatedIdentityCredentials"
    refused(
        graph.post(f"/{path}", FLEXIBLE),
        400,
        "Request_BadRequest",
        "Invalid property 'claimsMatchingExpression'.",
    )
    made = graph.post(f"/beta/{path}", FLEXIBLE)
    assert made.status_code == 201, made.text
    assert (made.json()["subject"], made.json()["claimsMatchingExpression"]) == (
        None,
        FLEXIBLE["claimsMatchingExpression"],
    )
    seen = graph.get(f"/{path}/Flexible").json()
    assert seen["subject"] is None
    assert "claimsMatchingExpression" not in seen
    expanded = graph.get(f"/beta/{path.rpartition('/')[0]}?$expand=federatedIdentityCredentials").json()
    assert (
        expanded["federatedIdentityCredentials"][0]["claimsMatchingExpression"]
        == FLEXIBLE["claimsMatchingExpression"]
    )
    value = "claims['sub'] eq 'repo:octo-org/octo-repo:pull_request' and claims['repository_owner_id'] eq '1'"
    other = {"value": value, "languageVersion": 1}
    assert graph.patch(f"/beta/{path}/Flexible", {"claimsMatchingExpression": other}).status_code == 204
    assert graph.get(f"/beta/{path}/Flexible").json()["claimsMatchingExpression"] == other
    fixed = {"subject": "s", "claimsMatchingExpression": None}
    assert graph.patch(f"/beta/{path}/Flexible", fixed).status_code == 204
    assert graph.get(f"/{path}/Flexible").json()["subject"] == "s"


def _flexible(**changes: Any) -> dict[str, Any]:
    value = changes.pop("value", FLEXIBLE["claimsMatchingExpression"]["value"])
    return {
        **FLEXIBLE,
        "claimsMatchingExpression": {"value": value, "languageVersion": changes.pop("version", 1)},
        **changes,
    }


@fact("what an expression must and may ask", source="flexible-federated-credentials documentation", grade="D")
@pytest.mark.parametrize(
    "body",
    [
        _flexible(subject="s"),
        _flexible(version=2),
        _flexible(issuer="https://issuer.example.org"),
        _flexible(value="claims['sub'] matches 'repo:octo-org/octo-repo:*'"),
        _flexible(value="claims['repository_id'] eq '1'"),
        _flexible(value="claims['sub'] eq 's' and claims['repository_id'] matches '1*'"),
        _flexible(
            value="claims['sub'] eq 's' and claims['repository_id'] eq '1' and claims['actor'] eq 'me'"
        ),
        _flexible(value="claims['sub'] startsWith 's' and claims['repository_id'] eq '1'"),
        _flexible(value="claims['sub'] eq 's' or claims['repository_id'] eq '1'"),
        _flexible(value=""),
        _flexible(value="nonsense"),
    ],
)
def test_flexible_refused(graph: Graph, body: dict[str, Any]) -> None:
    """Not beside a subject, of GitHub, GitLab and HCP Terraform only, by claims and operators of each,
    with GitHub's ids.
    """
    path = f"/beta/applications/{graph.application()['id']}/federatedIdentityCredentials"
    assert graph.post(path, body).status_code == 400


@fact(
    "expressions of GitLab and HCP Terraform, without and with an id",
    source="flexible-federated-credentials documentation; its two pages differ on `project_id`",
    grade="D",
    verdict="uncertain",
)
@pytest.mark.parametrize(
    ("issuer", "value"),
    [
        ("https://gitlab.com", "claims['sub'] matches 'project_path:g/p:ref_type:branch:ref:*'"),
        (
            "https://gitlab.example.ca",
            "claims['sub'] matches 'project_path:g/p:*' and claims['project_id'] eq '5'",
        ),
        (
            "https://app.terraform.io",
            "claims['sub'] matches 'organization:o:project:p:workspace:w:run_phase:*'",
        ),
        (
            "https://app.eu.terraform.io",
            "claims['sub'] eq 'organization:o''s:project:p:workspace:w:run_phase:plan'",
        ),
    ],
)
def test_flexible_elsewhere(graph: Graph, issuer: str, value: str) -> None:
    """Where the pages do not agree it is taken."""
    path = f"/beta/applications/{graph.application()['id']}/federatedIdentityCredentials"
    assert graph.post(path, _flexible(issuer=issuer, value=value)).status_code == 201


@fact(
    "two federated credentials of one issuer and expression",
    source="as of one subject; no such answer was seen",
    grade="S",
    verdict="uncertain",
)
def test_flexible_twice(graph: Graph) -> None:
    """The second is refused."""
    path = f"/beta/applications/{graph.application()['id']}/federatedIdentityCredentials"
    assert graph.post(path, FLEXIBLE).status_code == 201
    refused(
        graph.post(path, {**FLEXIBLE, "name": "Again"}),
        400,
        "InvalidFederatedIdentityCredentialValue",
        "must be unique",
    )


@fact("a federated credential needs its parts", source="federatedIdentityCredential documentation", grade="D")
@pytest.mark.parametrize("name", ["issuer", "subject"])
@pytest.mark.parametrize("value", [None, ""])
def test_federated(graph: Graph, name: str, value: str | None) -> None:
    """Neither issuer nor subject can be taken away."""
    path = f"/applications/{graph.application()['id']}/federatedIdentityCredentials"
    body = {
        "name": "conf",
        "issuer": "https://issuer.example",
        "subject": "s",
        "audiences": ["api://AzureADTokenExchange"],
    }
    made = graph.post(path, body).json()
    text = f"A value is required for property '{name}' of resource 'FederatedIdentityCredential'."
    refused(graph.patch(f"{path}/{made['id']}", {name: value}), 400, "Request_BadRequest", text)
    assert graph.get(f"{path}/{made['id']}").json()[name] == body[name]


@fact(
    "an issuer that is no address",
    source="federatedIdentityCredential documentation; no answer was seen",
    grade="D",
    verdict="uncertain",
)
@pytest.mark.parametrize("issuer", ["nonsense", "http://issuer.example", "urn:issuer"])
def test_issuers(graph: Graph, issuer: str) -> None:
    """It is kept as it is: the sign-in that finds no keys there is what fails."""
    path = f"/applications/{graph.application()['id']}/federatedIdentityCredentials"
    body = {"name": "conf", "issuer": issuer, "subject": "s", "audiences": ["api://AzureADTokenExchange"]}
    made = graph.post(path, body)
    assert made.status_code == 201
    assert graph.get(f"{path}/{made.json()['id']}").json()["issuer"] == issuer
