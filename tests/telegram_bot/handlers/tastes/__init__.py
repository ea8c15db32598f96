"""Tests of lookalike/telegram_bot/handlers/tastes."""
