"""What is kept about users: SQLite, encryption at rest, the user log in MongoDB.

models.py         the values that are kept, and their JSON forms
database.py       one SQLite connection in one thread; group commit; emptying the write-ahead log
key_file.py       the key file: reading, making, checking who can change it
encryption.py     AES-GCM for values, keyed hashes for ids
migrations.py     the schema and its versions
tables.py         what all tables share: verbs, sealing
journal.py        updates from arrival to answer, and outcomes whose answer is under way
outbox.py         changes that wait for the user log
users.py          users, consent, language
held_photos.py    photos that wait for consent
answers.py        what photos were answered with
conversations.py  dialogues of several steps
store.py          all verbs together; export, erase, purge
sharing/          what users collect, rate and pass on
operating/        what whoever runs the bot does with its users
user_log/         the log in MongoDB
maintenance/      what the maintainer's program does with a store
"""
