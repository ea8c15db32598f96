"""What whoever runs the bot does with its users.

bans.py        users who are answered no more
broadcasts.py  messages to all users, and who still waits for one
activity.py    counts by day, for the chart
"""
