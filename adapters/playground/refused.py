"""What the rehearsal cannot do as asked: an HTTP status and the key of the sentence that says why."""

from __future__ import annotations


class RefusedError(Exception):
    """Something in a request is wrong; `key` is a sentence under `rehearsal.error.` and `facts` fill it."""

    def __init__(self, status: int, key: str, **facts: str) -> None:
        self.status = status
        self.key = f"rehearsal.error.{key}"
        self.facts = facts
        super().__init__(key)
