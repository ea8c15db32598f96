"""Google's MediaPipe networks as ONNX files: the points of a face, and which part of a picture is a person.

    pip download --no-deps --only-binary :all: --python-version 3.11 --platform manylinux2014_x86_64 mediapipe==0.10.14
    unzip mediapipe-*.whl 'mediapipe/modules/*.tflite'
    pip install tensorflow-cpu==2.19.1 tf2onnx==1.17.0
    python assets/face_mesh/convert.py mediapipe/modules

Run once, by hand, since TensorFlow takes a gigabyte: the two files are kept in git, at half precision, which is how
MediaPipe has them. Their output is that of TensorFlow Lite within 2e-4 (printed). MediaPipe is under the Apache License
2.0 (LICENSE.txt), and so are its models: "MediaPipe Face Mesh", "MediaPipe Selfie Segmentation", model cards of 2020.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import onnxruntime
import tensorflow as tf
from onnx import TensorProto, helper, numpy_helper

HERE = Path(__file__).parent
NETWORKS = ("face_landmark/face_landmark.tflite", "selfie_segmentation/selfie_segmentation.tflite")
TRANSPOSED = "TFL_Convolution2DTransposeBias"  # MediaPipe's own operation, which tf2onnx leaves as it is
LARGE = 64  # numbers; smaller constants stay at single precision
OPSET = 17


def main() -> None:
    """Convert both, compare, save."""
    for name in NETWORKS:
        source = Path(sys.argv[1]) / name
        model = converted(source)
        replace_transposed(model)
        to_half(model)
        del model.opset_import[1:]
        onnx.checker.check_model(model)
        onnx.save(model, HERE / f"{source.stem}.onnx")
        print(source.stem, "differs by", difference(source, HERE / f"{source.stem}.onnx"))


def converted(source: Path) -> onnx.ModelProto:
    """By tf2onnx."""
    with TemporaryDirectory() as folder:
        target = Path(folder) / "model.onnx"
        command = ["--tflite", str(source), "--output", str(target), "--opset", str(OPSET)]
        subprocess.run([sys.executable, "-m", "tf2onnx.convert", *command], check=True)  # noqa: S603 - its own interpreter
        return onnx.load(target)


def replace_transposed(model: onnx.ModelProto) -> None:
    """MediaPipe's transposed convolution, 2 × 2 with a stride of 2, by ONNX's, whose channels come first."""
    graph = model.graph
    for node in [one for one in graph.node if one.op_type == TRANSPOSED]:
        weights, bias = (next(one for one in graph.initializer if one.name == name) for name in node.input[1:])
        place = list(graph.node).index(node)
        graph.node.remove(node)
        convolve = ["segment_in", "segment_weights", "segment_bias"]
        nodes = (
            helper.make_node("Transpose", [node.input[0]], ["segment_in"], perm=[0, 3, 1, 2]),
            helper.make_node("ConvTranspose", convolve, ["segment_out"], strides=[2, 2], kernel_shape=[2, 2]),
            helper.make_node("Transpose", ["segment_out"], [node.output[0]], perm=[0, 2, 3, 1]),
        )
        for number, one in enumerate(nodes):
            graph.node.insert(place + number, one)
        by_channel = numpy_helper.to_array(weights).transpose(3, 0, 1, 2).copy()
        graph.initializer.remove(weights)
        graph.initializer.remove(bias)
        graph.initializer.append(numpy_helper.from_array(by_channel, "segment_weights"))
        graph.initializer.append(numpy_helper.from_array(numpy_helper.to_array(bias).reshape(1), "segment_bias"))


def to_half(model: onnx.ModelProto) -> None:
    """Large constants at half precision, with a cast before they are used; ONNX Runtime does it once, when it loads."""
    graph = model.graph
    for constant in list(graph.initializer):
        if constant.data_type != TensorProto.FLOAT or np.prod(constant.dims) <= LARGE:
            continue
        exact = numpy_helper.to_array(constant)
        half = exact.astype(np.float16)
        if (half != exact).any():
            sys.exit(f"{constant.name} is not at half precision")
        graph.initializer.remove(constant)
        graph.initializer.append(numpy_helper.from_array(half, f"{constant.name}_half"))
        cast = helper.make_node("Cast", [f"{constant.name}_half"], [constant.name], to=TensorProto.FLOAT)
        graph.node.insert(0, cast)


def difference(source: Path, made: Path) -> float:
    """The largest difference of any output from TensorFlow Lite's, for noise."""
    theirs = tf.lite.Interpreter(str(source))
    theirs.allocate_tensors()
    [wanted] = theirs.get_input_details()
    picture = np.random.default_rng(0).random(wanted["shape"], dtype=np.float32)
    theirs.set_tensor(wanted["index"], picture)
    theirs.invoke()
    session = onnxruntime.InferenceSession(str(made))
    ours = session.run(None, {session.get_inputs()[0].name: picture})
    outputs = [theirs.get_tensor(one["index"]) for one in theirs.get_output_details()]
    return max(float(np.abs(a - b).max()) for a in outputs for b in ours if a.shape == b.shape)


if __name__ == "__main__":
    main()
