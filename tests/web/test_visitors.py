"""Limits per visitor, with a clock that stands still until it is moved."""

import pytest
from starlette.requests import HTTPConnection

from lookalike.core.settings import read_settings
from lookalike.web import visitors
from lookalike.web.visitors import MAX_UPLOADS, Visitors, visitor_of

PROXIES = read_settings({"TRUSTED_PROXIES": "10.0.0.1, 192.168.0.0/16"}).trusted_proxies


class Clock:
    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def sent(one: Visitors, who: str = "10.1.1.1") -> int:
    """The seconds to wait of a photo that is answered at once."""
    wait_s = one.begin(who)
    if not wait_s:
        one.end(who)
    return wait_s


def test_photos_are_allowed_again_as_time_passes() -> None:
    clock = Clock()
    limited = Visitors(per_minute=6, clock=clock)
    assert [sent(limited) for _ in range(7)] == [0, 0, 0, 0, 0, 0, 10]
    clock.now_s += 9.5
    assert sent(limited) == 1
    clock.now_s += 0.5
    assert [sent(limited), sent(limited)] == [0, 10]
    clock.now_s += 3600
    assert [sent(limited) for _ in range(7)] == [0, 0, 0, 0, 0, 0, 10]


def test_a_visitor_does_not_use_up_what_others_may_send() -> None:
    limited = Visitors(per_minute=1, clock=Clock())
    assert [sent(limited, "10.1.1.1"), sent(limited, "10.1.1.1"), sent(limited, "10.1.1.2")] == [0, 60, 0]


def test_an_upload_that_ends_makes_room_for_the_next() -> None:
    limited = Visitors(clock=Clock())
    assert [limited.begin("a") for _ in range(MAX_UPLOADS + 1)] == [0] * MAX_UPLOADS + [5]
    limited.end("a")
    assert limited.begin("a") == 0


def test_of_many_visitors_only_those_with_something_to_limit_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitors, "MAX_KNOWN", 3)
    clock = Clock()
    limited = Visitors(per_minute=1, clock=clock)
    limited.begin("in flight")
    for who in ("b", "c"):
        sent(limited, who)
    clock.now_s += 61
    sent(limited, "d")
    assert set(limited._known) == {"in flight", "d"}
    limited.end("in flight")


@pytest.mark.parametrize(
    ("client", "forwarded", "expected"),
    [
        ("9.9.9.9", [], "9.9.9.9"),
        ("9.9.9.9", ["8.8.8.8"], "9.9.9.9"),  # from nobody we trust
        ("10.0.0.1", ["8.8.8.8"], "8.8.8.8"),
        ("10.0.0.1", ["1.1.1.1, 8.8.8.8"], "8.8.8.8"),  # what the visitor claims to be stands before
        ("10.0.0.1", ["1.1.1.1, 8.8.8.8, 192.168.3.4"], "8.8.8.8"),
        ("10.0.0.1", ["8.8.8.8", "192.168.3.4"], "8.8.8.8"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["192.168.3.4"], "192.168.3.4"),
        ("10.0.0.1", ["2001:db8:1:2:3::4"], "2001:db8:1:2::/64"),
        ("10.0.0.1", ["nonsense"], "nonsense"),
    ],
)
def test_the_visitor_is_the_last_address_that_is_no_trusted_proxys(
    client: str, forwarded: list[str], expected: str
) -> None:
    headers = [(b"x-forwarded-for", line.encode()) for line in forwarded]
    request = HTTPConnection({"type": "http", "client": (client, 1), "headers": headers})
    assert visitor_of(request, PROXIES) == expected
