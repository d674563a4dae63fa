"""Compiled loops run where no cache can be written, as in a read-only container without a home."""

import numpy as np

from simulate import compiled as module


def test_without_a_folder_for_its_cache_a_loop_is_compiled_all_the_same(monkeypatch):
    asked = []
    real = module.njit

    def nowhere_to_write(*, cache=False, nogil):
        asked.append(cache)
        if cache:
            raise RuntimeError("cannot cache function 'total': no locator available for file")
        return real(nogil=nogil)

    monkeypatch.setattr(module, "njit", nowhere_to_write)

    @module.compiled(nogil=True)
    def total(values):
        found = 0.0
        for value in values:
            found += value
        return found

    assert total(np.arange(4.0)) == 6.0 and asked == [True, False]
