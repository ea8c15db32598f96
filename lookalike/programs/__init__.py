"""What the programs at the top level run: each composes the other packages; nothing imports this one.

match_photos.py  matcher.py: photos on the disk -> outcomes, printed
serve.py         bot.py: the bot and the page
"""
