"""What the programs at the top level run: each composes the other packages; nothing imports this one.

match_photos.py     matcher.py: photos on the disk -> outcomes, printed
maintain_store.py   storage.py: statistics, backup, check, export, erasure, key rotation, purge
photos_of_index.py  collect_photos.py --index: free photos for the people of an index
recommend_items.py  recommend.py: ratings to a model, recommendations, similar items, figures
serve.py            bot.py: the bot and the page
"""
