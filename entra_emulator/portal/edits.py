"""A change that somebody asks for: the question before it, the request to Graph as a person, its refusal."""

import json
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from starlette.responses import Response

from entra_emulator.callers import Caller
from entra_emulator.embedded import AZURE_CLI
from entra_emulator.faults import ConnectionCutError
from entra_emulator.graph.call import HttpCall, HttpReply
from entra_emulator.portal.proposal import NotThereError, Proposal, request_line, segments
from entra_emulator.portal.proposals import PROPOSALS
from entra_emulator.portal.visit import AGENT, Visit

# The token may all that the portal offers: it is the person's directory role that decides.
_SCOPES = frozenset(
    {
        "Application.ReadWrite.All",
        "AppRoleAssignment.ReadWrite.All",
        "DelegatedPermissionGrant.ReadWrite.All",
        "Directory.ReadWrite.All",
        "Group.ReadWrite.All",
        "Policy.ReadWrite.ApplicationConfiguration",
        "User.ReadWrite.All",
    }
)

_CUT = "The connection was cut by a fault that is on: nobody knows whether it was done."


def show(visit: Visit) -> Response:
    """Ask before a change: what is lost, what is kept, the request, as whom."""
    return _question(visit, dict(visit.request.query_params))


async def carry_out(visit: Visit) -> Response:
    """Make the change through Graph, and show what Graph says where it refuses."""
    try:
        proposal = _proposal(visit, visit.form)
    except NotThereError:
        return _question(visit, visit.form)
    if proposal.inputs or visit.form.get("sure") != "yes":
        return _question(visit, visit.form)
    snapshots = visit.held.emulator.snapshots
    before = snapshots.note()
    steps = [proposal] if proposal.first is None else [replace(proposal, body=proposal.first), proposal]
    for number, step in enumerate(steps):
        done = "The first request was done: it is disabled now. " if number else ""
        try:
            reply = await send(visit, step)
        except ConnectionCutError:
            return _question(visit, visit.form, f"{done}{_CUT}")
        if reply.status >= 400:
            return _question(visit, visit.form, f"{done}{_refusal(reply)}", reply.status)
        snapshots.changed(before)
    visit.held.done = f"{proposal.question.removesuffix('?')}."
    if visit.request.path_params["edit"] == "add-secret":
        # Told once: on this page, in no address and in no log.
        return visit.render("secret.html", secret=json.loads(reply.body)["secretText"], back=proposal.back)
    then = visit.form.get("then", "")
    if proposal.made and not then:
        return visit.go(visit.path(proposal.made, str(json.loads(reply.body)["id"])))
    return visit.go(then if _own(then) else proposal.back)


async def send(visit: Visit, proposal: Proposal) -> HttpReply:
    """Ask Graph as the chosen person."""
    caller = Caller("user", visit.tenant.tenant_id, visit.actor.id, AZURE_CLI, scopes=_SCOPES)
    headers = {
        "authorization": f"Bearer {visit.held.token_of(caller)}",
        "content-type": "application/json",
        "user-agent": AGENT,
    }
    body = b"" if proposal.body is None else json.dumps(proposal.body).encode()
    call = HttpCall(proposal.method, segments(proposal), "", headers, body, visit.held.door.origin)
    return await visit.held.emulator.call_graph(call)


def _question(
    visit: Visit,
    given: Mapping[str, str],
    refusal: str = "",
    status: int = 200,
    typed: Mapping[str, str] = MappingProxyType({}),
) -> Response:
    try:
        proposal = _proposal(visit, given)
    except NotThereError as error:
        if not given.get(error.field):
            return visit.render("edit_gone.html", status=404, reason=str(error))
        # A mistyped name is asked for again; what else was typed is kept.
        rest = {name: value for name, value in given.items() if name != error.field}
        return _question(visit, rest, str(error), 404, {error.field: given[error.field]})
    requested = {each.name for each in proposal.inputs}
    kept = {
        name: value for name, value in given.items() if name not in requested and name not in ("sure", "as")
    }
    return visit.render(
        "edit.html",
        status=status,
        proposal=proposal,
        typed=typed,
        line=request_line(proposal),
        given=kept,
        refusal=refusal,
        edit=visit.request.path_params["edit"],
    )


def _proposal(visit: Visit, given: Mapping[str, str]) -> Proposal:
    propose = PROPOSALS.get(visit.request.path_params["edit"])
    if propose is None:
        raise NotThereError("There is no such change.")
    return propose(visit, given)


def _refusal(reply: HttpReply) -> str:
    try:
        error = json.loads(reply.body)["error"]
        return f"Graph refused with {reply.status} {error['code']}: {error['message']}"
    except (ValueError, KeyError, TypeError):
        return f"Graph refused with {reply.status}."


def _own(address: str) -> bool:
    return address.startswith("/portal/") and not {"\\", "\r", "\n", "\t"} & set(address)
