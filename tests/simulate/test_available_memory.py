"""Memory that is available is the least of what the machine, the control groups and the process itself allow."""

import resource

import pytest

from simulate.available_memory import available_memory, resident_memory, supposed_memory

MIB = 2**20


def system(folder, *, free=1000, cgroup="", vm=10, limits=()):
    """Folders as the kernel shows them: `free` MiB, and groups (path, limit, used, cache) in MiB of a version."""
    proc, groups = folder / "proc", folder / "cgroup"
    (proc / "self").mkdir(parents=True)
    groups.mkdir()
    (proc / "meminfo").write_text(
        f"MemTotal: {4096 * 1024} kB\nMemAvailable: {free * 1024} kB\nHugePages_Total: 0\n"
    )
    (proc / "self" / "status").write_text(f"Name: python\nVmSize: {vm * 1024} kB\nVmRSS: {vm * 512} kB\n")
    (proc / "self" / "cgroup").write_text(cgroup)
    for path, names, most, used, cache in limits:
        group = groups / path
        group.mkdir(parents=True, exist_ok=True)
        limit, usage, inactive = names
        (group / limit).write_text(most if isinstance(most, str) else str(most * MIB))
        (group / usage).write_text(str(used * MIB))
        (group / "memory.stat").write_text(f"anon 5\n{inactive} {cache * MIB}\n")
    return proc, groups


V2 = ("memory.max", "memory.current", "inactive_file")
V1 = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")


def test_without_limits_it_is_what_the_machine_can_give(tmp_path):
    assert available_memory(*system(tmp_path, cgroup="0::/\n")) == 1000 * MIB


@pytest.mark.parametrize(
    ("cgroup", "limits", "left"),
    [
        ("0::/job\n", [("job", V2, 300, 100, 0)], 200),
        ("0::/job\n", [("job", V2, 300, 100, 60)], 260),  # pages of files are given up
        (
            "0::/job/step\n",
            [("job/step", V2, "max", 10, 0), ("job", V2, 250, 100, 0)],
            150,
        ),  # of the group above
        ("0::/host/path\n", [("", V2, 90, 40, 0)], 50),  # a container sees its own group as the root
        ("5:cpu,memory:/job\n", [("memory/job", V1, 400, 100, 0)], 300),
        ("0::/job\n", [("job", V2, 100, 300, 0)], 0),
        ("0::/job\n", [("job", V2, 5000, 0, 0)], 1000),
    ],
)
def test_limits_of_control_groups_count(tmp_path, cgroup, limits, left):
    assert available_memory(*system(tmp_path, cgroup=cgroup, limits=limits)) == left * MIB


def test_the_limit_of_address_space_counts(tmp_path, monkeypatch):
    monkeypatch.setattr(resource, "getrlimit", lambda which: (50 * MIB, resource.RLIM_INFINITY))
    assert available_memory(*system(tmp_path, vm=20)) == 30 * MIB


def test_a_system_that_says_nothing_has_its_whole_memory(tmp_path):
    assert available_memory(tmp_path / "none", tmp_path / "none") > 2**28
    assert resident_memory(tmp_path / "none") == 0


def test_a_supposed_memory_counts_inside_its_block_alone():
    with supposed_memory(5):
        assert available_memory() == 5
    assert available_memory() > 5


def test_what_a_process_holds_beyond_the_program_is_no_room(monkeypatch):
    from simulate import available_memory as module

    for held in (0, module.PROGRAM // 2, module.PROGRAM, 10 * module.PROGRAM):
        monkeypatch.setattr(module, "resident_memory", lambda held=held: held)
        with module.supposed_memory(1000):
            assert module.memory_in_all() == 1000 + min(held, module.PROGRAM)
