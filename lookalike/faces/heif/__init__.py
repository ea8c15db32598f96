"""HEIC and AVIF: the photos of phones.

In reading order:

* `boxes.py`: walks the boxes of a file before anything decodes it, and adds up what that would cost
* `coded_images.py`: the dimensions that a coded image within it declares
* `decoders.py`: Pillow's decoders of both, without threads
"""
