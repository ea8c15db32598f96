"""Tests of lookalike/telegram_bot/handlers/talk."""
