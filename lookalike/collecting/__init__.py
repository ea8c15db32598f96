"""Wikidata and Wikimedia Commons -> photos with licences, and a catalogue of whom they show.

collect.py            options -> catalogue: one run, from all sources
catalogue_update.py   the catalogue before -> after: merged, written, stale photos deleted
run.py                what all stages share: rules, queries, rejects
people.py             person queries -> people of Wikidata that the rules admit
commons_photos.py     people -> their freely licensed photos, downloaded
linked_photos.py      a list of photo URLs -> celebrities
inputs.py             lists of names, lists of links, folders
wikidata.py           Wikidata's query service and action API
commons.py            the action API of Commons: files, licences, authors
downloads.py          photos onto the disk, complete or not at all
resumable_queries.py  queries in batches, each answered once a round
query_log.py          the answers of an unfinished run
http_client.py        rate limits, retries, deadlines
"""
