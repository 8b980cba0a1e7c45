"""Requests of a person in, pages of the tenant out: the overview at `/` and the token viewer at `/token`."""

from collections.abc import Iterable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from entra_config.emulator.login import developer, parties
from entra_config.emulator.login.errors import LoginError
from entra_config.emulator.login.explain import explain
from entra_config.emulator.login.pages import page
from entra_config.emulator.login.scopes import GRAPH
from entra_config.emulator.login.service import SignIn
from entra_config.emulator.portal import view
from entra_config.emulator.tenant import Tenant

SHOWN_REQUESTS = 50


class Portal:
    """The pages, over the directory and the log of Graph requests."""

    def __init__(self, service: SignIn, requests: Iterable[dict[str, Any]]) -> None:
        """Show what `service` and `requests` hold."""
        self._service, self._requests = service, requests

    def routes(self) -> list[BaseRoute]:
        """Return the routes of the pages."""
        return [
            Route("/", self.overview, methods=["GET"]),
            Route("/token", self.token, methods=["GET", "POST"]),
        ]

    async def overview(self, request: Request) -> Response:
        """Show a tenant."""
        tenant, words = self._tenant(request.query_params), request.query_params.get("q", "")
        requests = list(self._requests)[-SHOWN_REQUESTS:]
        return page(
            "overview.html",
            tenant=tenant,
            tenants=list(self._service.directory.tenants.values()),
            words=words,
            registrations=view.registrations(tenant, words),
            enterprises=view.enterprise_applications(tenant, words),
            grants=view.grants(tenant),
            authorized=view.authorized_clients(tenant),
            requests=requests[::-1],
            sign_ins=list(self._service.log)[-SHOWN_REQUESTS:][::-1],
            audit=view.audit(tenant),
            listed=view.LISTED,
        )

    async def token(self, request: Request) -> Response:
        """Show a token claim by claim: one that was pasted, or one made for a user and a client."""
        form: dict[str, str] = {}
        if request.method == "POST":
            form = {name: str(value) for name, value in (await request.form()).items()}
        text, problem = form.get("token", "").strip(), ""
        if form.get("client_id"):
            try:
                text = developer.issue(self._service, request, form)["access_token"]
            except LoginError as error:
                problem = str(error)
        found = explain(text, self._service.directory, self._service.keys) if text else None
        if text and found is None:
            problem = "This is not a JWT: three parts with dots between them are expected."
        tenant = self._tenant(form)
        return page(
            "token.html",
            tenant=tenant,
            clients=sorted(tenant.applications, key=lambda row: str(row["displayName"]).casefold())[
                : view.LISTED
            ],
            users=sorted(tenant.users, key=lambda row: str(row["userPrincipalName"]))[: view.LISTED],
            form={"scope": f"{GRAPH}/.default", "user": "", "client_id": "", **form},
            text=text,
            token=found,
            problem=problem,
        )

    def _tenant(self, parameters: Mapping[str, str]) -> Tenant:
        try:
            return parties.find_tenant(self._service.directory, parameters.get("tenant") or "common")
        except LoginError:
            return self._service.directory.default
