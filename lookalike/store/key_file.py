"""The key file: 32 random bytes in base64 on one line, beside the data directory and never in it."""

import base64
import binascii
import logging
import os
import secrets
import stat
from pathlib import Path

from lookalike.core.errors import KeyFileError
from lookalike.core.paths import sync

log = logging.getLogger(__name__)

KEY_BYTES = 32  # AES-256
PREFIX = "lookalike-data-key-1:"  # format version; base64 of the key follows
NEXT_SUFFIX = ".new"  # of the key that a rotation is about to put in place
OTHERS_WRITE, OTHERS_READ = stat.S_IWGRP | stat.S_IWOTH, stat.S_IRGRP | stat.S_IROTH


def locate_key(data_dir: Path, key_file: Path | None) -> Path:
    """Return where the key is: `<data_dir>.key` unless another file is named, never inside the data directory."""
    data_dir = data_dir.resolve()
    path = key_file.resolve() if key_file else data_dir.with_name(data_dir.name + ".key")
    if path.is_relative_to(data_dir):
        raise KeyFileError(f"the key file {path} must not lie in the data directory it protects")
    return path


def next_key_of(path: Path) -> Path:
    """Return where a rotation writes the new key before it takes the place of the old one."""
    return path.with_name(path.name + NEXT_SUFFIX)


def read_key(path: Path) -> bytes:
    """Return the key; KeyFileError if the file is missing, is no key file, or can be changed by others."""
    try:
        text = path.read_text("ascii").strip()
        _check_access(path)
    except FileNotFoundError:
        raise KeyFileError(
            f"the key file {path} is missing, and the data kept cannot be read without it: "
            "put it back, or remove the data directory to start afresh"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileError(f"the key file {path} cannot be used: {error}") from error
    try:
        key = base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if not text.startswith(PREFIX) or len(key) != KEY_BYTES:
        raise KeyFileError(f"{path} is no key file: it must hold {PREFIX} and {KEY_BYTES} bytes in base64")
    return key


def make_key(path: Path) -> None:
    """Write a new random key for its owner alone, whole and synced; FileExistsError if the file is there."""
    unfinished = path.with_name(path.name + ".unfinished")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        line = PREFIX + base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode() + "\n"
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(unfinished, path)  # a kill before this leaves no key file that is empty
        finally:
            unfinished.unlink()
        sync(path.parent)  # the name too must survive a power cut
    except FileExistsError:
        raise
    except OSError as error:
        raise KeyFileError(f"the key file {path} cannot be written: {error.strerror}") from error


def put_in_place(path: Path) -> None:
    """Let the new key of a rotation take the place of the old one, atomically."""
    next_key_of(path).replace(path)
    sync(path.parent)


def _check_access(path: Path) -> None:
    """Refuse a key that another account can change; warn of one that another account can read or replace.

    The rest is no more than a warning: Docker and Kubernetes mount secrets with mode 0444, or with the owner they have
    on the host, into containers that have one account.
    """
    if path.is_relative_to(os.environ.get("CREDENTIALS_DIRECTORY") or path / "none"):
        return  # systemd's LoadCredential: readable by an access list, which looks like mode 0440
    file, folder = path.stat(), path.parent.stat()
    if file.st_mode & OTHERS_WRITE:
        raise KeyFileError(f"the key file {path} can be changed by other accounts: chmod 600 {path}")
    if file.st_uid not in (0, os.geteuid()):
        log.warning("the key file %s belongs to another account (uid %d): chown it", path, file.st_uid)
    if file.st_mode & OTHERS_READ:
        log.warning("the key file %s can be read by other accounts: chmod 600 it", path)
    if folder.st_mode & OTHERS_WRITE and not folder.st_mode & stat.S_ISVTX:
        log.warning("the folder %s of the key file can be changed by other accounts: chmod go-w it", path.parent)
