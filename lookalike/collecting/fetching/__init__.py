"""HTTP as Wikimedia's policies ask for it, and queries that an interrupted run need not repeat.

pace.py               one budget for all hosts: requests a minute, at a time, bytes a second
responses.py          a response -> its content, or what kind of failure it is
http_client.py        requests with retries and pauses, until a server is given up
progress.py           one overall bar with the time left; a line every 5 s where there is no terminal
query_log.py          the answers of an unfinished run
resumable_queries.py  queries in batches, each answered once a round
"""
