"""What can go wrong for good. Expected outcomes (no face, unreadable picture) are values, not errors.

LookalikeError
├── SettingsError      a setting is missing or wrong
├── ModelError         a model file is missing or damaged
├── IndexRefused       an index directory is missing, damaged, foreign or stale
├── CatalogueError     a catalogue cannot be read at all
├── PortError          the page, the webhook or the metrics cannot listen on their port
├── WorkerDied         a face worker died, hung or was out of memory while it had this photo
├── PollFailed         Telegram gave no updates: an error, a wrong answer or none
├── Deaf               nothing at all has come from Telegram for too long
├── TelegramAway       Telegram does not serve at the moment
│   └── DownloadFailed a file could not be fetched from Telegram
└── StorageError       the embedded store cannot serve
    ├── KeyFileError   the key of people's data is missing or wrong
    ├── StorageBusy    another process holds the data directory
    └── StorageClosed  used after close()
"""


class LookalikeError(Exception):
    """Base of every error here; its text is for the operator, never for the person who wrote to the bot."""


class SettingsError(LookalikeError):
    """A setting is missing or wrong; the text names each of them."""


class ModelError(LookalikeError):
    """A model file is missing or damaged; the text names it."""


class IndexRefused(LookalikeError):
    """An index directory is missing, damaged, foreign or stale; the text names the file and the reason."""


class CatalogueError(LookalikeError):
    """A catalogue cannot be read at all; single bad lines are reported and skipped instead."""


class PortError(LookalikeError):
    """The page, the webhook or the metrics cannot listen; the text names which, the port and the reason."""


class WorkerDied(LookalikeError):
    """A face worker died, hung or ran out of memory while it had this photo."""


class PollFailed(LookalikeError):
    """Telegram gave no updates. `retry_after_s`: how long it asks us to wait; `is_silence`: not even a refusal came."""

    def __init__(self, reason: str, retry_after_s: float | None = None, *, is_silence: bool = False) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s
        self.is_silence = is_silence


class Deaf(LookalikeError):
    """Nothing at all, not even a refusal, has come from Telegram for too long: a new process may hear better."""


class TelegramAway(LookalikeError):
    """Telegram does not serve at the moment: what waits for it is tried again, and not counted as a failure."""


class DownloadFailed(TelegramAway):
    """A file could not be fetched from Telegram. `is_gone`: there is no such file (any more)."""

    def __init__(self, reason: str, *, is_gone: bool = False) -> None:
        super().__init__(reason)
        self.is_gone = is_gone


class StorageError(LookalikeError):
    """The embedded store cannot serve."""


class KeyFileError(StorageError):
    """The key of people's data is missing or wrong."""


class StorageBusy(StorageError):
    """Another process holds the data directory."""


class StorageClosed(StorageError):
    """The store was used after close()."""
