"""Tests of lookalike.telegram_bot.delivery."""
