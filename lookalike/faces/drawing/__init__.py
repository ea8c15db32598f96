"""Pictures drawn of faces, in a worker.

In reading order:

* `portrait.py`: where a photo is cut, so that all faces are alike
* `affine.py`: parts that are turned and made smaller at once
* `aligned.py`: a face cut with level eyes
* `face_mesh.py`: 468 points of a face
* `morph.py`: one face turns into another, as a video and a strip
* `video.py`: pictures to an MP4
* `lettering.py`: lines of text in any script
* `card/`: the share card of an answer
* `numbered_faces.py`: a photo of several people, with a number at each face
* `thumbnails.py`: small pictures for the gallery report
* `avatar/`: a person as a drawing
"""
