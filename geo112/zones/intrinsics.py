"""Two machine instructions that numba does not name: read memory ahead, and find the lowest bit of a set."""

# numba hands over its own objects, which are not typed.
# mypy: disable-error-code="no-untyped-def, no-untyped-call, import-untyped"
# ruff: noqa: ANN001, ANN201, ANN202, ARG001

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic as _intrinsic

intrinsic: Any = _intrinsic
_INT32, _BYTES = ir.IntType(32), ir.IntType(8).as_pointer()


@intrinsic
def prefetch(typing_context, array, at):
    """Ask for the memory line of an array's element, without waiting for it."""

    def generate(context, builder, signature, arguments):
        data = cgutils.create_struct_proxy(signature.args[0])(context, builder, arguments[0]).data
        address = builder.bitcast(builder.gep(data, [arguments[1]]), _BYTES)
        form = ir.FunctionType(ir.VoidType(), [_BYTES, _INT32, _INT32, _INT32])
        function = cgutils.get_or_insert_function(builder.module, form, "llvm.prefetch.p0")
        # To be read, to be kept in all caches, as data.
        builder.call(function, [address, _INT32(0), _INT32(3), _INT32(1)])
        return context.get_dummy_value()

    return types.void(array, at), generate


@intrinsic
def lowest_bit(typing_context, bits):
    """Give the place of the lowest bit that is set; 64 where none is."""

    def generate(context, builder, signature, arguments):
        return builder.cttz(arguments[0], ir.IntType(1)(0))

    return types.int64(types.int64), generate
