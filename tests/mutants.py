"""Mutants of the mathematics and of its judging: one place of one file changed, and an even sample of all of them."""

import ast
import random
from dataclasses import dataclass
from functools import cache

from changed_tree import ROOT

FOLDERS = ("simulate", "theory", "experiments/judging")
COMPARISONS = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Is: "is not",
    ast.IsNot: "is",
    ast.In: "not in",
    ast.NotIn: "in",
}
ARITHMETIC = {
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "/",
    ast.Div: "*",
    ast.Pow: "*",
    ast.FloorDiv: "*",
    ast.Mod: "*",
}


@dataclass(frozen=True)
class Mutant:
    """One change: the characters from `start` to `end` of `path` become `text`."""

    path: str
    line: int
    start: int
    end: int
    text: str
    was: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}  {self.was}  ->  {self.text}"


@cache
def mutants_of(path: str) -> list[Mutant]:
    """Every mutant of a file, in the order of its lines; messages, types and docstrings are left alone."""
    source = (ROOT / path).read_text("utf-8")
    tree = ast.parse(source)
    lines = [0]
    for text in source.encode().splitlines(keepends=True):
        lines.append(lines[-1] + len(text))
    raw, found = source.encode(), []

    def add(node, text, start=None, end=None):
        first = lines[node.lineno - 1] + node.col_offset if start is None else start
        last = lines[node.end_lineno - 1] + node.end_col_offset if end is None else end
        was = raw[first:last].decode()
        found.append(Mutant(path, node.lineno, first, last, text, was))

    def span(node):
        return lines[node.lineno - 1] + node.col_offset, lines[node.end_lineno - 1] + node.end_col_offset

    def between(left, right, symbols, node):
        """The operator between two operands, brackets aside."""
        start, end = span(left)[1], span(right)[0]
        gap = raw[start:end].decode()
        for symbol in symbols:
            if (at := gap.find(symbol)) >= 0:
                return start + at, start + at + len(symbol)
        return None

    def visit(node):
        if isinstance(node, ast.Raise | ast.JoinedStr | ast.Import | ast.ImportFrom):
            return
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            left, right = node.left, node.comparators[0]
            signs = ("is not", "not in", "<=", ">=", "==", "!=", "<", ">", "is", "in")
            if place := between(left, right, signs, node):
                add(node, COMPARISONS[type(node.ops[0])], *place)
        elif isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
            if place := between(node.left, node.right, ("**", "//", "+", "-", "*", "/", "%"), node):
                add(node, ARITHMETIC[type(node.op)], *place)
        elif isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div):
            if place := between(node.target, node.value, ("+=", "-=", "*=", "/="), node):
                add(node, ARITHMETIC[type(node.op)] + "=", *place)
        elif isinstance(node, ast.BoolOp):
            for left, right in zip(node.values, node.values[1:]):
                if place := between(left, right, ("and", "or"), node):
                    add(node, "or" if isinstance(node.op, ast.And) else "and", *place)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
            add(node, f"({raw[slice(*span(node.operand))].decode()})")
        elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
            add(node, str(not node.value))
        elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            add(
                node,
                f"({node.value + 1})" if isinstance(node.value, int) else f"({2 * node.value or 1.0})",
            )
        elif isinstance(node, ast.If | ast.IfExp | ast.While):
            if not isinstance(node.test, ast.Compare | ast.BoolOp | ast.UnaryOp):
                add(node.test, f"(not ({raw[slice(*span(node.test))].decode()}))")
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            add(node, "pass")
        for name, child in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list"):
                continue
            for item in child if isinstance(child, list) else [child]:
                if isinstance(item, ast.AST):
                    visit(item)

    visit(tree)
    return found


def modules() -> list[str]:
    """The files that are changed."""
    paths = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path.relative_to(ROOT).as_posix() for path in paths if path.name != "__init__.py"]


def drawn(size: int, seed: int) -> list[Mutant]:
    """A systematic sample: every mutant is as likely as any other, and each module gives its share to within one.

    It comes in random order, so that the first of a run that is ended early are a sample too.
    """
    everything = [mutant for path in modules() for mutant in mutants_of(path)]
    rng, step = random.Random(seed), len(everything) / size
    start = rng.random()
    sample = [everything[int((start + k) * step)] for k in range(size)]
    rng.shuffle(sample)
    return sample
