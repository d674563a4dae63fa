"""Which files are pickles? They run code when they are opened, so they are refused, with the one line that converts them.

PyTorch, gensim and joblib save pickles. They are told by their names and by their first bytes.
"""

from __future__ import annotations

import re
from pathlib import Path

from experiments.matrices.limits import require_regular
from experiments.matrices.reading import BadInput

TORCH = (
    "import numpy, torch; numpy.save({new!r}, torch.load({old!r}, weights_only=True).float().numpy())"
    "  # of several tensors, torch.load(...)[NAME]"
)
GENSIM = (
    "import gensim; v = gensim.models.KeyedVectors.load({old!r}); "
    "getattr(v, 'wv', v).save_word2vec_format({bin!r}, binary=True)"
)
FASTTEXT = (
    "import gensim; gensim.models.fasttext.load_facebook_vectors({old!r}).save_word2vec_format({vec!r})"
)
JOBLIB = "import joblib, numpy; numpy.save({new!r}, numpy.asarray(joblib.load({old!r}), dtype=float))"
PICKLE = (
    "import numpy, pickle; numpy.save({new!r}, numpy.asarray(pickle.load(open({old!r}, 'rb')), dtype=float))"
)

# (the name of a file, what it is, the line that converts it)
KINDS = (
    (r".*\.(pt|pth|ckpt)", "a pickle of PyTorch", TORCH),
    (r".*\.(kv|wordvectors|model|w2v)", "a pickle of gensim", GENSIM),
    (r".*\.joblib", "a pickle of joblib", JOBLIB),
    (r".*\.(pkl|pickle)(\.gz)?", "a pickle", PICKLE),
)


def require_no_pickle(path: Path) -> None:
    """Raise `BadInput` for a file that is a pickle by its name or its first bytes; the message holds the line that converts it.

    >>> require_no_pickle(Path("vectors.pt"))
    Traceback (most recent call last):
    ...
    experiments.matrices.bad_input.BadInput: vectors.pt: expected numbers without code; found a pickle of PyTorch, which is \
never opened; convert it where you trust it: python -c "import numpy, torch; numpy.save('vectors.npy', torch.load('vectors.pt', \
weights_only=True).float().numpy())  # of several tensors, torch.load(...)[NAME]"
    """
    for pattern, what, line in KINDS:
        if re.fullmatch(pattern, path.name, re.IGNORECASE):
            raise _refusal(path, what, line)
    if path.suffix.lower() != ".bin":
        return
    require_regular(path)
    with path.open("rb") as file:
        head = file.read(4)
    if head[:2] in (b"PK", b"\x80\x02"):
        raise _refusal(path, "a pickle of PyTorch", TORCH)
    if head == (793712314).to_bytes(4, "little"):
        raise _refusal(path, "a model of fastText", FASTTEXT)


def _refusal(path: Path, what: str, line: str) -> BadInput:
    new = {end: path.stem + f".{end}" for end in ("npy", "bin", "vec")}
    converts = line.format(old=path.name, new=new["npy"], bin=new["bin"], vec=new["vec"])
    found = f'{what}, which is never opened; convert it where you trust it: python -c "{converts}"'
    return BadInput(path, "numbers without code", found)
