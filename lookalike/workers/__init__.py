"""The processes in which `faces` runs: strangers' pictures are decoded in them and nowhere else.

In reading order:

* `protocol.py`: requests and answers as frames over pipes, every field of an answer checked
* `file_shapes.py`: whether an answer has the shape of a picture or a video
* `worker_main.py`: the worker's program
* `decoded_photos.py`: photos that it keeps decoded for a moment, for their cards
* `sandbox.py`: what it gives up before it sees a photo: files, capabilities, threads, system calls
* `system_calls.py`: those it may make, as a seccomp filter for x86-64 and arm64
* `worker_process.py`: one worker as the bot sees it
* `stderr_log.py`: what it writes to its standard error, cut and logged
* `job_queue.py`: requests that wait
* `costly_photos.py`: photos that took a worker's whole time, refused for an hour
* `pool.py`: the pool: a photo in, faces, a card or a refusal out
"""
