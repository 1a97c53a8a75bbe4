"""Turns the methods of a plain class into WebAssembly text, so that one readable Python source also runs at machine
speed.

The part of Python that is understood: methods whose arguments, variables and results are whole numbers; attributes
that are whole numbers or `array.array` of whole numbers; `if`, `while`, `for … in range(…)`, `break`, `continue`,
`return`, assignments, comparisons, arithmetic, `and`/`or`/`not`, the conditional expression, calls of other methods
of the same object, `n.bit_length()` and `n.bit_count()`. Anything else is a `NotTranslatable` with the line it stands
on.

Two things differ from Python and are the author's to avoid: numbers are 64 bits wide, and `//` and `%` round to zero
(so use them on numbers that are not negative). Reading outside an array is not noticed.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from array import array
from collections.abc import Iterator
from typing import Any

# array typecode: bytes, shift, how it is read, how it is written
ITEMS = {
    "b": (1, 0, "i64.load8_s", "i64.store8"),
    "h": (2, 1, "i64.load16_s", "i64.store16"),
    "i": (4, 2, "i64.load32_s", "i64.store32"),
    "q": (8, 3, "i64.load", "i64.store"),
}
ARITHMETIC: dict[type[ast.operator], str] = {
    ast.Add: "i64.add",
    ast.Sub: "i64.sub",
    ast.Mult: "i64.mul",
    ast.FloorDiv: "i64.div_s",
    ast.Mod: "i64.rem_s",
    ast.LShift: "i64.shl",
    ast.RShift: "i64.shr_s",
    ast.BitAnd: "i64.and",
    ast.BitOr: "i64.or",
    ast.BitXor: "i64.xor",
}
COMPARISON: dict[type[ast.cmpop], str] = {
    ast.Eq: "i64.eq",
    ast.NotEq: "i64.ne",
    ast.Lt: "i64.lt_s",
    ast.LtE: "i64.le_s",
    ast.Gt: "i64.gt_s",
    ast.GtE: "i64.ge_s",
}


class NotTranslatable(Exception):
    """The source uses something that this translator does not know; the text names it and its line."""


class Layout:
    """Where the attributes of one object live: arrays at fixed places in memory, numbers as globals."""

    def __init__(self, thing: object) -> None:
        self.arrays: dict[str, tuple[int, array[int]]] = {}
        self.numbers: dict[str, int] = {}
        self.size = 64
        for name, value in vars(thing).items():
            if isinstance(value, array):
                if value.typecode not in ITEMS or value.itemsize != ITEMS[value.typecode][0]:
                    raise NotTranslatable(f"{name}: arrays of type {value.typecode!r} are not known")
                self.arrays[name] = (self.size, value)
                self.size += -(-max(1, len(value)) * value.itemsize // 64) * 64
            elif isinstance(value, int):
                self.numbers[name] = int(value)

    @property
    def pages(self) -> int:
        """Return the memory needed, in pages of 64 kB."""
        return -(-self.size // 65536)


def functions(kind: type) -> dict[str, Any]:
    """Return what the class and those it is made of define; the class itself has the last word."""
    return {name: value for part in reversed(kind.__mro__[:-1]) for name, value in vars(part).items()}


def methods(kind: type) -> dict[str, ast.FunctionDef]:
    """Return the syntax trees of the methods of `kind` whose names do not begin with an underscore."""
    found = {}
    for name, function in functions(kind).items():
        if inspect.isfunction(function) and not name.startswith("_"):
            tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
            assert isinstance(tree, ast.FunctionDef)  # noqa: S101 (for mypy: isfunction said so)
            found[name] = tree
    return found


def module_text(thing: object) -> str:
    """Return the WebAssembly text of the object's class for an object with these arrays and numbers."""
    kind = type(thing)
    layout = Layout(thing)
    trees = methods(kind)
    modules = [inspect.getmodule(part) for part in kind.__mro__[:-1]]
    constants = {k: v for module in modules for k, v in vars(module).items() if isinstance(v, int)}
    written = {
        node.attr
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    }
    lines = ["(module", f' (memory (export "memory") {layout.pages})']
    for name, value in layout.numbers.items():
        if name in written:
            lines.append(f' (global ${name} (export "{name}") (mut i64) (i64.const {value}))')
    for tree in trees.values():
        lines += Method(tree, layout, written, constants, trees).text()
    return "\n".join([*lines, ")"])


class Method:
    """The translation of one method."""

    def __init__(
        self,
        tree: ast.FunctionDef,
        layout: Layout,
        written: set[str],
        constants: dict[str, int],
        trees: dict[str, ast.FunctionDef],
    ) -> None:
        self.tree, self.layout, self.written, self.constants, self.trees = tree, layout, written, constants, trees
        self.arguments = [a.arg for a in tree.args.args[1:]]
        self.variables: dict[str, None] = {}
        self.labels = 0
        self.loops: list[int] = []

    def text(self) -> list[str]:
        """Return the lines of the function."""
        body = list(self.block(self.tree.body))
        head = "".join(f" (param ${a} i64)" for a in self.arguments)
        local = "".join(f" (local ${v} i64)" for v in self.variables)
        name = self.tree.name
        return [f' (func ${name} (export "{name}"){head} (result i64){local}', *body, "  (i64.const 0))"]

    def fail(self, node: ast.AST, what: str) -> NotTranslatable:
        """Return the error that names the place."""
        return NotTranslatable(f"{self.tree.name}, line {getattr(node, 'lineno', 0)}: {what}")

    def block(self, body: list[ast.stmt]) -> Iterator[str]:
        """Yield the code of a series of statements."""
        for statement in body:
            yield from self.statement(statement)

    def statement(self, node: ast.stmt) -> Iterator[str]:
        """Yield the code of one statement."""
        match node:
            case ast.Assign(targets=[target], value=value):
                yield self.store(target, self.number(value))
            case ast.AugAssign(target=target, op=op, value=value):
                now = ast.BinOp(left=self.readable(target), op=op, right=value)
                yield self.store(target, self.number(ast.copy_location(now, node)))
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                yield self.store(target, self.number(value))
            case ast.Return(value=value):
                yield f"(return {self.number(value) if value else '(i64.const 0)'})"
            case ast.Expr(value=ast.Constant(value=str())) | ast.Pass():
                return
            case ast.Expr(value=value):
                yield f"(drop {self.number(value)})"
            case ast.If(test=test, body=body, orelse=orelse):
                yield f"(if {self.truth(test)} (then"
                yield from self.block(body)
                yield ") (else"
                yield from self.block(orelse)
                yield "))"
            case ast.While(test=test, body=body, orelse=[]):
                yield from self.loop(self.truth(test), body, "")
            case ast.For(target=ast.Name(id=name), iter=ast.Call(func=ast.Name(id="range"), args=args), orelse=[]):
                yield from self.counted(name, args, node.body)
            case ast.Break():
                yield f"(br $out{self.loops[-1]})"
            case ast.Continue():
                yield f"(br $next{self.loops[-1]})"
            case _:
                raise self.fail(node, f"{type(node).__name__} is not known")

    def loop(self, test: str, body: list[ast.stmt], step: str) -> Iterator[str]:
        """Yield a loop; `continue` goes to `step`, which may be empty."""
        self.labels += 1
        label = self.labels
        self.loops.append(label)
        yield f"(block $out{label} (loop $again{label} (br_if $out{label} (i32.eqz {test}))"
        yield f"(block $next{label}"
        yield from self.block(body)
        yield f") {step} (br $again{label})))"
        self.loops.pop()

    def counted(self, name: str, args: list[ast.expr], body: list[ast.stmt]) -> Iterator[str]:
        """Yield a `for` over a range with step 1; its end is worked out once, as in Python.

        The variable is counted by a hidden one, so that changing it in the body changes nothing else.
        """
        if len(args) > 2:
            raise self.fail(args[0], "a range with a step")
        first, last = ("(i64.const 0)", args[0]) if len(args) == 1 else (self.number(args[0]), args[1])
        hidden, end = f"{name}.{self.labels}", f"{name}.{self.labels}.end"
        self.variables |= {name: None, hidden: None, end: None}
        yield f"(local.set ${hidden} {first}) (local.set ${end} {self.number(last)})"
        test = f"(i64.lt_s (local.get ${hidden}) (local.get ${end}))"
        step = f"(local.set ${hidden} (i64.add (local.get ${hidden}) (i64.const 1)))"
        inner = list(self.loop(test, body, step))
        inner[1] += f" (local.set ${name} (local.get ${hidden}))"
        yield from inner

    def readable(self, target: ast.expr) -> ast.expr:
        """Return the target of `+=` as something to read."""
        return ast.parse(ast.unparse(target), mode="eval").body

    def store(self, target: ast.expr, value: str) -> str:
        """Return the code that puts `value` in a variable, an attribute or an item of an array."""
        match target:
            case ast.Name(id=name):
                if name not in self.arguments:
                    self.variables[name] = None
                return f"(local.set ${name} {value})"
            case ast.Attribute(value=ast.Name(id="self"), attr=name) if name in self.layout.numbers:
                return f"(global.set ${name} {value})"
            case ast.Subscript(value=ast.Attribute(value=ast.Name(id="self"), attr=name), slice=index):
                base, item = self.item(target, name)
                return f"({item[3]} offset={base} {self.address(index, item[1])} {value})"
        raise self.fail(target, f"cannot assign to {ast.unparse(target)}")

    def item(self, node: ast.AST, name: str) -> tuple[int, tuple[int, int, str, str]]:
        """Return where an array stands and how its items are read and written."""
        if name not in self.layout.arrays:
            raise self.fail(node, f"self.{name} is no array")
        base, values = self.layout.arrays[name]
        return base, ITEMS[values.typecode]

    def address(self, index: ast.expr, shift: int) -> str:
        """Return the code of an item's distance from its array's beginning."""
        narrow = f"(i32.wrap_i64 {self.number(index)})"
        return f"(i32.shl {narrow} (i32.const {shift}))" if shift else narrow

    def truth(self, node: ast.expr) -> str:
        """Return code that gives 1 or 0 as the narrow number that a condition takes."""
        match node:
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARISON:
                return f"({COMPARISON[type(op)]} {self.number(left)} {self.number(right)})"
            case ast.BoolOp(op=op, values=[first, *rest]):
                code = self.truth(rest[-1])
                for value in [*rest[-2::-1], first] if len(rest) > 1 else [first]:
                    this = self.truth(value)
                    code = (
                        f"(if (result i32) {this} (then {code}) (else (i32.const 0)))"
                        if isinstance(op, ast.And)
                        else f"(if (result i32) {this} (then (i32.const 1)) (else {code}))"
                    )
                return code
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return f"(i32.eqz {self.truth(operand)})"
        return f"(i64.ne {self.number(node)} (i64.const 0))"

    def number(self, node: ast.expr) -> str:
        """Return code that gives the value of an expression."""
        match node:
            case ast.Constant(value=int() as value):
                return f"(i64.const {int(value)})"
            case ast.Name(id=name):
                return self.name(node, name)
            case ast.Attribute(value=ast.Name(id="self"), attr=name) if name in self.layout.numbers:
                known = name not in self.written
                return f"(i64.const {self.layout.numbers[name]})" if known else f"(global.get ${name})"
            case ast.Subscript(value=ast.Attribute(value=ast.Name(id="self"), attr=name), slice=index):
                base, item = self.item(node, name)
                return f"({item[2]} offset={base} {self.address(index, item[1])})"
            case ast.BinOp(left=left, op=op, right=right) if type(op) in ARITHMETIC:
                return f"({ARITHMETIC[type(op)]} {self.number(left)} {self.number(right)})"
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return f"(i64.sub (i64.const 0) {self.number(operand)})"
            case ast.UnaryOp(op=ast.Invert(), operand=operand):
                return f"(i64.xor (i64.const -1) {self.number(operand)})"
            case ast.IfExp(test=test, body=body, orelse=orelse):
                choices = f"(then {self.number(body)}) (else {self.number(orelse)})"
                return f"(if (result i64) {self.truth(test)} {choices})"
            case ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
                return f"(i64.extend_i32_u {self.truth(node)})"
            case ast.Compare(ops=[op]) if type(op) in COMPARISON:
                return f"(i64.extend_i32_u {self.truth(node)})"
            case ast.Call(func=ast.Attribute(value=thing, attr=name), args=args, keywords=[]):
                return self.call(node, thing, name, args)
        raise self.fail(node, f"{ast.unparse(node)} is not known")

    def name(self, node: ast.expr, name: str) -> str:
        """Return the value of a variable of the method or a constant of its module."""
        if name in self.arguments or name in self.variables:
            return f"(local.get ${name})"
        if name in self.constants:
            return f"(i64.const {self.constants[name]})"
        raise self.fail(node, f"{name} has no value yet")

    def call(self, node: ast.expr, thing: ast.expr, name: str, args: list[ast.expr]) -> str:
        """Return the call of another method, or of one of the two methods of numbers."""
        if isinstance(thing, ast.Name) and thing.id == "self" and name in self.trees:
            if len(args) != len(self.trees[name].args.args) - 1:
                raise self.fail(node, f"{name} takes another number of arguments")
            return f"(call ${name} {' '.join(self.number(a) for a in args)})"
        if name == "bit_length" and not args:
            return f"(i64.sub (i64.const 64) (i64.clz {self.number(thing)}))"
        if name == "bit_count" and not args:
            return f"(i64.popcnt {self.number(thing)})"
        raise self.fail(node, f"{ast.unparse(node)} is not known")
