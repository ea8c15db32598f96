"""How much people like stars, and whom they will like.

A rating is kept because its button was pressed, after a line that says so: consent to looking at photos is another
thing. In groups nothing is rated, as everybody would read who likes whom.

rating.py        a star is rated under an answer and on its page
rating_run.py    well-known stars to be rated, one after another
recommending.py  recommended stars, and whom others like too
"""
