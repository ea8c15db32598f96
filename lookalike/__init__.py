"""The bot, the page and the programs beside it; each package below says what it knows and in which order to read it."""
