"""Chats that are not the bot's own: connections with business accounts, and guest queries.

core.telegram.org/bots/api#businessconnection, #answerguestquery.
"""

import time
from collections.abc import Callable
from typing import Any

from tests.support.bot_api.calls import Call, Json, RefusedError

TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


class Elsewhere:
    """The connections that owners of business accounts made, and guest queries that wait."""

    def __init__(self) -> None:
        """Start with none."""
        self.connections: dict[str, Json] = {}
        self.guest_queries: dict[str, Json | None] = {}  # by id; None until it is answered

    def methods(self) -> dict[str, Callable[[Call], Any]]:
        """The functions by the method's name."""
        return {"getBusinessConnection": self._connection, "answerGuestQuery": self._answer}

    def connect(self, owner: Json, *, can_reply: bool = True) -> str:
        """The owner of a business account connects the bot; the id of the connection."""
        number = f"business{len(self.connections) + 1}"
        rights = {"can_reply": True} if can_reply else {}
        self.connections[number] = {
            "id": number, "user": owner, "user_chat_id": owner["id"], "date": int(time.time()), "is_enabled": True,
            "rights": rights,
        }  # fmt: skip
        return number

    def sent_on_behalf(self, call: Call) -> Json:
        """What a message on behalf of an account shows; refused without the right to reply."""
        if "business_connection_id" not in call.params:
            return {}
        if not self._connection(call)["rights"].get("can_reply"):
            raise RefusedError(400, "Bad Request: BUSINESS_CONNECTION_NOT_ALLOWED")
        return {"business_connection_id": call.params["business_connection_id"]}

    def _connection(self, call: Call) -> Json:
        found = self.connections.get(call.params.get("business_connection_id", ""))
        if found is None:
            raise RefusedError(400, "Bad Request: business connection not found")
        return found

    def _answer(self, call: Call) -> Json:
        query, result = call.params.get("guest_query_id", ""), call.params.get("result") or {}
        if self.guest_queries.get(query, {}) is not None:
            raise RefusedError(400, TOO_OLD)
        if not (result.get("title") and result.get("input_message_content", {}).get("message_text")):
            raise RefusedError(400, "Bad Request: MESSAGE_EMPTY")
        self.guest_queries[query] = result
        return {"inline_message_id": f"inline-{query}"}
