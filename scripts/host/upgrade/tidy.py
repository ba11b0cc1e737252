"""Makes inlined statements shorter: a name that only stands for a simple value is replaced by it."""

import ast
import copy

from host.reproduce.linking import is_constant
from host.upgrade.calls import Substituted, is_empty


def tidied(statements, result):
    """(statements, result) without assignments of constants and of other names."""
    replaced, left = {}, []
    for statement in statements:
        put = Substituted(replaced, {})
        for one in split(put.visit(copy.deepcopy(statement))):
            name = target(one)
            if name and is_simple(one.value):
                replaced[name] = one.value
            else:
                left.append(Trimmed().visit(one))
    return left, result and Trimmed().visit(Substituted(replaced, {}).visit(copy.deepcopy(result)))


def split(statement):
    """``a, b = x, y`` as two assignments, if neither value can change what the other one is."""
    if not (isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Tuple)):
        return [statement]
    values = statement.value.elts if isinstance(statement.value, ast.Tuple) else []
    if not values or not all(map(is_simple, values)):
        return [statement]
    both = zip(statement.targets[0].elts, values, strict=True)
    return [ast.Assign([name], value, lineno=0) for name, value in both]


def target(statement):
    """The only name that a statement assigns; None for any other statement."""
    single = isinstance(statement, ast.Assign) and len(statement.targets) == 1
    return statement.targets[0].id if single and isinstance(statement.targets[0], ast.Name) else None


def is_simple(value):
    return is_constant(value) or isinstance(value, ast.Name)


class Trimmed(ast.NodeTransformer):
    """Leaves out arguments that say nothing."""

    def visit_Call(self, node):
        node.keywords = [k for k in node.keywords if not is_empty(k.value)]
        return self.generic_visit(node)
