"""Errors: what an OData client is told when something cannot be done."""

from __future__ import annotations


class ODataError(Exception):
    """A status, a stable code and a sentence, in the shape that OData asks for."""

    def __init__(self, status: int, code: str, message: str) -> None:
        """`code` is for programs, `message` for people."""
        self.status, self.code, self.message = status, code, message
        super().__init__(code)

    def body(self) -> dict[str, dict[str, str]]:
        """The answer's body."""
        return {"error": {"code": self.code, "message": self.message}}
