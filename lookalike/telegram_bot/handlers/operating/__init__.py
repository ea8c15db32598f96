"""Commands for who runs the bot.

statistics.py  how much there is of everything
bans.py        who is answered no more
broadcasts.py  a message to everybody
reloading.py   a new index
reports.py     reports, and hiding a star or a photo
"""
