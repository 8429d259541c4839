"""Every error the core raises on purpose.

BotError                  something a person can mend; the message says how
├── SettingError          a setting is wrong: names it, the fault and an example
├── UserError             what a member typed cannot be used; says what can
├── ContentError          a question file is wrong: names file, place and remedy
├── StorageError          the database cannot serve
│   ├── StorageBusy       locked by another process
│   ├── StorageFull       no space left
│   ├── StorageDamaged    a broken file
│   └── StorageForeign    not a database of ours
└── DeliveryError         a platform did not take a message
    ├── Refused           certainly not delivered
    ├── RetryAfter        not delivered; try again in `seconds`
    ├── Unsure            may have been delivered
    └── CannotLook        the platform cannot be asked what was delivered
"""


class BotError(Exception):
    """The root: its text is a sentence for the person who can mend it."""


class SettingError(BotError):
    """A setting is missing or has a value that cannot be used."""


class UserError(BotError):
    """What a member typed cannot be used; the text is shown to them as it stands."""


class ContentError(BotError):
    """A question file or a family cannot be used."""


class StorageError(BotError):
    """The database cannot serve; nothing that was not committed is acknowledged."""


class StorageBusy(StorageError):
    """Another process holds the database's lock."""


class StorageFull(StorageError):
    """The disk or the quota is full."""


class StorageDamaged(StorageError):
    """The file is broken."""


class StorageForeign(StorageError):
    """The file is not a database of ours."""


class DeliveryError(BotError):
    """A platform did not confirm a message."""


class Refused(DeliveryError):
    """The platform certainly did not deliver it; `gone` when the place no longer exists."""

    def __init__(self, message: str, *, gone: bool = False) -> None:
        super().__init__(message)
        self.gone = gone


class RetryAfter(DeliveryError):
    """Nothing was delivered, for a reason that may pass; try again in `seconds`."""

    def __init__(self, seconds: float, why: str = "") -> None:
        super().__init__(why or f"asked to wait {seconds:g} s")
        self.seconds = seconds


class Unsure(DeliveryError):
    """The platform may have delivered it: look before sending again."""


class CannotLook(DeliveryError):
    """The platform gives no way to see what was delivered."""
