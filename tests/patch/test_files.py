"""Files are written whole, and what is no file is never replaced."""

import os
import stat
import threading

import pytest

from coderefine.errors import UsageError
from coderefine.patch.files import write_whole


def test_a_named_pipe_is_written_to_and_stays_one(tmp_path):
    pipe, read = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    write_whole(pipe, "text\n")
    reader.join(10)
    assert read == ["text\n"] and stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(UsageError, match="cannot write"):
        write_whole(tmp_path, "text")


def test_a_file_keeps_its_mode_and_links_are_followed(tmp_path):
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_text("old")
    file.chmod(0o640)
    link.symlink_to(file)
    write_whole(link, "new\r\n")
    assert file.read_bytes() == b"new\r\n" and file.stat().st_mode & 0o777 == 0o640 and link.is_symlink()
