"""A route in, the same route that authenticates before it reads the body out."""

from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api.auth.requirements import Requirement, authenticate, prove


class GuardedRoute(APIRoute):
    """FastAPI parses the body before any dependency runs; an attacker's is not worth it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Check who calls, then hand on."""
        handle = super().get_route_handler()
        needed = tuple(requirements(self.dependant))

        async def guarded(request: Request) -> Response:
            if needed:
                user = await authenticate(request)
                if any(part.proof for requirement in needed for part in requirement.parts()):
                    await prove(request, user)
                for requirement in needed:
                    await requirement(user)
            return await handle(request)

        return guarded


def requirements(dependant: Dependant) -> Iterator[Requirement]:
    """List what a route requires of its caller, its routers' requirements too."""
    for dependency in dependant.dependencies:
        if isinstance(dependency.call, Requirement):
            yield dependency.call
        yield from requirements(dependency)
