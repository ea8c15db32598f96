"""Tests of lookalike.telegram_bot.replies."""
