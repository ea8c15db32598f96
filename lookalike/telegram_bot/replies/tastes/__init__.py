"""What users read when they rate stars, and which stars they will like.

rating.py          the buttons with scores
rating_run.py      one star after another, each to be rated
recommendation.py  recommended stars
"""
