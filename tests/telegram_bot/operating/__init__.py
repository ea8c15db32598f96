"""What whoever runs the bot does."""
