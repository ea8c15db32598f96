"""Wikidata and Wikimedia Commons -> photos with licences, and a catalogue of whom they show.

collect.py            options -> catalogue: one run, from all sources
catalogue_update.py   the catalogue before -> after: merged, written, stale photos deleted
run.py                what all stages share: rules, queries, rejects
names.py              a list of people -> their ids at Wikidata
people.py             famous people and their facts, as far as the rules admit them
admission.py          whom the rules admit
commons_photos.py     people -> their freely licensed photos, downloaded
linked_photos.py      a list of photo URLs -> celebrities
inputs.py             lists of names, lists of links, folders
downloads.py          photos onto the disk, complete or not at all
service_check.py      one request to each service: all fine, or what is wrong
wikimedia/            clients of Wikidata and Commons
fetching/             HTTP requests with retries, rate limits and progress
"""
