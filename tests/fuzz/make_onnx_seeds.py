#!/usr/bin/env python3
"""Writes the ONNX seeds that are not taken from the tests: all operators, and small files that ask for much."""
import pathlib
import runpy

here = pathlib.Path(__file__).parent
# The writer of the tests' models; running it writes those again, to the same bytes.
tiny = runpy.run_path(str(here.parent / "data/yahpo_bridge/make_models.py"))
FLOAT, INT32, INT64 = tiny["FLOAT"], tiny["INT32"], tiny["INT64"]
block, number, node, tensor, port, constant = (tiny[k] for k in ("block", "number", "node", "tensor", "port", "constant"))


def write(name, graph):
    (here / "seeds/onnx" / (name + ".onnx")).write_bytes(tiny["model"](graph))



def chain(operators, begin):
    """One operator after another, each on the result of the one before."""
    graph, last = b"", begin
    for i, op in enumerate(operators):
        graph += node(op, [last], ["u%d" % i])
        last = "u%d" % i
    return graph, last


graph, last = chain(["Neg", "Abs", "Sqrt", "Sin", "Cos", "Tanh", "Exp", "Reciprocal", "Sigmoid", "Log", "Relu", "Floor",
                     "Ceil", "Round", "Identity"], "x")
write("unary", graph + port(11, "x", FLOAT, 3) + port(12, last, FLOAT, 3))

write("arithmetic",
      constant("two", FLOAT, [1, 1, 2], [2, 3]) + constant("axes", INT64, [1], [2])
      + node("Unsqueeze", ["x", "axes"], ["wide"])
      + node("Add", ["wide", "two"], ["a"]) + node("Sub", ["a", "two"], ["b"]) + node("Mul", ["b", "a"], ["c"])
      + node("Div", ["c", "two"], ["d"]) + node("Max", ["d", "a", "b"], ["e"]) + node("Min", ["e", "c"], ["f"])
      + node("Flatten", ["f"], ["g"], axis=1)
      + node("Cast", ["g"], ["h"], to=INT64) + node("Cast", ["h"], ["y"], to=11)
      + port(11, "x", FLOAT, 3) + port(12, "y", 11, 6))

write("shapes",
      node("Shape", ["x"], ["shape"])
      + constant("three", INT64, [3], [0, 2, 3]) + node("Reshape", ["x", "three"], ["m"])
      + constant("w", FLOAT, [3, 2], [1, 2, 3, 4, 5, 6]) + node("MatMul", ["m", "w"], ["p"])
      + node("Reshape", ["p", "pair"], ["q"]) + node("Squeeze", ["q", "last"], ["r"])
      + node("BatchNormalization", ["r", "one", "nil", "nil", "one"], ["s"])
      + constant("backward", INT64, [1], [-1]) + constant("all", INT64, [1], [-(2 ** 63)])
      + node("Slice", ["s", "backward", "all", "begin1", "backward"], ["y"])
      + block(5, tensor("pair", INT64, [3], [-1, 4, 1])) + block(5, tensor("last", INT64, [1], [2]))
      + block(5, tensor("begin1", INT64, [1], [1]))
      + block(5, tensor("one", FLOAT, [4], [1, 1, 1, 1])) + block(5, tensor("nil", FLOAT, [4], [0, 0, 0, 0]))
      + port(11, "x", FLOAT, 6) + port(12, "y", FLOAT, 4))

# Doubles a value 60 times: a file of 3 kB that asks for 2^60 elements.
graph, last = constant("c0", FLOAT, [1], [1]), "x"
for i in range(60):
    graph += node("Concat", ["c%d" % i, "c%d" % i], ["c%d" % (i + 1)], axis=0)
write("doubling", graph + node("Add", ["x", "c60"], ["y"]) + port(11, "x", FLOAT, 1) + port(12, "y", FLOAT, 1))
graph = b""
for i in range(60):
    graph += node("Concat", ["c%d" % i, "c%d" % i], ["c%d" % (i + 1)], axis=1)
write("doubling_rows", graph + port(11, "c0", FLOAT, 1) + port(12, "c60", FLOAT, 1))

write("huge_input", node("Slice", ["x", "b", "e", "a"], ["y"])
      + block(5, tensor("b", INT64, [1], [0])) + block(5, tensor("e", INT64, [1], [1])) + block(5, tensor("a", INT64, [1], [1]))
      + port(11, "x", FLOAT, 2 ** 28) + port(12, "y", FLOAT, 1))
write("huge_tensor", node("Add", ["x", "t"], ["y"]) + block(5, tensor("t", FLOAT, [2 ** 31, 2 ** 31, 4], []))
      + port(11, "x", FLOAT, 1) + port(12, "y", FLOAT, 1))
write("huge_empty_tensor", node("Add", ["x", "t"], ["y"]) + block(5, tensor("t", FLOAT, [0, 2 ** 62, 4], []))
      + port(11, "x", FLOAT, 1) + port(12, "y", FLOAT, 1))
write("huge_reshape", node("Reshape", ["x", "t"], ["y"]) + block(5, tensor("t", INT64, [5], [-1, 2 ** 40, 2 ** 40, 0, 0]))
      + port(11, "x", FLOAT, 1) + port(12, "y", FLOAT, 1))
