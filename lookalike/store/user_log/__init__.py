"""The user log in MongoDB: who wrote and what they were answered. Without its server the bot works on as usual.

documents.py  the documents, readable or sealed
mongo_log.py  the log in one MongoDB database
drain.py      carries the outbox of the store to the log
"""
