"""Small talk, and the menu that it leads back to.

small_talk.py  answers to that, and to what is not understood
menu.py        the keys under the chat, and buttons with the same choices
"""
