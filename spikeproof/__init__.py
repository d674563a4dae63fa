"""The one root of the project: `spikeproof.simulate`, `.theory`, `.experiments` and `.reports`, and the command.

`from spikeproof.theory import embed` and `from theory import embed` give the same function of the same module. Use the
first form in your own code: it cannot meet a folder or module of yours that is called `theory`. Nothing is loaded before
it is used.
"""

from spikeproof._search_path import leave_out_working_folder

leave_out_working_folder(__path__[0].rpartition("/")[0])

from typing import TYPE_CHECKING  # noqa: E402

from spikeproof._rooms import ROOMS, HiddenModuleWarning, install  # noqa: E402

__all__ = ["HiddenModuleWarning"]

install()

if not TYPE_CHECKING:  # a type checker reads experiments/, reports.pyi, simulate.pyi and theory.pyi instead

    def __getattr__(name):
        """Import a room when it is first used: `import spikeproof; spikeproof.theory.embed`."""
        if name in ROOMS:
            from importlib import import_module

            return import_module(f"spikeproof.{name}")
        raise AttributeError(f"module 'spikeproof' has no attribute {name!r}")
