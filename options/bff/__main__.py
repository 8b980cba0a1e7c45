"""`python -m options.bff`: settings in, a served BFF out, until SIGTERM."""

import logging
import sys

import uvicorn

from options.bff import certificate
from options.bff.app import create
from options.bff.settings import load

# A load balancer's deregistration delay should be longer than this.
SHUTDOWN_SECONDS = 20


def main() -> None:
    """Serve until it is told to stop."""
    settings = load()
    logging.basicConfig(
        level=settings.server.log_level,
        stream=sys.stdout,
        format="%(asctime)s %(levelname)s %(name)s %(message)r",
    )
    # Both log addresses with their queries, in which codes stand.
    for name in ("httpx", "urllib3", "msal"):
        logging.getLogger(name).setLevel(logging.WARNING)
    uvicorn.run(
        create(settings),
        host=settings.server.host,
        port=settings.server.port,
        log_config=None,
        access_log=False,
        server_header=False,
        ssl_context_factory=(lambda *_: certificate.context()) if settings.server.tls else None,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )


if __name__ == "__main__":
    main()
