"""The user log in MongoDB: who wrote and what they were answered. It may be away for days; nobody else notices.

documents.py  the documents, readable or sealed
mongo_log.py  the log in one MongoDB database
drain.py      carries the outbox of the store to the log
"""
