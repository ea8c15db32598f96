"""What is kept about users: SQLite, encryption, the log in MongoDB."""
