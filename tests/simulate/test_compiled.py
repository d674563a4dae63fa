"""Compiled loops: nothing is compiled before the first call, and they run where no cache can be written."""

import subprocess
import sys
import threading

import numba
import numpy as np
import pytest

from simulate.compiled import compiled


@compiled()
def _square(value):
    return value * value


@compiled(nogil=True)
def _sum_of_squares(values):
    found = 0.0
    for value in values:
        found += _square(value)
    return found


@compiled()
def _entry(values, place):
    return values[place]


def test_checked_indices_are_checked_although_the_loop_was_kept_unchecked(monkeypatch, tmp_path):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    for checked in (None, 1):
        monkeypatch.setattr(numba.config, "BOUNDSCHECK", checked)
        monkeypatch.setattr(_entry, "ready", None)
        assert _entry(np.arange(3.0), 2) == 2.0
    with pytest.raises(IndexError):
        _entry(np.arange(3.0), 3)


def test_a_loop_may_call_another_one_and_several_threads_may_call_it_first():
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(_sum_of_squares(np.arange(4.0)))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [14.0] * 8


def test_without_a_folder_for_its_cache_a_loop_is_compiled_all_the_same(monkeypatch):
    asked = []
    real = numba.njit

    def nowhere_to_write(*, cache=False, nogil):
        asked.append(cache)
        if cache:
            raise RuntimeError("cannot cache function 'total': no locator available for file")
        return real(nogil=nogil)

    monkeypatch.setattr(numba, "njit", nowhere_to_write)

    @compiled(nogil=True)
    def total(values):
        found = 0.0
        for value in values:
            found += value
        return found

    assert asked == []
    assert total(np.arange(4.0)) == 6.0 and asked == [True, False]


def test_importing_the_theory_loads_nothing_heavy():
    heavy = "{'numba', 'pandas', 'scipy.stats', 'sklearn', 'matplotlib', 'networkx', 'pyarrow', 'graspologic_native'}"
    code = f"import sys, theory; print(sorted({heavy} & set(sys.modules)))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"
