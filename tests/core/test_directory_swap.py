"""The scratch directory in which a new directory is written: deleted in the end, whichever process was killed."""

import subprocess
import sys
from pathlib import Path

import pytest

from lookalike.core.directory_swap import scratch_beside

ROOT = Path(__file__).parents[2]
WRITING = """
import sys; sys.path.insert(0, sys.argv[1])
from pathlib import Path
from lookalike.core.directory_swap import scratch_beside
with scratch_beside(Path(sys.argv[2])) as directory:
    (directory / "embeddings.npz").write_bytes(b"embeddings")
    print(directory, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "index"


def start(target: Path) -> tuple[subprocess.Popen[str], Path]:
    """Another process that writes beside the index, and where."""
    command = [sys.executable, "-c", WRITING, str(ROOT), str(target)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    return process, Path(process.stdout.readline().strip())


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def test_a_scratch_directory_is_empty_beside_its_target_and_gone_afterwards(target: Path) -> None:
    with scratch_beside(target) as directory:
        assert (directory.parent, list(directory.iterdir())) == (target.parent, [])
        (directory / "file").touch()

    assert list(target.parent.iterdir()) == []


def test_a_scratch_directory_is_gone_after_an_error(target: Path) -> None:
    with pytest.raises(RuntimeError), scratch_beside(target):
        raise RuntimeError

    assert list(target.parent.iterdir()) == []


def test_a_directory_that_was_put_in_place_stays(target: Path) -> None:
    with scratch_beside(target) as directory:
        directory.rename(target)

    assert list(target.parent.iterdir()) == [target]


def test_a_directory_that_is_put_in_place_can_be_read_by_all(target: Path) -> None:
    with scratch_beside(target) as directory:
        assert directory.stat().st_mode & 0o777 == 0o755


def test_what_a_killed_process_left_is_deleted(target: Path) -> None:
    process, left = start(target)
    end(process)
    assert (left / "embeddings.npz").is_file()

    with scratch_beside(target):
        assert not left.exists()


def test_the_directory_of_a_running_process_is_not_deleted(target: Path) -> None:
    process, in_use = start(target)
    try:
        with scratch_beside(target) as directory:
            assert directory != in_use
        assert (in_use / "embeddings.npz").is_file()
    finally:
        end(process)


def test_the_scratch_directory_of_another_directory_is_not_deleted(target: Path) -> None:
    process, other = start(target.with_name("index2"))
    end(process)
    with scratch_beside(target):
        pass

    assert other.is_dir()
