"""A change that somebody asks for: the question before it, the request to Graph as a person, its refusal."""

import json
import secrets
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from starlette.responses import Response

from entra_emulator.callers import Caller
from entra_emulator.embedded import AZURE_CLI
from entra_emulator.faults import ConnectionCutError
from entra_emulator.graph.call import HttpCall, HttpReply
from entra_emulator.portal.done import KEPT, DoneChange
from entra_emulator.portal.objects import named
from entra_emulator.portal.pieces import pieces_between
from entra_emulator.portal.proposal import (
    MADE,
    Given,
    NotThereError,
    Proposal,
    Request,
    request_line,
    requests,
    segments,
)
from entra_emulator.portal.proposals import PROPOSALS
from entra_emulator.portal.trail import entries
from entra_emulator.portal.visit import AGENT, Visit
from entra_emulator.presets import set_template
from entra_emulator.snapshots.named import NOW, KeptDirectory

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
    params = visit.request.query_params
    return _question(visit, {name: " ".join(params.getlist(name)) for name in params})


async def carry_out(visit: Visit) -> Response:
    """Make the change through Graph, and show what Graph says where it refuses."""
    try:
        edit, given = _edit(visit, visit.form)
        proposal = _proposal(visit, edit, given)
    except NotThereError:
        return _question(visit, visit.form)
    if proposal.inputs or visit.form.get("sure") != "yes":
        return _question(visit, visit.form)
    snapshots = visit.held.emulator.snapshots
    before = snapshots.note()
    replies: list[Mapping[str, Any]] = []
    for request in requests(proposal):
        done = "The first request was done. " if replies else ""
        filled = (
            request._replace(body=_fill(request.body, replies[0])) if replies and request.body else request
        )
        try:
            reply = await send(visit, filled, proposal.preset.client if proposal.preset else AZURE_CLI)
        except ConnectionCutError:
            return _question(visit, visit.form, f"{done}{_CUT}")
        if reply.status >= 400:
            return _question(visit, visit.form, f"{done}{_refusal(reply)}", reply.status)
        snapshots.changed(before)
        replies.append(json.loads(reply.body) if reply.body else {})
        if proposal.preset is not None:
            set_template(visit.tenant, request.path, replies[-1]["id"], proposal.preset.template)
    made, then = replies[0], given.get("then", "")
    visit.done_key = _keep(visit, proposal, made, then, before)
    if edit == "add-secret":
        # Told once: on this page, in no address and in no log.
        return visit.render("secret.html", secret=made["secretText"], back=proposal.back)
    back = visit.path(proposal.made, str(made["id"])) if proposal.made and not then else proposal.back
    address, mark, place = (then if _own(then) else back).partition("#")
    return visit.go(f"{address}{'&' if '?' in address else '?'}done={visit.done_key}{mark}{place}")


def _fill(form: Mapping[str, Any], made: Mapping[str, Any]) -> dict[str, Any]:
    """Return a form or a body with the ids of what was made."""
    made_id = made.get("keyId") or made.get("id")
    return {name: made.get(name, made_id) if value == MADE else value for name, value in form.items()}


def _keep(visit: Visit, proposal: Proposal, made: Mapping[str, Any], then: str, before: KeptDirectory) -> str:
    """Keep a change that was made, for its Undo; return its key."""
    inverse = None
    if proposal.inverse is not None:
        edit, form = proposal.inverse
        filled = _fill(form, made)
        inverse = edit, {**filled, "then": then} if then else filled
    after, tenant_id = visit.held.emulator.snapshots.note().directory, visit.tenant.tenant_id
    done = DoneChange(
        secrets.token_urlsafe(6),
        tenant_id,
        f"{proposal.question.removesuffix('?')}.",
        visit.actor,
        inverse,
        pieces_between(before.directory, after, tenant_id),
        after,
    )
    kept = visit.held.done
    kept[done.key] = done
    while len(kept) > KEPT:
        del kept[next(iter(kept))]
    return done.key


async def send(visit: Visit, request: Request, client: str) -> HttpReply:
    """Ask Graph as the chosen person, signed in to a client."""
    caller = Caller("user", visit.tenant.tenant_id, visit.actor.id, client, scopes=_SCOPES)
    headers = {
        "authorization": f"Bearer {visit.held.token_of(caller)}",
        "content-type": "application/json",
        "user-agent": AGENT,
    }
    body = b"" if request.body is None else json.dumps(request.body).encode()
    call = HttpCall(request.method, segments(request), "", headers, body, visit.held.door.origin)
    return await visit.held.emulator.call_graph(call)


def _question(
    visit: Visit,
    given: Mapping[str, str],
    refusal: str = "",
    status: int = 200,
    typed: Mapping[str, str] = MappingProxyType({}),
) -> Response:
    try:
        proposal = _proposal(visit, *_edit(visit, given))
    except NotThereError as error:
        if not given.get(error.field):
            heading = "The change was made in part" if refusal else "Nothing was changed"
            reason = f"{refusal} {error}".strip()
            return visit.render(
                "edit_gone.html", status=404, heading=heading, reason=reason, about=error.about
            )
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


def _edit(visit: Visit, given: Given) -> tuple[str, Given]:
    """Return the word of a change and its form; an Undo has those of the inverse, and is sent as the person
    who made the change.
    """
    edit = visit.request.path_params["edit"]
    if edit != "undo":
        return edit, given
    done = visit.done_change(given.get("change", ""))
    if done is None or done.inverse is None:
        raise NotThereError("The portal does not know this change any more, so there is no Undo for it.")
    later = done.find_later_change(visit.held.emulator.snapshots.directory(NOW))
    if later is not None:
        known = {str(record["id"]) for record in done.after.tenants[done.tenant_id].audit}
        by = "".join(
            f" by {entry.by.name} ({entry.activity})"
            for entry in entries(visit, later.ends, 1, every=True, known=known)
        )
        message = (
            f"{later.words[:1].upper()}{later.words[1:]} was changed since{by}: there is no Undo any more."
        )
        raise NotThereError(message, about=named(visit, later.on, later.words))
    visit.actor = done.actor
    return done.inverse[0], {**done.inverse[1], **given}


def _proposal(visit: Visit, edit: str, given: Given) -> Proposal:
    propose = PROPOSALS.get(edit)
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
