"""One celebrity: a page, a duel with them, one at random.

star_page.py    the page of a celebrity, by name or by button
star_duel.py    how like one celebrity a photo is
random_star.py  a celebrity at random
"""
