"""Pictures drawn of faces, in a worker.

In reading order:

* `portrait.py`: where a photo is cut, so that all faces are alike
* `share_card.py`: the share card of an answer
* `numbered_faces.py`: a photo of several people, with a number at each face
* `thumbnails.py`: small pictures for the gallery report
"""
