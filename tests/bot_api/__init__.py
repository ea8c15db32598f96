"""Tests of the Bot API stand-in, tests/support/bot_api: it is held to what a real python-telegram-bot expects."""
