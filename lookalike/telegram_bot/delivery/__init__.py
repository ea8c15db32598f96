"""Updates in at least once, messages out at the pace Telegram allows."""
