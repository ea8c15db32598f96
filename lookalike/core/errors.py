"""What can go wrong for good. Expected outcomes (no face, unreadable picture) are values, not errors.

LookalikeError
├── SettingsError             a setting is missing or wrong
├── ModelError                a model file is missing or damaged
├── IndexRefused              an index directory is missing, damaged, of another version or out of date
├── UnknownCelebrities        celebrities to be removed are not in the index
├── FilterError               a filter of celebrities is wrong, or leaves nobody
├── RatingsError              a file of ratings or of items cannot be used
├── TasteRefused              a taste model is missing, damaged or of another version
├── TrainingFailed            tastes were not learned from the ratings of the bot's users
├── UnknownNames              items to be rated or compared are not in the taste model
├── CatalogueError            a catalogue cannot be read at all
├── CollectError              photos cannot be collected: no contact, an unavailable server, a full disk
│   ├── ServerUnavailable     a server gives no usable answer any more, or asks for a very long pause
│   │   └── ServerBlocked     a server refuses this program, by status 403 or by a run of 400s
│   └── FetchFailed           one URL gave no usable answer
├── BuildRunning              another build uses the same embedding cache
├── ClusterError              a Dask cluster cannot be reached, or its workers cannot do the work
├── PortError                 the page, the webhook or the metrics cannot listen on their port
├── WorkerDied                a face worker crashed, hung or ran out of memory on this photo
├── PollFailed                getUpdates failed: an error, a wrong answer or none
├── TelegramSilent            nothing at all has come from Telegram for too long
├── TelegramUnavailable       Telegram does not serve at the moment
│   └── DownloadFailed        a file could not be downloaded from Telegram
├── UpdateClosed              the user of an update was erased while it was being handled
└── StoreError                the embedded store cannot serve
    ├── KeyFileError          the key file of the store is missing or wrong
    ├── StoreBusy             another process holds the data directory
    └── StoreClosed           used after close()
"""

from enum import Enum, auto


class LookalikeError(Exception):
    """Base of every error here; its text is for the operator, never for a user. `exit_status`: of a program it ends."""

    exit_status = 2


class SettingsError(LookalikeError):
    """A setting is missing or wrong; the text names each of them, with a hint."""


class ModelError(LookalikeError):
    """A model file is missing or damaged; the text names it."""


class IndexRefused(LookalikeError):
    """An index directory is missing, damaged, of another version or out of date; the text names file and reason."""


class UnknownCelebrities(LookalikeError):
    """Celebrities to be removed are not in the index. `ids`: which."""

    exit_status = 1

    def __init__(self, reason: str, ids: tuple[str, ...]) -> None:
        super().__init__(reason)
        self.ids = ids


class FilterError(LookalikeError):
    """A filter of celebrities is wrong, or leaves nobody; the text says which, and holds nothing of the operator's."""


class RatingsError(LookalikeError):
    """Ratings, or the names of items, cannot be used; the text has file, line and field, or what is missing."""


class TasteRefused(LookalikeError):
    """A taste model is missing, damaged or of another version; the text names file and reason."""


class TrainingFailed(LookalikeError):
    """Tastes were not learned from the ratings of the bot's users; the text says how the training ended."""


class UnknownNames(LookalikeError):
    """Items are not in the taste model. `names`: which; the text suggests similar ones."""

    def __init__(self, reason: str, names: tuple[str, ...]) -> None:
        super().__init__(reason)
        self.names = names


class CatalogueError(LookalikeError):
    """A catalogue cannot be read at all; single bad lines are reported and skipped instead."""


class BuildRunning(LookalikeError):
    """Another build uses the same embedding cache; the text names the file."""


class ClusterError(LookalikeError):
    """A Dask cluster cannot be reached, or its workers cannot do the work; the text names it and the reason."""


class CollectError(LookalikeError):
    """Photos cannot be collected (any further); what is collected is kept."""


class ServerUnavailable(CollectError):
    """A server gives no usable answer any more, or asks for a very long pause; the text names it and the reason."""


class ServerBlocked(ServerUnavailable):
    """A server refuses this program; the text has the server's own words and what to do."""


class FailureKind(Enum):
    """What a request without a usable answer means."""

    GONE = auto()  # a fact about this URL, such as 404: a retry is no use
    ITEM = auto()  # the server cannot do one of the items asked for; the others it can
    WRONG = auto()  # an error of the API: the request is not as the server wants it
    REFUSED = auto()  # a status such as 400 or 403, which says nothing about the URL
    TIMED_OUT = auto()  # the query takes the server too long: a narrower one may do
    BUSY = auto()  # the server asks for a pause
    UNREACHED = auto()  # no connection
    BROKEN = auto()  # a server error, a wrong body, a broken connection: a retry may do


class FetchFailed(CollectError):
    """One URL gave no usable answer.

    `retry_after_s`: the pause that a busy server asks for, 0 if it names none; `status`: of the response, 0 if that was
    not what was wrong.
    """

    def __init__(
        self, reason: str, kind: FailureKind = FailureKind.BROKEN, retry_after_s: float = 0.0, status: int = 0
    ) -> None:
        super().__init__(reason)
        self.kind = kind
        self.retry_after_s = retry_after_s
        self.status = status


class PortError(LookalikeError):
    """The page, the webhook or the metrics cannot listen; the text names which, the port and the reason."""


class WorkerDied(LookalikeError):
    """A face worker crashed, hung or ran out of memory on this photo."""


class PollFailed(LookalikeError):
    """getUpdates failed. `retry_after_s`: the wait that Telegram asks for; `is_silence`: no HTTP response at all."""

    def __init__(self, reason: str, retry_after_s: float | None = None, *, is_silence: bool = False) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s
        self.is_silence = is_silence


class TelegramSilent(LookalikeError):
    """Nothing at all, not even an error, has come from Telegram for too long: the process has to be restarted."""

    exit_status = 1


class TelegramUnavailable(LookalikeError):
    """Telegram does not serve at the moment: retried later, and not counted as a failed attempt."""


class DownloadFailed(TelegramUnavailable):
    """A file could not be downloaded from Telegram. `is_gone`: there is no such file (any more)."""

    def __init__(self, reason: str, *, is_gone: bool = False) -> None:
        super().__init__(reason)
        self.is_gone = is_gone


class UpdateClosed(LookalikeError):
    """The user of an update was erased while it was being handled: nothing is to be kept or sent any more."""


class StoreError(LookalikeError):
    """The embedded store cannot serve."""


class KeyFileError(StoreError):
    """The key file of the store is missing or wrong."""


class StoreBusy(StoreError):
    """Another process holds the data directory."""


class StoreClosed(StoreError):
    """The store was used after close()."""
