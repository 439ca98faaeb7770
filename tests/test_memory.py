"""How much memory is free, read from files as Linux writes them; and what is refused because it does not fit."""

import pytest

from deltarule import LinearLayer, SoftmaxLayer
from deltarule.memory import ASSUMED, bytes_text, check_fits, free_memory

GB = 10**9
PLENTY = "MemTotal: 99999999999 kB\nMemAvailable: 90000000000 kB\n"


def system(folder, files):
    """A folder with these files in place of the root of the file system."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def test_what_the_system_counts_as_available_is_free(tmp_path):
    assert free_memory(system(tmp_path, {"proc/meminfo": "MemTotal: 9000 kB\nMemAvailable: 5000 kB\n"})) == 5_120_000


@pytest.mark.parametrize(
    ("path", "limits"),
    [
        ("/", {"": 3 * GB}),
        ("/job", {"job/": 3 * GB}),
        ("/job/step", {"": "max", "job/": 3 * GB, "job/step/": "max"}),
        ("/job/step", {"job/": 3 * GB, "job/step/": 9 * GB}),
    ],
)
def test_the_least_limit_of_the_groups_above_a_process_counts(tmp_path, path, limits):
    files = {"proc/meminfo": PLENTY, "proc/self/cgroup": f"0::{path}\n"}
    for group, limit in limits.items():
        files |= {
            f"sys/fs/cgroup/{group}memory.max": f"{limit}\n",
            f"sys/fs/cgroup/{group}memory.current": f"{2 * GB}\n",
            f"sys/fs/cgroup/{group}memory.stat": f"anon 5\ninactive_file {GB}\n",
        }
    assert free_memory(system(tmp_path, files)) == 2 * GB


def test_groups_of_the_first_version_are_read_as_well(tmp_path):
    files = {
        "proc/meminfo": PLENTY,
        "proc/self/cgroup": "5:cpu:/\n4:memory:/job\n",
        "sys/fs/cgroup/memory/job/memory.limit_in_bytes": f"{3 * GB}\n",
        "sys/fs/cgroup/memory/job/memory.usage_in_bytes": f"{GB}\n",
        "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
        "sys/fs/cgroup/memory/memory.usage_in_bytes": f"{GB}\n",
    }
    assert free_memory(system(tmp_path, files)) == 2 * GB


def test_a_group_that_takes_more_than_its_limit_leaves_nothing(tmp_path):
    files = {
        "proc/meminfo": PLENTY,
        "proc/self/cgroup": "0::/\n",
        "sys/fs/cgroup/memory.max": "5\n",
        "sys/fs/cgroup/memory.current": "9\n",
    }
    assert free_memory(system(tmp_path, files)) == 0


def test_without_those_files_some_memory_is_free_all_the_same(tmp_path):
    assert free_memory(tmp_path) > 10**6
    assert free_memory() > 10**6
    assert ASSUMED > 10**6


def test_sizes_have_two_figures_or_more():
    sizes = [0, 99_000, 100_000, 9_940_000, 12 * 10**6, 999 * 10**6, GB, 7.34 * GB, 1234 * GB]
    assert [bytes_text(int(size)) for size in sizes] == [
        *("0.1 MB", "0.1 MB", "0.1 MB", "9.9 MB", "12 MB", "999 MB", "1.0 GB", "7.3 GB", "1,234 GB")
    ]


def test_what_fits_is_let_through_and_what_does_not_is_named_with_its_size():
    check_fits("layer", "a small one", 10**6, "Give another.")
    with pytest.raises(
        ValueError, match=r"^The layer must fit into memory\. Got a large one, which need 5,000,000 GB, "
    ):
        check_fits("layer", "a large one", 5 * 10**15, "Give another.")


def test_a_layer_that_cannot_be_held_is_refused_before_it_is_drawn():
    with pytest.raises(ValueError, match=r"1,000,000,000 x 1,000,000,000 weights"):
        LinearLayer.random(10**9, 10**9, 0)
    with pytest.raises(ValueError, match=r"1,000,000,000,000 x 2 weights"):
        SoftmaxLayer.for_targets(10**12, ["a", "b"])


def test_targets_of_which_each_is_its_own_class_are_refused_where_their_rows_would_not_fit():
    names = [str(place) for place in range(200_000)]
    with pytest.raises(ValueError, match=r"200,000 labels of 200,000 classes.*a class has many patterns"):
        SoftmaxLayer.for_targets(1, names).encode(names)
