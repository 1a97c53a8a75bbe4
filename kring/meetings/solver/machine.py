"""Runs an object's methods as compiled code (wasmtime), or plainly where that is not installed.

Both ways give the same numbers.
"""

from __future__ import annotations

from array import array
from importlib.util import find_spec
from typing import Any, cast

from .translate import Layout, module_text


def available() -> bool:
    """Say whether compiled code can be run here. Where there is no wheel, all works at a two-hundredth of the speed."""
    return find_spec("wasmtime") is not None


class Machine:
    """The methods of one object, ready to call.

    While a compiled machine lives, the object's own arrays stand still: read and write through `get` and `array`.
    """

    def __init__(self, thing: object, *, compiled: bool | None = None) -> None:
        """Prepare `thing`. `compiled` forces one of the two ways; without it the fastest there is."""
        self.thing = thing
        self.compiled = available() if compiled is None else compiled
        if self.compiled:
            self._compile()

    def _compile(self) -> None:
        import wasmtime  # here, so that pages that only ask for adjoining times do not carry a compiler

        self.layout = Layout(self.thing)
        code = bytes(wasmtime.wat2wasm(module_text(self.thing)))
        self.store = wasmtime.Store()
        try:
            module = wasmtime.Module(self.store.engine, code)
        except wasmtime.WasmtimeError:
            # A service may be forbidden to make new machine code (MemoryDenyWriteExecute); wasmtime then interprets.
            config = wasmtime.Config()
            config.target = "pulley64"
            self.store = wasmtime.Store(wasmtime.Engine(config))
            module = wasmtime.Module(self.store.engine, code)
        self.exports: Any = wasmtime.Instance(self.store, module, []).exports(self.store)
        self.memory = cast(Any, self.exports["memory"])
        for place, values in self.layout.arrays.values():
            self.memory.write(self.store, values.tobytes(), place)

    def call(self, name: str, *args: int) -> int:
        """Call a method."""
        if not self.compiled:
            return int(getattr(self.thing, name)(*args) or 0)
        return int(self.exports[name](self.store, *args))

    def get(self, name: str) -> int:
        """Return a number of the object as it is now."""
        if not self.compiled:
            return int(getattr(self.thing, name))
        return int(self.exports[name].value(self.store))

    def array(self, name: str) -> array[int]:
        """Return a copy of an array of the object as it is now."""
        values: array[int]
        if not self.compiled:
            values = getattr(self.thing, name)
            return array(values.typecode, values)
        place, values = self.layout.arrays[name]
        copy = array(values.typecode)
        copy.frombytes(bytes(self.memory.read(self.store, place, place + len(values) * values.itemsize)))
        return copy
