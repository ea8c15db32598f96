"""What can go wrong for good. Expected outcomes (no face, unreadable picture) are values, not errors.

LookalikeError
├── SettingsError      a setting is missing or wrong
├── ModelError         a model file is missing or damaged
├── IndexRefused       an index directory is missing, damaged, foreign or stale
├── UnknownPeople      somebody to be removed is not in the index
├── CatalogueError     a catalogue cannot be read at all
├── CollectError       photos cannot be collected: no contact, a server that stays away, a disk that is full
│   ├── ServerAway     a server gave no usable answer again and again, or wants to be left alone
│   └── FetchFailed    one address gave no usable answer
├── BuildRunning       another build keeps its embeddings in the same file
├── ClusterError       a Dask cluster cannot be reached, or its workers cannot do the work
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
    """Base of every error here; its text is for the operator, never for a user. `exit_status`: of a program it ends."""

    exit_status = 2


class SettingsError(LookalikeError):
    """A setting is missing or wrong; the text names each of them."""


class ModelError(LookalikeError):
    """A model file is missing or damaged; the text names it."""


class IndexRefused(LookalikeError):
    """An index directory is missing, damaged, foreign or stale; the text names the file and the reason."""


class UnknownPeople(LookalikeError):
    """Somebody to be removed is not in the index. `ids`: who."""

    exit_status = 1

    def __init__(self, reason: str, ids: tuple[str, ...]) -> None:
        super().__init__(reason)
        self.ids = ids


class CatalogueError(LookalikeError):
    """A catalogue cannot be read at all; single bad lines are reported and skipped instead."""


class BuildRunning(LookalikeError):
    """Another build keeps its embeddings in the same file; the text names it."""


class ClusterError(LookalikeError):
    """A Dask cluster cannot be reached, or its workers cannot do the work; the text names it and the reason."""


class CollectError(LookalikeError):
    """Photos cannot be collected (any further); what is collected is kept."""


class ServerAway(CollectError):
    """A server gave no usable answer again and again, or wants to be left alone for long."""


class FetchFailed(CollectError):
    """One address gave no usable answer.

    `is_final`: asking again is no use. `retry_after_s`: the server is busy and asked for a pause, 0 if it did not say
    how long; None if it is not busy.
    """

    def __init__(self, reason: str, *, is_final: bool = False, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.is_final = is_final
        self.retry_after_s = retry_after_s


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


class TelegramSilent(LookalikeError):
    """Nothing at all, not even a refusal, has come from Telegram for too long: the process has to be started again."""

    exit_status = 1


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
