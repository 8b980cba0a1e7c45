"""Requests of a person in, pages of the portal out; what changes or streams comes through the door."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from inspect import isawaitable

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from entra_emulator.app import Emulator
from entra_emulator.callers import Caller
from entra_emulator.login import graph_tokens, parties
from entra_emulator.login.errors import LoginError
from entra_emulator.login.service import SignIn
from entra_emulator.portal import (
    app_roles,
    assets,
    chooser,
    deleted,
    directory_roles,
    edits,
    enterprise,
    grants,
    groups,
    history,
    people,
    policies,
    registrations,
    snapshot_files,
    start,
    stream,
    switches,
    token_lab,
)
from entra_emulator.portal.done import DoneChange
from entra_emulator.portal.door import FIELD, HEADER, PortalDoor, too_large
from entra_emulator.portal.visit import Visit, protected, refusal

Handler = Callable[[Visit], Response | Awaitable[Response]]
ROOT = "/portal/{tenant}"
PAGES: Mapping[str, Handler] = {
    f"{ROOT}": start.show,
    f"{ROOT}/find": start.find,
    f"{ROOT}/registrations": registrations.show_list,
    f"{ROOT}/registrations/{{id}}": registrations.show,
    f"{ROOT}/enterprise": enterprise.show_list,
    f"{ROOT}/enterprise/{{id}}": enterprise.show,
    f"{ROOT}/users": people.show_list,
    f"{ROOT}/users/{{id}}": people.show,
    f"{ROOT}/groups": groups.show_list,
    f"{ROOT}/groups/{{id}}": groups.show,
    f"{ROOT}/roles": app_roles.show_list,
    f"{ROOT}/roles/{{id}}/{{role}}": app_roles.show,
    f"{ROOT}/directory-roles": directory_roles.show_list,
    f"{ROOT}/directory-roles/{{id}}": directory_roles.show,
    f"{ROOT}/grants": grants.show_list,
    f"{ROOT}/grants/{{id}}": grants.show,
    f"{ROOT}/policies": policies.show_list,
    f"{ROOT}/policies/{{kind}}": policies.show,
    f"{ROOT}/policies/{{kind}}/{{id}}": policies.show,
    f"{ROOT}/deleted": deleted.show_list,
    f"{ROOT}/deleted/{{id}}": deleted.show,
    f"{ROOT}/changes": history.show,
    f"{ROOT}/edit/{{edit}}": edits.show,
    f"{ROOT}/traffic": stream.show,
    f"{ROOT}/token": token_lab.show,
    f"{ROOT}/faults": switches.show,
}
DEEDS: Mapping[str, Handler] = {
    f"{ROOT}/as": chooser.choose,
    f"{ROOT}/edit/{{edit}}": edits.carry_out,
    f"{ROOT}/snapshots/export": snapshot_files.export,
    f"{ROOT}/snapshots/import": snapshot_files.import_file,
    f"{ROOT}/snapshots/{{action}}": history.act,
    f"{ROOT}/traffic/stream": stream.stream,
    f"{ROOT}/traffic/clear": stream.clear,
    f"{ROOT}/traffic/{{number}}/again": stream.again,
    f"{ROOT}/token/pasted": token_lab.explain_pasted,
    f"{ROOT}/faults/set": switches.set_faults,
    f"{ROOT}/faults/off": switches.switch_off,
    f"{ROOT}/faults/clock": switches.move_clock,
}
NO_FILES: Mapping[str, tuple[str, bytes]] = {}


class Portal:
    """The pages, over everything that the emulator holds."""

    def __init__(self, service: SignIn, emulator: Emulator) -> None:
        """Show what `service` and `emulator` hold."""
        self.service, self.emulator = service, emulator
        self.door = PortalDoor(lambda: service.origin)
        self.done: dict[str, DoneChange] = {}

    def routes(self) -> list[BaseRoute]:
        """Return the routes of the pages; their order is that of their being tried."""
        changing = [Route(path, partial(self._do, deed), methods=["POST"]) for path, deed in DEEDS.items()]
        shown = [Route(path, partial(self._show, page), methods=["GET"]) for path, page in PAGES.items()]
        return [
            Route("/", self._first, methods=["GET"]),
            Route("/portal", self._first, methods=["GET"]),
            Route(f"{assets.PATH}/{{name}}", assets.serve, methods=["GET"]),
            *changing,
            *shown,
            Route("/portal/{rest:path}", self._nothing, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
        ]

    def token_of(self, caller: Caller) -> str:
        """Return a Graph token of a caller, for a call in this process: it goes nowhere else."""
        return graph_tokens.sign_for(self.service, caller)

    async def _first(self, request: Request) -> Response:
        """Lead to the first page of a tenant."""
        if reason := self.door.misplaced(request):
            return refusal(self.door, reason)
        try:
            tenant = parties.find_tenant(
                self.service.directory, request.query_params.get("tenant") or "common"
            )
        except LoginError:
            tenant = self.service.directory.default
        return RedirectResponse(Visit(self, request, tenant).path(), 307)

    async def _show(self, page: Handler, request: Request) -> Response:
        if reason := self.door.misplaced(request):
            return refusal(self.door, reason)
        return self.door.welcome(request, await self._response(page, request, {}))

    async def _do(self, deed: Handler, request: Request) -> Response:
        reason = self.door.misled(request)
        if not reason and too_large(request):
            reason = "It is larger than anything that a page of the portal sends, or does not say how large."
        if reason:
            return refusal(self.door, reason)
        form, files = (await _fields(request)) if not request.headers.get(HEADER) else ({}, {})
        if reason := self.door.unproven(request.headers.get(HEADER, "") or form.pop(FIELD, "")):
            return refusal(self.door, reason)
        return await self._response(deed, request, form, files)

    async def _response(
        self,
        page: Handler,
        request: Request,
        form: Mapping[str, str],
        files: Mapping[str, tuple[str, bytes]] = NO_FILES,
    ) -> Response:
        tenant = self.service.directory.find(request.path_params["tenant"])
        if tenant is None:
            return refusal(self.door, f"There is no tenant {request.path_params['tenant']}.", 404)
        response = page(Visit(self, request, tenant, form, files))
        return await response if isawaitable(response) else response

    async def _nothing(self, request: Request) -> Response:
        reason = self.door.misplaced(request) if request.method == "GET" else self.door.misled(request)
        if reason:
            return refusal(self.door, reason)
        return protected(self.door, refusal(self.door, f"The portal has no page {request.url.path}.", 404))


async def _fields(request: Request) -> tuple[dict[str, str], dict[str, tuple[str, bytes]]]:
    """Read a form: its texts, and of files the name and the bytes."""
    form: dict[str, str] = {}
    files: dict[str, tuple[str, bytes]] = {}
    async with request.form(max_files=1, max_fields=200) as sent:
        for name, value in sent.items():
            if isinstance(value, UploadFile):
                files[name] = (value.filename or "", await value.read())
            else:
                form[name] = value
    return form, files
