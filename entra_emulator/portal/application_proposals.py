"""Changes of a registration's secrets and redirect URIs, as they are asked about."""

from entra_emulator.portal.objects import name_of
from entra_emulator.portal.pieces import PLATFORMS
from entra_emulator.portal.proposal import DRIFT, MADE, Given, Input, NotThereError, Proposal, Row, row_of
from entra_emulator.portal.visit import Visit
from entra_emulator.portal.words import count


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
