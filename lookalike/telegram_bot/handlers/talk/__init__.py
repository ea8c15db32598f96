"""Small talk, and the menu that it leads back to.

phrases.py     what people say beside names and photos: a text to its kind
small_talk.py  answers to that, and to what is not understood
menu.py        the keys under the chat, and buttons with the same choices
"""
