"""The vault: what is kept about people is sealed, with a key that lies in its own file outside the data directory.

Telegram asks for it: data "always encrypted at rest and stored separately from its encryption key"
(https://telegram.org/tos/bot-developers, 4.4a). AES-256-GCM with a random nonce; the row a value belongs to is the
associated data, so a value copied into another row does not open. Rows are found by a keyed hash of the Telegram id.
"""

import base64
import binascii
import contextlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from lookalike.core.errors import KeyFileError, StoreError

KEY_BYTES = 32  # AES-256
NONCE_BYTES = 12  # the size GCM is defined for, NIST SP 800-38D 5.2.1.1
TAG_BYTES = 16  # of the keyed hash: no two of 10^9 people share one, but for a chance of 10^-21
KEY_FILE_PREFIX = "lookalike-data-key-1:"  # format version; base64 of the key follows
CHECK_ROW = "meta:check"
CHECK_TEXT = b"this store was sealed with this key"


class Cipher:
    """Seals and opens values, and names people without telling who they are."""

    def __init__(self, key: bytes) -> None:
        self._seal = AESGCM(_subkey(key, b"seal"))
        self._find_key = _subkey(key, b"find")

    @classmethod
    def open(cls, key_file: Path, *, create: bool) -> Self:
        """Read the key; make one if there is none and `create` says that no data exist yet."""
        try:
            if create:
                with contextlib.suppress(FileExistsError):
                    _write_new_key(key_file)
            text = key_file.read_text("ascii").strip()
        except FileNotFoundError:
            raise KeyFileError(
                f"the key file {key_file} is missing, and the data kept cannot be read without it: "
                "put it back, or remove the data directory to start afresh"
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            raise KeyFileError(f"the key file {key_file} cannot be used: {error}") from error
        return cls(_parse_key(text, key_file))

    def seal(self, row: str, plain: bytes) -> bytes:
        """Return nonce and ciphertext of `plain`; it opens only with the same `row`, e.g. `journal:17`."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._seal.encrypt(nonce, plain, row.encode())

    def unseal(self, row: str, sealed: bytes) -> bytes:
        """Return what `seal` was given."""
        try:
            return self._seal.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], row.encode())
        except (InvalidTag, ValueError):  # ValueError: too short to hold a nonce
            raise StoreError(f"a value in {row.partition(':')[0]} is damaged, or belongs to another row") from None

    def tag(self, kind: str, *numbers: int) -> bytes:
        """Return the keyed hash under which a row about these ids is found."""
        text = ":".join([kind, *map(str, numbers)])
        return hmac.digest(self._find_key, text.encode(), "sha256")[:TAG_BYTES]

    def check_value(self) -> bytes:
        """Return what a new store keeps to recognise its key."""
        return self.seal(CHECK_ROW, CHECK_TEXT)

    def check(self, value: bytes, key_file: Path) -> None:
        """Refuse a key that did not seal `value`."""
        try:
            self.unseal(CHECK_ROW, value)
        except StoreError:
            raise KeyFileError(f"the key in {key_file} is not the one the data were sealed with") from None


def _subkey(key: bytes, purpose: bytes) -> bytes:
    """Derive one key per purpose, so that sealing and hashing never share one."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"lookalike " + purpose).derive(key)


def _parse_key(text: str, key_file: Path) -> bytes:
    try:
        key = base64.b64decode(text.removeprefix(KEY_FILE_PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if not text.startswith(KEY_FILE_PREFIX) or len(key) != KEY_BYTES:
        raise KeyFileError(f"{key_file} is no key file: it must hold {KEY_FILE_PREFIX} and {KEY_BYTES} bytes in base64")
    return key


def _write_new_key(key_file: Path) -> None:
    """Make the file readable by its owner alone, whole and on the disk before anything is sealed with it."""
    key_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    line = KEY_FILE_PREFIX + base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode() + "\n"
    with os.fdopen(os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
    directory = os.open(key_file.parent, os.O_RDONLY)
    try:
        os.fsync(directory)  # the name too must survive a power cut
    finally:
        os.close(directory)
