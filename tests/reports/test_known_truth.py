"""What the page says of matrices whose truth is known: block models, graphs and logs without communities, hubs, vectors."""

from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from experiments import compare
from reports.analyses import read_analyses, read_manifest
from reports.answers import answers
from simulate import Constant, LogNormal, bipartite_dcbm, dcbm, sample_bipartite, sample_graph


def graph(rng, blocks, heterogeneity, *, n=400, degree=30, mixing=0.1):
    model = dcbm(n, blocks, heterogeneity=heterogeneity, mean_degree=degree, mixing=mixing, rng=rng)
    return sample_graph(model, rng, law="poisson")


def log(rng, blocks, heterogeneity=0.8):
    model = bipartite_dcbm(
        1200, 250, blocks, heterogeneity=LogNormal(heterogeneity), mean_length=10.0, rng=rng
    )
    return sample_bipartite(model, rng, clip=True)


def with_hubs(rng, chance):
    """Five nodes joined to half of the others, whatever their community, in a graph without communities."""
    dense = chance.toarray()
    for hub in range(5):
        others = rng.random(len(dense)) < 0.5
        dense[hub, others] = dense[others, hub] = 1
        dense[hub, hub] = 0
    return sparse.csr_array(dense)


def nested(rng):
    """Three communities of two each: within the smaller ones edges are twice as likely as elsewhere in the larger one."""
    block = np.arange(480) % 6
    p = np.where(block[:, None] == block, 0.3, np.where(block[:, None] // 2 == block // 2, 0.15, 0.01))
    upper = np.triu(rng.random(p.shape) < p, 1)
    return sparse.csr_array((upper + upper.T).astype(float))


def with_copies(original):
    """Every tenth item twice."""
    return sparse.csr_array(sparse.hstack([original, original[:, ::10]]))


def vectors():
    rng = np.random.default_rng(8)
    rays = np.linalg.qr(rng.standard_normal((16, 16)))[0][:8]
    lengths = rng.lognormal(0, 0.7, 800)[:, None]
    return {
        "isotropic": rng.standard_normal((800, 16)),
        "anisotropic": rng.standard_normal((800, 16)) + 3,
        "rays": rays[np.arange(800) % 8] * lengths + 0.02 * rng.standard_normal((800, 16)),
    }


SPIKY = "Yes, it is spiky beyond chance."
STRUCTURE = "It has structure, but is no spikier than chance."
NONE = ("No, it is no spikier than chance.", "That is not shown.")
TRUTH = {  # what may be said of whether it is spiky
    "three equal blocks": (SPIKY, STRUCTURE),
    "ten blocks": (SPIKY,),
    "nested blocks": (SPIKY,),
    "one block": NONE,
    "hubs": NONE,
    "log of six blocks": (SPIKY,),
    "log of one block": NONE,
    "log of Zipf": NONE,
    "log with copies": (STRUCTURE,),  # two copies are a community, and are named as what they are
    "isotropic": NONE,
    "anisotropic": NONE,
    "rays": (SPIKY,),
}
BLOCK_MODELS = ("three equal blocks", "ten blocks", "one block", "log of six blocks", "log of one block")


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """The analysis of each matrix by its name."""
    base, rng = tmp_path_factory.mktemp("truth"), np.random.default_rng(6)
    made = {
        "three equal blocks": graph(rng, 3, Constant()),
        "ten blocks": graph(rng, 10, LogNormal(0.6), n=600),
        "nested blocks": nested(rng),
        "one block": (chance := graph(rng, 1, LogNormal(0.8))),
        "hubs": with_hubs(rng, chance),
        "log of six blocks": log(rng, 6),
        "log of one block": (plain := log(rng, 1)),
        "log of Zipf": log(rng, 1, 1.5),
        "log with copies": with_copies(plain),
    }
    # seeds follow from the paths, so these are relative: every run draws the same
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(base)
        for name, rows in vectors().items():
            np.save(f"{name}.npy", rows)
            made[name] = f"{name}.npy"
        compare(made, twins=19, out="out")
        analyses, failures = read_analyses(Path("out"), read_manifest(Path("out")))
    assert not failures
    return dict(zip(TRUTH, analyses, strict=True))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:P exceeds 1")
@pytest.mark.parametrize("name", TRUTH)
def test_whether_it_is_spiky_and_what_to_do(said, name):
    spiky, _, advice = answers(said[name])
    assert spiky.lead in TRUTH[name]
    # advice that assumes communities only where there are some
    if TRUTH[name] == NONE:
        assert advice.lead == "Do not rely on the spikes."
        assert not any("dot product among items of the same spike" in line for line in advice.lines)
    else:
        assert advice.lead != "Do not rely on the spikes."


@pytest.mark.slow
def test_block_models_are_explained_by_block_models(said):
    """At the level of 5 % each: two or more of five have a chance of 2 %, and the draws are fixed by their seeds."""
    leads = [answers(said[name])[1].lead for name in BLOCK_MODELS]
    assert leads.count("As far as was looked, yes.") >= len(leads) - 1
    assert set(leads) <= {"As far as was looked, yes.", "Not the one fitted to it."}


@pytest.mark.slow
def test_what_is_wrong_is_found_where_it_is(said):
    found = {
        name: {one["check"] for one in a.described["checks"] if one["found"]} for name, a in said.items()
    }
    assert "common-mean" in found["anisotropic"] and "common-mean" not in found["isotropic"]
    assert "duplicates" in found["log with copies"] and "duplicates" not in found["log of one block"]
    assert "communities, or the near-duplicates that were found" in answers(said["log with copies"])[0].text
