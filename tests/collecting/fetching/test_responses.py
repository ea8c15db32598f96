"""What a status and its header fields mean."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from lookalike.collecting.fetching.responses import check_status, retry_after_s
from lookalike.core.errors import FailureKind, FetchFailed

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"), [("", 0), ("7", 7), ("soon", 0), ("-3", 0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0)]
)
def test_retry_after_is_in_seconds_or_0(text: str, seconds: float) -> None:
    assert retry_after_s(httpx.Response(429, headers={"retry-after": text}), NOW) == seconds


def test_retry_after_can_be_a_date() -> None:
    date = format_datetime(NOW + timedelta(seconds=100), usegmt=True)

    assert retry_after_s(httpx.Response(429, headers={"retry-after": date}), NOW) == 100


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, FailureKind.REFUSED), (401, FailureKind.REFUSED), (403, FailureKind.REFUSED), (404, FailureKind.GONE),
        (408, FailureKind.BROKEN), (429, FailureKind.BUSY), (500, FailureKind.BROKEN), (503, FailureKind.BUSY),
        (504, FailureKind.TIMED_OUT),
    ],
)  # fmt: skip
def test_a_status_decides_what_a_failure_means(status: int, kind: FailureKind) -> None:
    with pytest.raises(FetchFailed) as failure:
        check_status(httpx.Response(status), b"")

    assert failure.value.kind is kind
