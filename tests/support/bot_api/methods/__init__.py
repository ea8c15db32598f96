"""Methods of the stand-in that need nothing of chats and messages.

profile.py      how a bot shows itself: name, descriptions, commands, picture
elsewhere.py    business connections and guest queries
inline_mode.py  what Telegram checks of an answer to an inline query
"""
