"""Updates in at least once, replies out: python-telegram-bot, Fluent."""
