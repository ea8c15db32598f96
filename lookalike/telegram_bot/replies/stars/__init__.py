"""One celebrity: a page, a duel with them, several of whom one is meant.

star_page.py  a celebrity's page, and the question which one is meant
star_duel.py  the invitation to a duel, and its outcome
"""
