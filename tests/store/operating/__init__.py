"""What whoever runs the bot does with its users."""
