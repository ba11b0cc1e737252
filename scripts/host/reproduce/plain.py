"""Replaces ``ctx`` and ``rt``, which the members get, by what they stand for in one runtime."""

import ast
import copy

from host.reproduce.sources import CannotReproduce, Place, has

#: the parameters that a reproduction does not need
HANDED = ("ctx", "rt")
#: ``ctx.fit(...)`` and the like -> the name of the function in the reproduction
FUNCTIONS = {
    "ctx.build": "new_model",
    "ctx.build_plain": "plain_model",
    "ctx.fit": "fit",
    "ctx.predict": "predict",
    "ctx.evaluate": "evaluate",
    "ctx.prepare": "prepare",
    "rt.seed": "set_seed",
}
#: attributes -> their expressions
VALUES = {
    "rt.keras": "keras",
    "rt.tf": "tf",
    "rt.v1": "v1",
    "ctx.before": "EPOCHS",
    "ctx.after": "MORE_EPOCHS",
    "ctx.seed": "SEED",
    "ctx.out": "tempfile.gettempdir()",
    "ctx.data.train": "TRAIN",
    "ctx.data.test": "TEST",
    "ctx.data.batches": "-(-SAMPLES // BATCH_SIZE)",
    "ctx.data.batch_size": "BATCH_SIZE",
    "ctx.data": "(TRAIN, TEST)",
    "ctx.module.SAMPLES": "SAMPLES",
}


#: models whose custom objects are registered when their files are imported
REGISTERED_BY_IMPORT = ("roundtrip.pieces.user_model",)
#: the same attribute under two names
SHORT = {"ctx.rt": "rt", "ctx.keras": "rt.keras", "ctx.tf": "rt.tf", "ctx.v1": "rt.v1"}


def dotted(node):
    """``ctx.rt.keras`` as text, without the step from ctx to rt; None for another expression."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        owner = dotted(node.value)
        return owner and SHORT.get(text := f"{owner}.{node.attr}", text)
    return None


class Plain(ast.NodeTransformer):
    """Rewrites the tree of one definition.

    Parameters
    ----------
    cut : host.reproduce.cut.Cut
        Its ``runtime`` has ``rt.api`` and ``rt.version``, where both processes have the same; ``values`` more
        expressions like VALUES; ``modules`` what ``ctx.module`` and ``ctx.modifier`` are; ``refer(place)`` returns
        the expression of a definition.
    """

    def __init__(self, cut):
        self.runtime, self.modules, self.refer = cut.runtime, cut.modules, cut.refer
        self.values = {**VALUES, **FUNCTIONS, **cut.values}

    def visit_Attribute(self, node):
        text = dotted(node)
        if text in self.runtime:
            return ast.parse(repr(self.runtime[text]), mode="eval").body
        if text in self.values:
            return ast.parse(self.values[text], mode="eval").body
        owner = text and text.rpartition(".")[0]
        if owner in self.modules and has(self.modules[owner], node.attr):
            return self.refer(Place(self.modules[owner], node.attr))
        return self.generic_visit(node)

    def visit_Call(self, node):
        text = dotted(node.func)
        if text == "ctx.custom_objects":
            return self.refer(Place(self.modules["ctx.module"], "custom_objects"), node)
        if text == "rt.register":
            return self._registered(node)
        if text in ("getattr", "hasattr") and dotted(node.args[0]) in self.modules:
            return self._looked_up(text, *node.args)
        node.args = [a for a in node.args if not is_handed(a)]
        return self.generic_visit(node)

    def _looked_up(self, function, owner, name, default=None):
        """``getattr(ctx.modifier, "rewriter", None)``: whether a member defines something is known."""
        module = self.modules[dotted(owner)]
        if function == "hasattr":
            return ast.Constant(has(module, name.value))
        return self.refer(Place(module, name.value)) if has(module, name.value) else default

    def _registered(self, node):
        func = ast.parse("keras.utils.register_keras_serializable", mode="eval").body
        given = {k.arg: k.value for k in node.keywords}
        given.update(zip(("name", "package"), node.args, strict=False))
        given = {"package": ast.Constant("reproduction"), **given}
        return ast.Call(func, [], [ast.keyword(k, v) for k, v in given.items()])

    def visit_arguments(self, node):
        node.args = [a for a in node.args if a.arg not in HANDED]
        return self.generic_visit(node)

    def visit_Compare(self, node):
        return folded(self.generic_visit(node))

    def visit_BoolOp(self, node):
        return folded(self.generic_visit(node))

    def visit_If(self, node):
        node = self.generic_visit(node)
        if not isinstance(node.test, ast.Constant):
            return node
        return node.body if node.test.value else node.orelse

    def visit_IfExp(self, node):
        node = self.generic_visit(node)
        if not isinstance(node.test, ast.Constant):
            return node
        return node.body if node.test.value else node.orelse

    def visit_Assign(self, node):
        """``keras, k = rt.keras, ops(rt)`` becomes ``k = keras.ops``: the first name is the file's own."""
        node = self.generic_visit(node)
        if len(node.targets) > 1:
            return node
        target, value = node.targets[0], node.value
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            both = zip(target.elts, value.elts, strict=True)
            kept = [(t, v) for t, v in both if not same_name(t, v)]
            if len(kept) != 1:
                target.elts, value.elts = [t for t, _ in kept], [v for _, v in kept]
                return node if kept else None
            node.targets, node.value = [kept[0][0]], kept[0][1]
        return None if same_name(node.targets[0], node.value) else node

    def visit_Expr(self, node):
        called = dotted(node.value.func) if isinstance(node.value, ast.Call) else None
        if called == "ctx.custom_objects" and self.modules["ctx.module"] in REGISTERED_BY_IMPORT:
            return None
        node = self.generic_visit(node)
        empty = isinstance(node.value, ast.Dict) and not node.value.keys  # ctx.custom_objects() of a model without any
        return None if empty else node


def same_name(target, value):
    return isinstance(target, ast.Name) and isinstance(value, ast.Name) and target.id == value.id


def is_handed(node):
    return isinstance(node, (ast.Name, ast.Attribute)) and dotted(node) in HANDED


def folded(node):
    """The value of an expression of constants alone; else the expression."""
    if not all(isinstance(part, FOLDED) for part in ast.walk(node)):
        return node
    value = eval(compile(ast.Expression(ast.fix_missing_locations(copy.deepcopy(node))), "constants", "eval"), {})
    return ast.Constant(value)


FOLDED = (
    ast.Constant,
    ast.Tuple,
    ast.Load,
    ast.Compare,
    ast.BoolOp,
    ast.Subscript,
    ast.Slice,
    ast.cmpop,
    ast.boolop,
)


def refuse_rest(tree, where):
    """Raise CannotReproduce where a definition still uses ``ctx`` or ``rt``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (dotted(node) or "").split(".")[0] in HANDED:
            raise CannotReproduce(f"{where} uses {dotted(node)}, which only the workflow has")
        if isinstance(node, ast.Name) and node.id in HANDED:
            raise CannotReproduce(f"{where} passes {node.id} on, which only the workflow has")
