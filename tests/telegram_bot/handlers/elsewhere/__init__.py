"""Tests of the chats that are not the bot's own."""
