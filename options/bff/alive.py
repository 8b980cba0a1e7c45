"""`python -m options.bff.alive`, a container's health check: ends well where its BFF answers, by TLS too."""

import ssl
import urllib.request

from options.bff.settings import ServerSettings

SECONDS = 2


def main() -> None:
    """Ask; what is wrong is an error."""
    server = ServerSettings()
    scheme = "https" if server.tls else "http"
    # The certificate is of this start and of no name: on the loopback of one container nobody else answers.
    nobody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    nobody.check_hostname, nobody.verify_mode = False, ssl.CERT_NONE
    url = f"{scheme}://127.0.0.1:{server.port}/healthz"
    urllib.request.urlopen(url, timeout=SECONDS, context=nobody).close()  # noqa: S310  # of this loopback


if __name__ == "__main__":
    main()
