"""Pictures to faces with embeddings, their quality, and pictures drawn of faces: dlib, ONNX Runtime, Pillow."""
