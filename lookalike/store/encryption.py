"""Encryption at rest: AES-256-GCM for values, a keyed hash for the ids under which rows are found.

Telegram asks for it: data "always encrypted at rest and stored separately from its encryption key"
(https://telegram.org/tos/bot-developers, 4.4a). Each value has a random nonce; the row it belongs to is the associated
data, so a value copied into another row does not open. Values are padded, to hide how long a name is.
"""

import hmac
import secrets
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from lookalike.core.errors import StoreError
from lookalike.store.key_file import KEY_BYTES

NONCE_BYTES = 12  # the size GCM is defined for, NIST SP 800-38D 5.2.1.1
TAG_BYTES = 16  # of the keyed hash: the chance that two of 10^9 users share one is 10^-21
PAD_BYTES = 64  # plaintexts are padded to a multiple of this
PADDED = b"padded:"  # before the row in the associated data; values of schema 1 have neither it nor padding
CHECK_ROW = "meta:check"
CHECK_TEXT = b"this store was sealed with this key"


class Cipher:
    """Seals and opens values with one key, and hashes ids with it."""

    def __init__(self, key: bytes) -> None:
        self._seal = AESGCM(_subkey(key, b"seal"))
        self._find_key = _subkey(key, b"find")

    @classmethod
    def new(cls) -> Self:
        """A cipher with a random key that is kept nowhere."""
        return cls(secrets.token_bytes(KEY_BYTES))

    def seal(self, row: str, plain: bytes) -> bytes:
        """Return nonce and ciphertext of `plain`; it opens only with the same `row`, e.g. `journal:17`."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._seal.encrypt(nonce, _padded(plain), PADDED + row.encode())

    def unseal(self, row: str, sealed: bytes) -> bytes:
        """Return what `seal` was given; StoreError if it is damaged, of another row or of another key."""
        nonce, text = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            return _unpadded(self._seal.decrypt(nonce, text, PADDED + row.encode()))
        except (InvalidTag, ValueError):  # ValueError: too short to hold a nonce
            pass
        try:
            return self._seal.decrypt(nonce, text, row.encode())
        except (InvalidTag, ValueError):
            raise StoreError(f"a value in {row.partition(':')[0]} is damaged, or belongs to another row") from None

    def tag(self, kind: str, *ids: int | str) -> bytes:
        """Return the keyed hash (16 bytes) under which a row about these ids is found."""
        text = ":".join([kind, *map(str, ids)])
        return hmac.digest(self._find_key, text.encode(), "sha256")[:TAG_BYTES]

    def check_value(self) -> bytes:
        """Return what a new store keeps to recognise its key."""
        return self.seal(CHECK_ROW, CHECK_TEXT)

    def fits(self, check_value: bytes) -> bool:
        """Whether this is the key that sealed `check_value`."""
        try:
            return self.unseal(CHECK_ROW, check_value) == CHECK_TEXT
        except StoreError:
            return False


def _subkey(key: bytes, purpose: bytes) -> bytes:
    """Derive one key per purpose, so that sealing and hashing never share one."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"lookalike " + purpose).derive(key)


def _padded(plain: bytes) -> bytes:
    """`plain`, a byte 0x80, then zeros up to a multiple of PAD_BYTES (ISO/IEC 7816-4)."""
    return plain + b"\x80" + bytes(-(len(plain) + 1) % PAD_BYTES)


def _unpadded(padded: bytes) -> bytes:
    return padded[: padded.rindex(b"\x80")]
