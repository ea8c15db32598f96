"""Tests of lookalike.telegram_bot.photos."""
