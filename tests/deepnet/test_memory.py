"""The memory that is available: the system's, or what control groups leave of it."""

import numpy as np
import pytest

from deepnet import memory
from deepnet.memory import available, left_in_groups

KIND = {
    "old": ("4:memory:/box/job", "memory", "memory.limit_in_bytes", "memory.usage_in_bytes"),
    "new": ("0::/box/job", "", "memory.max", "memory.current"),
}


def groups(tmp_path, kind, **limits):
    """Control groups with {folder: (limit, used)}, and the file that names the process's own."""
    line, controller, limit, used = KIND[kind]
    own = tmp_path / "cgroup"
    own.write_text(f"9:cpu:/elsewhere\n{line}\n")
    for name, (most, now) in limits.items():
        folder = tmp_path / controller / name.replace("_", "/")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / limit).write_text(f"{most}\n")
        (folder / used).write_text(f"{now}\n")
    return {"own": own, "mounted": tmp_path}


@pytest.mark.parametrize("kind", KIND)
def test_each_group_leaves_its_limit_less_what_it_uses(tmp_path, kind):
    there = groups(tmp_path, kind, box=(1000, 300), box_job=(600, 50))
    assert sorted(left_in_groups(**there)) == [550, 700]


@pytest.mark.parametrize(
    ("kind", "name"), [("old", "total_inactive_file"), ("new", "inactive_file")]
)
def test_cached_files_count_as_left(tmp_path, kind, name):
    there = groups(tmp_path, kind, box_job=(600, 500))
    stat = tmp_path / KIND[kind][1] / "box" / "job" / "memory.stat"
    stat.write_text(f"anon 400\n{name} 90\nactive_file 10\n")
    assert left_in_groups(**there) == [190]


def test_a_group_without_a_limit_and_a_system_without_groups_leave_all(tmp_path):
    assert left_in_groups(**groups(tmp_path, "new", box_job=("max", 50))) == []
    assert left_in_groups(tmp_path / "absent", tmp_path) == []


def test_the_host_gives_a_share_of_the_smaller(monkeypatch):
    x = np.zeros(1)
    monkeypatch.setattr(memory, "left_in_groups", lambda: [])
    assert 0 < available(x) < memory.virtual_memory().total
    monkeypatch.setattr(memory, "left_in_groups", lambda: [8000, 1 << 62])
    assert available(x) == 7000
