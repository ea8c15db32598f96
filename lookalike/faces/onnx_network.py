"""Networks in ONNX files: checked, then run on one core."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

from lookalike.core.errors import ModelError


def load_network(path: Path, sha256: str) -> Any:
    """The network as an ONNX Runtime session; ModelError unless the file has this SHA-256.

    Since 1.29 importing ONNX Runtime starts a telemetry thread, unless this variable is set before (its Privacy.md,
    "Disabling Telemetry").
    """
    check_model(path, sha256)
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # one worker per core already
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def check_model(path: Path, sha256: str) -> None:
    """ModelError unless the file has this SHA-256."""
    if not path.is_file():
        raise ModelError(f"model file {path} is missing: run `make setup`")
    if hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        raise ModelError(f"model file {path} is damaged: its SHA-256 is not {sha256}; delete it and run `make setup`")
