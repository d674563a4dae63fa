"""Which matrices of a graph can be embedded? One table: formula, source, which eigenvalues are taken, and the population.

A (n, n) is the graph, d its row sums, D = diag(d), 2m = sum d. For a block model, E[A_ij] = theta_i theta_j B_kl with i in
block k and j in block l, t_k = sum of theta in block k, g = B t, so that d_i = theta_i g_k; populations are those of P with
its diagonal. `docs/theory.md`, section 1.9, derives the last column.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulate.validation import require_choice

LARGEST = "largest magnitude"
ADJACENCY = "adjacency"
OF_LOGS = (
    "ppmi",
    "counts",
)  # operators that interactions have too; PPMI is what they are analysed by unless said


@dataclass(frozen=True)
class Operator:
    """A matrix of a graph: `formula` and `source` in words.

    `takes` says which eigenvalues an embedding keeps, `symmetric` whether the matrix is; of one that is not, the right
    eigenvectors are kept. `population` says what the rows of a block model are. `closed_form` says whether `population`
    computes it.
    """

    name: str
    formula: str
    source: str
    takes: str
    symmetric: bool
    population: str
    closed_form: bool = True


OPERATORS: dict[str, Operator] = {
    one.name: one
    for one in (
        Operator(
            ADJACENCY,
            "A",
            "Lei, Rinaldo 2015",
            LARGEST,
            True,
            "rays, norms proportional to theta",
        ),
        Operator(
            "normalised-laplacian",
            "D^-1/2 A D^-1/2; the Laplacian is I minus it, so that its smallest eigenvalues are the largest here",
            "Qin, Rohe 2013",
            LARGEST,
            True,
            "rays, norms proportional to theta^1/2; the first eigenvalue is 1",
        ),
        Operator(
            "random-walk",
            "D^-1 A",
            "Modell, Rubin-Delanchy 2021",
            LARGEST,
            False,
            "points, one for each block: theta cancels; eigenvalues as of normalised-laplacian; V' D V = I",
        ),
        Operator(
            "regularised-laplacian",
            "(D + tau)^-1/2 A (D + tau)^-1/2, tau the mean degree",
            "Qin, Rohe 2013",
            LARGEST,
            True,
            "rays, norms proportional to theta / (theta g_k + tau)^1/2: between theta and theta^1/2",
        ),
        Operator(
            "regularised-walk",
            "(D + tau)^-1 A, tau the mean degree",
            "Chaudhuri, Chung, Tsiatas 2012, who take right singular vectors of I minus it",
            LARGEST,
            False,
            "rays, norms proportional to theta / (theta g_k + tau), at most 1 / g_k; V' (D + tau) V = I",
        ),
        Operator(
            "modularity",
            "A - d d' / 2m",
            "Newman 2006",
            LARGEST,
            True,
            "rays, norms proportional to theta, at most K - 1 dimensions",
        ),
        Operator(
            "ppmi",
            "max(0, ln(2m A_ij / (d_i d_j))), zero diagonal; of interactions max(0, ln(N C_ij / (c_i c_j)))",
            "Levy, Goldberg 2014",
            LARGEST,
            True,
            "points, one for each block: theta cancels",
        ),
        Operator(
            "counts",
            "neighbours that two nodes share, A A' with zero diagonal; of interactions contexts that hold both items",
            "docs/theory.md, section 1.8",
            LARGEST,
            True,
            "rays, norms proportional to theta; the eigenvalues are the squares of those of adjacency",
        ),
        Operator(
            "non-backtracking",
            "steps from edge to edge that do not return, through [[0, D - I], [-I, A]] (2n x 2n)",
            "Krzakala et al. 2013; Bordenave, Lelarge, Massoulie 2018; Bass 1992",
            "real ones outside the circle of radius sqrt(mu_1), mu_1 the largest, which holds the others",
            False,
            "in the limit of many nodes eigenvalues as of adjacency, where outside the circle, and rows in the mean on its rays",
        ),
        Operator(
            "bethe-hessian",
            "(r^2 - 1) I - r A + D, r^2 = sum d^2 / sum d - 1 and r at least 1",
            "Saade, Krzakala, Zdeborova 2014",
            "smallest",
            True,
            "no closed form; as many negative eigenvalues as adjacency has eigenvalues above r",
            closed_form=False,
        ),
    )
}


def require_operator(value: object) -> str:
    """Return the name of an operator. Raises `ValueError` for any other, and names the nearest.

    Examples
    --------
    >>> require_operator("random-walk")
    'random-walk'
    >>> require_operator("random-wlk")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    ValueError: operator must be one of 'adjacency', ... 'bethe-hessian'; got 'random-wlk' (did you mean 'random-walk'?)
    """
    return require_choice(value, "operator", tuple(OPERATORS))
