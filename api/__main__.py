"""`python -m api`: settings in, a served API out, until SIGTERM."""

import uvicorn

from api.app import create
from api.logs import configure
from api.settings import load

# A load balancer's deregistration delay should be longer than this, so that a
# request in flight is answered and not cut.
SHUTDOWN_SECONDS = 20


def main() -> None:
    """Serve the API until it is told to stop."""
    settings = load()
    configure(settings.server.log_level)
    uvicorn.run(
        create(settings),
        host=settings.server.host,
        port=settings.server.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )


if __name__ == "__main__":
    main()
