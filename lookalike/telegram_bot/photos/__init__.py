"""A photo on its way through the bot, and the answers that are remembered.

message_photo.py    the picture of a message
album_gathering.py  the pictures that were sent together
download.py         its bytes from Telegram
photo_queue.py      the photos that wait for a worker
answer_cache.py     the same photo again, answered at once
kept_answer.py      an answer that was found and not yet sent
kept_comparison.py  the same of two faces that were compared
"""
