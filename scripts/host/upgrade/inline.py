"""A member's function as a few statements that stand by themselves: the functions that it calls are put in their place.

The statements are those that were run, read from the member's own file, with the workflow's context replaced by what it
stands for (host.reproduce.plain): ``ctx.keras`` is ``keras``.
"""

import ast
import copy

from host.reproduce import sources
from host.reproduce.linking import locals_of
from host.reproduce.plain import Plain
from host.upgrade.calls import Calls, NoLines, Substituted


class Inliner:
    """Collects the statements of a function and of what it calls.

    Parameters
    ----------
    runtime : dict
        ``rt.api`` and ``rt.version``, by which branches are left out.
    stands_for : dict
        {Place: function of a call's arguments} that returns the expression for a call, or None to leave it out.
    values : dict
        {attribute of ``ctx`` or ``rt``: its expression} (host.reproduce.plain.VALUES).
    custom_objects : ast.expr
        What ``ctx.custom_objects()`` is.
    """

    #: the user's model: no definition of it is looked up
    modules = {"ctx.module": "roundtrip.pieces.user_model", "ctx.modifier": "roundtrip.modifiers.none"}

    def __init__(self, runtime, stands_for, values, custom_objects):
        self.runtime, self.stands_for, self.values, self.custom_objects = runtime, stands_for, values, custom_objects
        self.imports, self.assigned = {}, set()

    def refer(self, place, call=None):
        """For host.reproduce.plain: the model's custom objects are the only definition that it asks for."""
        if place.name != "custom_objects":
            raise NoLines(f"{place.name} of the model is asked for")
        return copy.deepcopy(self.custom_objects)

    def expand(self, place, given=(), named=None):
        """(statements, expression of the result or None) of a call of a function. Raises NoLines.

        ``given`` and ``named`` are the expressions of the arguments, without ctx and rt.
        """
        tree = sources.definition(place)
        if not isinstance(tree, ast.FunctionDef):
            raise NoLines(f"{place.name} is no function")
        tree = Plain(self).visit(copy.deepcopy(tree))
        before, replaced, spread = self._bound(tree.args, list(given), dict(named or {}))
        body = tree.body[1:] if ast.get_docstring(tree) else tree.body
        tree.body = [Substituted(replaced, spread).visit(statement) for statement in body]
        self._refuse_clashes(locals_of(tree) - set(replaced))
        statements, result = [*before], None
        for number, statement in enumerate(tree.body):
            tail = number == len(tree.body) - 1
            more, result = self._statement(place, statement, locals_of(tree), tail)
            statements += more
        return statements, result

    def _bound(self, parameters, given, named):
        """(assignments before the body, {parameter: expression}, the keywords of ``**arguments``)."""
        names = [a.arg for a in parameters.args]
        defaults = dict(zip(reversed(names), reversed(parameters.defaults), strict=False))
        values = {**defaults, **dict(zip(names, given, strict=False))}
        values.update({name: named.pop(name) for name in names if name in named})
        if set(names) - set(values) or len(given) > len(names) or (named and not parameters.kwarg):
            raise NoLines("it is called in another way than it is defined")
        before = []
        for name, value in values.items():
            if any(isinstance(node, ast.Call) for node in ast.walk(value)):  # evaluated once, wherever it is used
                before.append(assignment(name, value))
                values[name] = ast.Name(name, ast.Load())
                self._refuse_clashes({name})
        return before, values, {parameters.kwarg.arg: named} if parameters.kwarg else {}

    def _refuse_clashes(self, names):
        if names & self.assigned:
            raise NoLines(f"two functions assign {', '.join(sorted(names & self.assigned))}")
        self.assigned |= names

    def _statement(self, place, statement, local, tail):
        """(statements, result) of one statement; only the last one may return, also from inside a ``with``."""
        if isinstance(statement, ast.With) and tail and isinstance(statement.body[-1], ast.Return):
            statement.body[-1] = assignment("model", statement.body[-1].value)
            more, _ = self._statement(place, statement, local, False)
            return more, ast.Name("model", ast.Load())
        if any(isinstance(node, ast.Return) for node in ast.walk(statement)) and not isinstance(statement, ast.Return):
            raise NoLines("it returns from inside a branch or a function")
        if isinstance(statement, ast.Return) and not tail:
            raise NoLines("it returns early")
        calls = Calls(self, place.module, local)
        statement = calls.visit(statement)
        if isinstance(statement, ast.Return):
            return calls.before, statement.value
        gone = statement is None or (isinstance(statement, ast.Expr) and not has_effect(statement.value))
        return calls.before + ([] if gone else [statement]), None


def assignment(name, value):
    return ast.Assign([ast.Name(name, ast.Store())], value, lineno=0)


def has_effect(node):
    """Whether an expression that stands alone does something."""
    return any(isinstance(part, ast.Call) for part in ast.walk(node))
