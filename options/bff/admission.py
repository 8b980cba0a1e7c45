"""A request of the page in, its session out; whatever else sends it is refused."""

from fastapi import Request
from fastapi.responses import JSONResponse

from options.bff import context, guards, responses
from options.bff.sessions import Session


async def of(request: Request) -> Session | JSONResponse:
    """Return the session of a request that the page itself sends, or the refusal.

    In this order: another site's page learns nothing of whether there is a session (decision 42).
    """
    at = context.of(request)
    refusal = guards.foreign(request, at.settings.entra.page_url)
    if refusal:
        return responses.problem(403, refusal)
    found = await at.session(request)
    if found is None:
        return responses.signed_out()
    refusal = guards.unproven(request, found)
    return responses.problem(403, refusal) if refusal else found
