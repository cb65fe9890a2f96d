"""Seals the few secrets that Kith keeps: encrypted and signed, under keys that can be changed while it runs."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.errors import ConfigError, SealError


class Sealer:
    """Seals with the newest key and opens with any of them (Fernet: AES-128-CBC with HMAC-SHA-256)."""

    def __init__(self, keys: Sequence[str]) -> None:
        """`keys` are Fernet keys, the newest first; ConfigError if there is none or one cannot be used."""
        try:
            self._keys = MultiFernet([Fernet(key) for key in keys])
        except ValueError as exc:
            problem = "KITH_SECRET_KEYS: holds no usable key; make one with `kith keys new`"
            raise ConfigError(problems=problem) from exc

    def seal(self, text: str) -> bytes:
        """The text, to be kept where others may look."""
        return self._keys.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """What was sealed; SealError if none of the keys fits."""
        try:
            return self._keys.decrypt(sealed).decode()
        except InvalidToken as exc:
            raise SealError from exc

    def reseal(self, sealed: bytes) -> bytes:
        """The same under the newest key; SealError if none of the keys fits."""
        try:
            return self._keys.rotate(sealed)
        except InvalidToken as exc:
            raise SealError from exc


def new_key() -> str:
    """A fresh key, from the machine's own source of randomness."""
    return Fernet.generate_key().decode()
