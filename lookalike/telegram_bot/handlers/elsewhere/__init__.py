"""Chats that are not the bot's own: it is named there, answers once, and keeps nothing of the chat.

named.py     the answer to whoever named the bot
business.py  chats of a business account that the bot is connected with
guest.py     any chat, as a guest
"""
