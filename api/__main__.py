"""`python -m api`: settings in, a served API out, until SIGTERM."""

import sys
from pathlib import Path

# A load balancer's deregistration delay should be longer than this, so that a
# request in flight is answered and not cut.
SHUTDOWN_SECONDS = 20


def main() -> None:
    """Serve the API until it is told to stop; what lacks to begin is an error of one line each."""
    try:
        import uvicorn
        from pydantic import ValidationError

        from api import certificate
        from api.app import create
        from api.logs import configure
        from api.settings import SettingsError, load
    except ModuleNotFoundError as error:
        if str(error.name).partition(".")[0] == "api":
            raise
        sys.exit(f"error: {error.name} is not installed: {_install()}")
    try:
        settings = load()
        configure(settings.server.log_level)
        app = create(settings)
    except SettingsError as error:
        sys.exit(f"error: {error}")
    except ValidationError as error:
        wrong = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
        hint = "SERVER_SETTINGS_FILE names the file that `entra-config settings -e ENV --values` writes"
        sys.exit("\n".join(["error: the settings do not fit", *wrong, hint]))
    uvicorn.run(
        app,
        host=settings.server.host,
        port=settings.server.port,
        log_config=None,
        server_header=False,
        # Who is connected, and not who a header says it is (`api.auth.proxy`).
        proxy_headers=False,
        ssl_context_factory=(lambda *_: certificate.context()) if settings.server.tls else None,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )


def _install() -> str:
    lock = Path(__file__).with_name("requirements.lock")
    return f"{sys.executable} -m pip install --require-hashes -r {lock}"


if __name__ == "__main__":
    main()
