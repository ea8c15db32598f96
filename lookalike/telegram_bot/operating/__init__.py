"""What whoever runs the bot does beside the answers.

ban_list.py     who is answered no more
broadcaster.py  sends a message to everybody, below the answers
chart_process.py   starts the process that draws the chart of /stats
activity_chart.py  that process
taste_trainer.py   has tastes learned anew from the ratings, and taken into use
training_process.py   the process that learns them
"""
