"""Changes of a registration's credentials and redirect URIs, as they are asked about."""

import re

from entra_emulator.portal.objects import name_of
from entra_emulator.portal.pieces import PLATFORMS
from entra_emulator.portal.proposal import DRIFT, MADE, Given, Input, NotThereError, Proposal, Row, row_of
from entra_emulator.portal.visit import Visit
from entra_emulator.portal.words import count

# What Entra recommends, and what most issuers' tools send.
_AUDIENCE = "api://AzureADTokenExchange"


def add_secret(visit: Visit, given: Given) -> Proposal:
    """Make a client secret; it is shown once."""
    app, name = row_of(visit, "applications", given, "application"), given.get("name", "")
    return Proposal(
        f"Make a secret of {name_of(app)}?",
        "Make it",
        "Leave it",
        "POST",
        f"applications/{app['id']}/addPassword",
        visit.path("registrations", str(app["id"])),
        {"passwordCredential": {"displayName": name}},
        gained=(f"Whoever has it signs in as {name_of(app)}, for two years.",) if name else (),
        note="It is shown once, on the next page. Drift shows a secret that is not declared.",
        inputs=() if name else (Input("name", "What it is for"),),
        look="main",
        inverse=("remove-secret", {"application": str(app["id"]), "key": MADE}),
    )


def remove_secret(visit: Visit, given: Given) -> Proposal:
    """Remove a client secret."""
    app = row_of(visit, "applications", given, "application")
    key = next((each for each in app["passwordCredentials"] if each["keyId"] == given.get("key")), None)
    if key is None:
        raise NotThereError("There is no such secret.")
    name = key.get("displayName") or key.get("hint") or key["keyId"]
    others = len(app["passwordCredentials"]) - 1
    return Proposal(
        f"Remove the secret {name} of {name_of(app)}?",
        "Remove",
        "Keep it",
        "POST",
        f"applications/{app['id']}/removePassword",
        visit.path("registrations", str(app["id"])),
        {"keyId": key["keyId"]},
        lost=("Whoever signs in with it is refused from now on.",),
        kept=(f"{count(others, 'other secret')}, {count(len(app['keyCredentials']), 'certificate')}.",),
        note="A secret cannot be brought back: only a new one can be made.",
    )


def add_certificate(visit: Visit, given: Given) -> Proposal:
    """Add a certificate; the private key stays where it is."""
    app, text = row_of(visit, "applications", given, "application"), given.get("certificate", "").strip()
    key = given.get("key") or (visit.held.service.guid() if text else "")
    usage = given.get("usage") or "Verify"
    new = {
        "keyId": key,
        "type": "AsymmetricX509Cert",
        "usage": usage,
        # A browser's field of one line leaves out the line breaks of PEM.
        "key": re.sub(r"-----(BEGIN|END) CERTIFICATE-----|\s", "", text),
    }
    if given.get("name"):
        new["displayName"] = given["name"]
    return Proposal(
        f"Add a certificate to {name_of(app)}?",
        "Add",
        "Leave it",
        "PATCH",
        f"applications/{app['id']}",
        visit.path("registrations", str(app["id"])),
        {"keyCredentials": [*_known(app), new]},
        gained=(f"Whoever has its private key {_power(usage)} {name_of(app)}.",) if text else (),
        note=DRIFT,
        inputs=() if text else (Input("certificate", "Certificate: PEM or base64 of DER, without the key"),),
        look="main",
        inverse=("remove-certificate", {"application": str(app["id"]), "key": key}),
    )


def remove_certificate(visit: Visit, given: Given) -> Proposal:
    """Remove a certificate."""
    app = row_of(visit, "applications", given, "application")
    key = next((each for each in app["keyCredentials"] if each["keyId"] == given.get("key")), None)
    if key is None:
        raise NotThereError("There is no such certificate.")
    name, others = (
        str(key.get("displayName") or ""),
        [each for each in _known(app) if each != _reference(key)],
    )
    certificate = {"application": str(app["id"]), "certificate": str(key["key"]), "key": str(key["keyId"])}
    power = _power(str(key["usage"]))
    return Proposal(
        f"Remove the certificate {name or key['keyId']} of {name_of(app)}?",
        "Remove",
        "Keep it",
        "PATCH",
        f"applications/{app['id']}",
        visit.path("registrations", str(app["id"])),
        {"keyCredentials": others},
        lost=(f"From now on, whoever has its private key no longer {power} {name_of(app)}.",),
        kept=(
            f"{count(len(app['passwordCredentials']), 'secret')}, {count(len(others), 'other certificate')}.",
        ),
        note=DRIFT,
        inverse=("add-certificate", {**certificate, "name": name, "usage": str(key["usage"])}),
    )


def _power(usage: str) -> str:
    return "signs in as" if usage == "Verify" else "reads tokens that are encrypted for"


def _known(app: Row) -> list[Row]:
    """Return the certificates of an application as Graph takes those that stay: without the key itself."""
    return [_reference(key) for key in app["keyCredentials"]]


def _reference(key: Row) -> Row:
    return {name: key[name] for name in ("keyId", "type", "usage")}


def add_federated(visit: Visit, given: Given) -> Proposal:
    """Trust tokens of another issuer."""
    app = row_of(visit, "applications", given, "application")
    typed = {name: given.get(name, "").strip() for name in ("name", "issuer", "subject", "audience")}
    fields = (
        Input("name", "Name, which cannot be changed later", value=typed["name"]),
        Input("issuer", "Issuer, such as https://token.actions.githubusercontent.com", value=typed["issuer"]),
        Input("subject", "Subject of its tokens", value=typed["subject"]),
        Input("audience", "Audience of its tokens", value=typed["audience"] or _AUDIENCE),
    )
    ready = all(typed.values())
    body = {**{name: typed[name] for name in ("name", "issuer", "subject")}, "audiences": [typed["audience"]]}
    if given.get("description"):
        body["description"] = given["description"]
    whoever = f"Whoever gets a token of {typed['issuer']} for {typed['subject']} signs in as {name_of(app)}."
    return Proposal(
        f"Trust {typed['name'] if ready else 'which issuer'} to sign in as {name_of(app)}?",
        "Trust",
        "Leave it",
        "POST",
        f"applications/{app['id']}/federatedIdentityCredentials",
        visit.path("registrations", str(app["id"])),
        body,
        gained=(whoever,) if ready else (),
        note=DRIFT,
        inputs=() if ready else fields,
        look="main",
        inverse=("remove-federated", {"application": str(app["id"]), "federated": MADE}),
    )


def remove_federated(visit: Visit, given: Given) -> Proposal:
    """Trust the tokens of another issuer no longer."""
    app = row_of(visit, "applications", given, "application")
    row = visit.tenant.federated_identity_credentials.get(given.get("federated", ""))
    if row is None or row["_application"] != app["id"]:
        raise NotThereError("There is no such federated credential.")
    again = {name: str(row[name]) for name in ("name", "issuer", "subject", "description") if row[name]}
    audience = {"application": str(app["id"]), "audience": row["audiences"][0]}
    return Proposal(
        f"Remove the federated credential {row['name']} of {name_of(app)}?",
        "Remove",
        "Keep it",
        "DELETE",
        f"applications/{app['id']}/federatedIdentityCredentials/{row['id']}",
        visit.path("registrations", str(app["id"])),
        lost=("Whoever signs in with it is refused from now on.",),
        note=DRIFT,
        # One with an expression in place of a subject was made in Graph's beta.
        inverse=("add-federated", {**again, **audience}) if row["subject"] else None,
    )


def add_uri(visit: Visit, given: Given) -> Proposal:
    """Add a redirect URI."""
    app, uri, platform, uris = _uris(visit, given)
    ready = bool(uri and platform)
    if uri in uris:
        message = f"{uri} is already a redirect URI of {name_of(app)} ({PLATFORMS[platform]})."
        raise NotThereError(message, "uri")
    return Proposal(
        f"Add {uri} to {name_of(app)}?" if ready else f"Add which redirect URI to {name_of(app)}?",
        "Add",
        "Leave it",
        "PATCH",
        f"applications/{app['id']}",
        visit.path("registrations", str(app["id"])),
        {platform: {"redirectUris": [*uris, uri]}},
        gained=("Codes and tokens of people who sign in may be sent there.",) if ready else (),
        note=DRIFT,
        inputs=()
        if ready
        else (Input("uri", "URI"), Input("platform", "Platform", tuple(PLATFORMS.items()))),
        look="main",
        inverse=("remove-uri", {"application": str(app["id"]), "uri": uri, "platform": platform}),
    )


def remove_uri(visit: Visit, given: Given) -> Proposal:
    """Remove a redirect URI of a platform."""
    app, uri, platform, uris = _uris(visit, given)
    if uri not in uris:
        raise NotThereError("There is no such redirect URI.")
    others = [other for other in uris if other != uri]
    return Proposal(
        f"Remove {uri} from {name_of(app)}?",
        "Remove",
        "Keep it",
        "PATCH",
        f"applications/{app['id']}",
        visit.path("registrations", str(app["id"])),
        {platform: {"redirectUris": others}},
        lost=("Sign-ins that ask to come back there are refused with AADSTS50011.",),
        kept=(f"{count(len(others), 'other')} of that platform.",),
        note=DRIFT,
        inverse=("add-uri", {"application": str(app["id"]), "uri": uri, "platform": platform}),
    )


def _uris(visit: Visit, given: Given) -> tuple[Row, str, str, list[str]]:
    """Return the application, the URI and the platform that a form names, and the platform's URIs."""
    app, uri = row_of(visit, "applications", given, "application"), given.get("uri", "")
    platform = given.get("platform", "") if given.get("platform") in PLATFORMS else ""
    return app, uri, platform, app[platform]["redirectUris"] if platform else []
