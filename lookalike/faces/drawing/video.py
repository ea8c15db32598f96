"""Pictures to a video without sound that Telegram shows as an animation, and browsers play: H.264 in MP4.

By PyAV, whose wheels hold FFmpeg and x264. It is imported when it is first needed: 40 MB that most workers never use.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Frame = npt.NDArray[np.uint8]  # (height, width, 3) RGB, even sides

QUALITY = 25  # x264's constant rate factor: less is better and larger
MOST_BITS = "700k"  # a second, whatever is in the pictures: 3 s have less than 300 KB
# One thread, since a worker may start none.
OPTIONS = {
    "crf": str(QUALITY),
    "maxrate": MOST_BITS,
    "bufsize": MOST_BITS,
    "preset": "veryfast",
    "threads": "1",
    "x264-params": "lookahead-threads=1:sliced-threads=0",
}


def encode_video(frames: Sequence[Frame], rate: int) -> bytes:
    """An MP4 of these frames, so many a second."""
    import av

    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=rate, options=OPTIONS)
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt, stream.thread_count = "yuv420p", 1
        for frame in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode(None))
    return file.getvalue()
