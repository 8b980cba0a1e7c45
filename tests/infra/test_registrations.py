"""What docs/options.md says an option registers in Entra is what its part of a manifest declares."""

from __future__ import annotations

import yaml

from tests.infra.templates import ROOT, Json

PAGE = ROOT / "docs/options.md"
# By option: the file of its part, and which application of it signs people in.
PARTS = {
    "A": ("manifests/applications/clients.yaml", "spa"),
    "B": ("options/alb/manifest/alb.yaml", "alb"),
    "C": ("options/bff/manifest/bff.yaml", "bff"),
    "D": ("manifests/applications/clients.yaml", "spa"),
    "E": ("options/httpd/manifest/httpd.yaml", "web"),
}


# The httpd before an API has none of its own: it checks the token that a caller brings.
MORE = {"E": "; none for the httpd before the API"}


def test_each_option_registers_what_the_page_says() -> None:
    """One application that signs people in, beside the API: its type, and what it proves itself by."""
    assert _table() == {
        option: f"one {_registration(*part)}, one `api`{MORE.get(option, '')}"
        for option, part in PARTS.items()
    }


def _registration(file: str, name: str) -> str:
    applications = yaml.safe_load((ROOT / file).read_text(encoding="utf-8"))["applications"]
    if file.startswith("options/"):
        assert list(applications) == [name], "an option brings one registration"
    return " ".join([f"`{applications[name]['type']}`", *_proof(applications[name])])


def _proof(application: Json) -> list[str]:
    proofs = {
        "with a federated credential": "federatedCredentials" in application,
        "with a secret": bool(application.get("credentials", {}).get("secrets")),
        "with a certificate": "certificates" in application,
    }
    return [words for words, there in proofs.items() if there]


def _table() -> dict[str, str]:
    rows = [line.strip("| ").split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines()]
    options = next(row for row in rows if row[0].startswith("A: "))
    (registered,) = (row[1:] for row in rows if row[0] == "registrations")
    return {option[0]: said for option, said in zip(options, registered, strict=True)}
