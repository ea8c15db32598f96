"""Pictures to faces with embeddings, their quality, and pictures drawn of faces: dlib, ONNX Runtime, Pillow.

In reading order:

* `types.py`: value types (Face, MeasuredFace, Refusal and its reasons) and the limits of a photo
* `containers.py`: walks the structure of a JPEG, PNG, WebP or GIF file, before anything decodes it
* `heif/`: the same for HEIC and AVIF, and their decoders
* `decoding.py`: bytes -> an upright RGB picture
* `detection.py`: where the faces are: HOG first, the MMOD network as a last resort, photos that lie on their side
* `mmod_detector.py`: dlib's convolutional detector in ONNX Runtime
* `finder.py`: a picture -> its faces with embeddings
* `onnx_network.py`: loads a network that is checked
* `dlib_weights.py`: reads dlib's model files
* `convert_model.py`: dlib's networks as ONNX files, made at set-up
* `quality.py`: which photos are good enough for a gallery
* `drawing/`: the share card of an answer, thumbnails, and where photos are cut
* `warm_up.py`: does each kind of work once, when a worker starts
* `photo_file.py`: reads a photo from the disk
"""
