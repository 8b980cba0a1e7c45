"""A request that is no request of this server's, whoever sent it."""


class RefusedRequestError(Exception):
    """Refused with a status and a code, whatever the token says."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        """Keep what the sender is told."""
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
