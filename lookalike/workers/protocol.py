"""How the bot and its workers talk: one JSON head and one body of raw bytes a message, over a pair of pipes.

No pickle: a worker reads strangers' files, so what comes back from it is data, never something to execute.
"""

from __future__ import annotations

import json
import struct
from typing import Any

Head = dict[str, Any]
SIZES = struct.Struct(">II")  # bytes of the head, bytes of the body


def pack(head: Head, body: bytes = b"") -> bytes:
    """One message as bytes."""
    text = json.dumps(head).encode()
    return SIZES.pack(len(text), len(body)) + text + body


def unpack(text: bytes) -> Head:
    """The head of a message."""
    head: Head = json.loads(text)
    return head
