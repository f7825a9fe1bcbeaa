#!/usr/bin/env python3
"""Writes the tiny ONNX models of this folder, byte by byte: no package needed, nothing but small numbers to check by hand.

data/iaml_glmnet/model.onnx: a stand-in for the surrogate of that name. Instance code c picks (c, c/2) from a table,
  y_j = relu(c + j alpha - j)               for even j
  y_j = relu(2 (c/2) + s + j trainsize - j) for odd j < 11
  y_11 = round(2 (c/2) + s + 11 trainsize - 11)
unknown_operator.onnx: one node of an operator that does not exist.
"""
import pathlib
import struct

FLOAT, INT32, INT64 = 1, 6, 7
here = pathlib.Path(__file__).parent


def varint(n):
    n &= (1 << 64) - 1
    out = b""
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])


def number(field, n):
    return varint(field << 3) + varint(n)


def block(field, data):
    data = data.encode() if isinstance(data, str) else data
    return varint(field << 3 | 2) + varint(len(data)) + data


def tensor(name, kind, dims, values):
    raw = struct.pack("<%d%s" % (len(values), {FLOAT: "f", INT64: "q"}[kind]), *values)
    return b"".join(number(1, d) for d in dims) + number(2, kind) + block(8, name) + block(9, raw)


def attribute(name, value):
    if isinstance(value, bytes):
        return block(5, block(1, name) + block(5, value) + number(20, 4))
    return block(5, block(1, name) + number(3, value) + number(20, 2))


def node(op, inputs, outputs, **attributes):
    body = b"".join(block(1, i) for i in inputs) + b"".join(block(2, o) for o in outputs)
    body += block(3, op + "_of_" + outputs[0]) + block(4, op)
    return block(1, body + b"".join(attribute(k, v) for k, v in attributes.items()))


def constant(output, kind, dims, values):
    return node("Constant", [], [output], value=tensor("", kind, dims, values))


def port(field, name, kind, width):
    shape = block(1, block(2, "batch_size")) + block(1, number(1, width))
    return block(field, block(1, name) + block(2, block(1, number(1, kind) + block(2, shape))))


def model(graph):
    return number(1, 7) + block(2, "make_models.py") + block(8, number(2, 13)) + block(7, graph)


weights, bias = [], []
for j in range(12):
    weights += [1, 0, j, 0, 0] if j % 2 == 0 else [0, 2, 0, 1, j]
    bias.append(-j)

surrogate = (
    constant("first", INT64, [], [0])
    + node("Gather", ["x_cat", "first"], ["code"], axis=1)
    + node("Gather", ["table", "code"], ["embedded"])
    + node("Concat", ["embedded", "x_cont"], ["features"], axis=1)
    + node("Gemm", ["features", "weights", "bias"], ["hidden"], transB=1)
    + constant("zero", INT64, [1], [0])
    + constant("eleven", INT64, [1], [11])
    + constant("twelve", INT64, [1], [12])
    + constant("one", INT64, [1], [1])
    + node("Slice", ["hidden", "zero", "eleven", "one"], ["left"])
    + node("Slice", ["hidden", "eleven", "twelve", "one"], ["right"])
    + node("Relu", ["left"], ["positive"])
    + node("Round", ["right"], ["whole"])
    + node("Concat", ["positive", "whole"], ["output"], axis=-1)
    + block(2, "tiny")
    + block(5, tensor("table", FLOAT, [5, 2], [v for c in range(5) for v in (c, c / 2)]))
    + block(5, tensor("weights", FLOAT, [12, 5], weights))
    + block(5, tensor("bias", FLOAT, [12], bias))
    + port(11, "x_cat", INT32, 1)
    + port(11, "x_cont", FLOAT, 3)
    + port(12, "output", FLOAT, 12)
)
(here / "data/iaml_glmnet/model.onnx").write_bytes(model(surrogate))

unknown = node("Frobnicate", ["x"], ["y"]) + port(11, "x", FLOAT, 1) + port(12, "y", FLOAT, 1)
(here / "unknown_operator.onnx").write_bytes(model(unknown))
