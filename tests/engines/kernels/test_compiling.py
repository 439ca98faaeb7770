"""Compiled code on disk: processes that compile at once do not take each other's."""

from concurrent.futures import ThreadPoolExecutor

from numba.core.caching import IndexDataCacheFile

from deltarule.engines.kernels.compiling import one_process_at_a_time


def files_in(folder):
    files = IndexDataCacheFile(str(folder), "kernel", "stamp")
    one_process_at_a_time(files)
    return files


def test_what_several_write_at_once_is_each_found_under_its_own_key(tmp_path):
    # A lock of a file keeps threads apart that opened it each for itself, as it keeps processes apart.
    def write(worker):
        files = files_in(tmp_path)
        for number in range(20):
            files.save((worker, number), f"code {worker} {number}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    found = files_in(tmp_path)
    for worker in range(4):
        for number in range(20):
            assert found.load((worker, number)) == f"code {worker} {number}"


def test_a_folder_that_is_not_there_yet_holds_nothing(tmp_path):
    assert files_in(tmp_path / "none").load("key") is None
