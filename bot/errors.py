"""The errors Kith raises; a class's docstring is the message and says what to do next.

KithError
├── ConfigError        a setting is wrong
├── ContentError       a file under prompts/ is wrong
├── ExportError        an export cannot be read at all
├── StoreError         the database does not answer as it should
├── SealError          what was sealed opens with none of the keys
├── BadInputError      what somebody typed cannot be used as it stands
└── PlatformError      a chat platform refused or did not answer
    ├── PlatformBusyError   … and asks to be tried again later
    ├── PlatformGoneError   … and will never do this: the channel is gone or closed, the token revoked
    └── PlatformUnsureError … after it had been told what to do, so it may have been done
"""

from __future__ import annotations


class KithError(Exception):
    """Something went wrong in Kith; the message says what to do."""

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__((type(self).__doc__ or "").format(**facts))


class ConfigError(KithError):
    """{problems}
    Mend the settings named above (environment or kith.toml) and start again."""


class ContentError(KithError):
    """{file}: {key}: {problem}"""


class ExportError(KithError):
    """{file}: {problem}"""


class StoreError(KithError):
    """The database cannot be used: {problem}. Check KITH_DATABASE_URL, then run `kith db upgrade`."""


class SealError(KithError):
    """Something sealed opens with none of the keys. Put the key it was sealed with back into KITH_SECRET_KEYS."""


class BadInputError(KithError):
    """{problem}"""


class PlatformError(KithError):
    """The chat platform refused: {problem}."""


class PlatformBusyError(PlatformError):
    """The chat platform asks to wait {seconds} seconds: {problem}."""


class PlatformGoneError(PlatformError):
    """The chat platform will not do this any more: {problem}."""


class PlatformUnsureError(PlatformError):
    """The chat platform may have done this or not: {problem}."""
