"""Log lines: text or JSON, never a token."""

import json
import logging
from collections.abc import Iterator

import pytest

from lookalike.core.logging_setup import log_context, set_up_logging

TOKEN = "1234567890:AAbbccddeeffgghhiijjkkllmmnnooppqqr"  # noqa: S105 - made up


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)


def test_a_token_is_redacted_in_arguments_and_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("text", "INFO")
    log = logging.getLogger("test")
    log.info("url https://api/bot%s/getMe", TOKEN)
    try:
        raise RuntimeError(f"failed at /bot{TOKEN}/x")
    except RuntimeError:
        log.exception("it failed")

    written = capsys.readouterr().err
    assert TOKEN not in written
    assert written.count("[token]") == 2


def test_a_token_in_a_percent_encoded_url_is_redacted(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("text", "INFO")
    for colon in ("%3A", "%3a"):
        logging.getLogger("test").info("https://api/bot%s/getMe", TOKEN.replace(":", colon))

    written = capsys.readouterr().err
    assert TOKEN.partition(":")[2] not in written
    assert written.count("[token]") == 2


def test_of_a_line_that_cannot_be_formatted_only_its_place_is_logged(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("text", "INFO")
    logging.getLogger("test").info("%d updates", TOKEN)

    written = capsys.readouterr().err
    assert "test_logging_setup.py" in written
    assert TOKEN not in written


def test_secrets_of_any_shape_are_redacted(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("json", "INFO", ("mongodb://u:pw@h",))
    logging.getLogger("test").warning("no server at mongodb://u:pw@h/db")

    assert json.loads(capsys.readouterr().err)["message"] == "no server at [secret]/db"


def test_http_requests_are_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("text", "INFO")
    logging.getLogger("httpx").info("HTTP Request: GET https://api")

    assert capsys.readouterr().err == ""


def test_a_line_has_the_fields_of_its_context(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("text", "INFO")
    log = logging.getLogger("test")
    with log_context(update=17, user="3f2a"):
        with log_context(user=None):
            log.info("answered")
        log.info("done")
    log.info("idle")

    first, second, third = capsys.readouterr().err.splitlines()
    assert first.endswith("answered update=17 user=3f2a")
    assert second.endswith("done update=17 user=3f2a")
    assert third.endswith("idle")


def test_the_fields_of_the_context_are_fields_of_a_json_line(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("json", "INFO")
    with log_context(update=17, user="3f2a"):
        logging.getLogger("test").info("answered")

    entry = json.loads(capsys.readouterr().err)
    assert (entry["message"], entry["update"], entry["user"]) == ("answered", 17, "3f2a")


def test_control_characters_do_not_reach_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("text", "INFO")
    logging.getLogger("test").info("no index in %s", "\x1b[2Jindex")

    assert capsys.readouterr().err.endswith("no index in \\x1b[2Jindex\n")
