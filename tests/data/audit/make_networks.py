#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes those files of the audit's corpus that hold networks of TensorFlow, Caffe and Core ML, message by message: what
runs Python or reaches files, and a clean twin of each kind. As make_texts.py, whose entries in expected.json it leaves
alone, it makes nothing that would do more than print a word.

Needs Python alone. Run in this folder; the files are part of the repository, so that no test needs Python."""
import io, json, os, struct, zipfile

FIXED = (1980, 1, 1, 0, 0, 0)
made = {}
group = "networks of TensorFlow, Caffe and Core ML"


def put(folder, name, data):
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())


def bad(name, data, rules, trick):
    put("bad", name, data)
    made[name] = {"rules": rules if isinstance(rules, list) else [rules], "trick": trick, "group": group}


def clean(name, data):
    put("clean", name, data)


def varint(number):
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def field(number, value):
    """A number, or text, bytes and messages."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    raw = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(raw)) + raw


def zipped(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, FIXED)
            info.external_attr = 0o600 << 16
            archive.writestr(info, data)
    return out.getvalue()


# TensorFlow: nodes, graphs, functions, SavedModels.
def node(name, op, inputs=(), **attributes):
    body = field(1, name) + field(2, op) + b"".join(field(3, i) for i in inputs)
    for key, value in sorted(attributes.items()):
        body += field(5, field(1, key) + field(2, value))
    return body


def text(value):
    return field(2, value)


def text_tensor(value):
    return field(8, field(1, 7) + field(2, b"") + field(8, value))


def number_tensor(values):
    return field(8, field(1, 1) + field(2, field(2, field(1, len(values)))) + field(4, struct.pack(f"<{len(values)}f", *values)))


def graph(nodes, functions=()):
    library = field(2, b"".join(field(1, field(1, field(1, name)) + b"".join(field(3, n) for n in body)) for name, body in functions))
    return b"".join(field(1, n) for n in nodes) + (library if functions else b"") + field(4, field(1, 1395))


def saved(graph_def):
    return field(1, 1) + field(2, field(1, field(4, "serve")) + field(2, graph_def))


values = [((i * 37) % 101 - 50) / 97 for i in range(64)]
plain = [node("x", "Placeholder", dtype=field(6, 1)), node("w", "Const", value=number_tensor(values)),
         node("y", "MatMul", ["x", "w"]), node("z", "Softmax", ["y"])]
path = node("path", "Const", value=text_tensor("/tmp/audit"))

bad("py_func.pb", graph(plain + [node("call", "PyFunc", ["z"], token=text("pyfunc_0"))]), "tf-file-op", "a frozen graph that calls Python")
bad("write_file.pb", graph(plain + [path, node("out", "WriteFile", ["path", "z"])]), "tf-file-op", "a frozen graph that writes a file")
bad("function_read.pb", graph(plain, [("inner", [node("read", "ReadFile", ["name"])])]), "tf-file-op", "a file is read in a function")
bad("saved_read.pb", saved(graph(plain + [path, node("r", "ReadFile", ["path"])])), "tf-file-op", "a SavedModel that reads a file")
bad("saved_function.pb", saved(graph(plain, [("f", [node("match", "MatchingFiles", ["p"])])])), "tf-file-op",
    "a SavedModel that lists files in a function")
bad("saved_fixed.pb", saved(graph(plain + [path, node("joined", "StringJoin", ["path", "path"]), node("save", "SaveV2", ["joined", "z"])])),
    "tf-file-op", "variables are saved to a path of the graph's own")
bad("print_file.pb", graph(plain + [node("p", "PrintV2", ["z"], output_stream=text("file:///tmp/audit"))]), "tf-file-op",
    "a message is printed into a file")
bad("eager_inside.zip", zipped([("model/saved_model.pb", saved(graph(plain + [node("e", "EagerPyFunc", ["z"])])))]), "tf-file-op",
    "a SavedModel in a zip that calls Python")
bad("graph.meta", field(1, field(4, "train")) + field(2, graph(plain + [node("s", "PyFuncStateless", ["z"])])), "tf-file-op",
    "a MetaGraphDef that calls Python")
bad("dataset.pb", graph(plain + [path, node("d", "TFRecordDataset", ["path"])]), "tf-file-op", "a graph that reads a data set")
bad("table.pb", graph(plain + [path, node("t", "InitializeTableFromTextFileV2", ["x", "path"])]), "tf-table-file", "a vocabulary by its path")
bad("script_const.pb", graph(plain + [node("s", "Const", value=text_tensor("#!/bin/sh\necho audit\n"))]), "script-inside",
    "a script in a constant")
bad("graph_named.onnx", graph(plain + [node("call", "PyFunc", ["z"])]), ["tf-file-op", "content-mismatch"], "a graph of TensorFlow under ONNX's name")
lambda_layer = {"class_name": "Functional", "config": {"layers": [{"class_name": "Lambda", "config": {"function": ["4wEAAAAA", None, None]}}]}}
bad("keras_metadata.pb", field(1, field(2, 0) + field(3, "root") + field(4, "_tf_keras_model") + field(5, json.dumps(lambda_layer))),
    "keras-code", "a Lambda layer beside a SavedModel")
bad("py_func.pbtxt", 'node {\n  name: "x"\n  op: "Placeholder"\n}\nnode {\n  name: "c"\n  op: "PyFunc"\n}\n', "tf-file-op",
    "a graph as text that calls Python")
bad("joined.pbtxt", "node { name: 'x' op: 'Placeholder' } # x\nnode < name: 'c' op: 'Wri' \"te\\x46i\\154e\" >\n", "tf-file-op",
    "the operator in pieces and escapes")
bad("cut.pbtxt", 'node { name: "x" op: "Placeholder" }\nnode { name: "c" op: "Py', "network-text-damaged", "a graph as text that breaks off")
clean("frozen.pb", graph(plain, [("f", [node("n", "Relu", ["a"])])]))
clean("saved_model.pb", saved(graph(plain + [
    node("file", "PlaceholderWithDefault", ["default"]), node("default", "Const", value=text_tensor("model")),
    node("part", "Const", value=text_tensor("_temp/part")), node("joined", "StringJoin", ["file", "part"]),
    node("shard", "ShardedFilename", ["joined", "x"]), node("save", "SaveV2", ["shard", "w"]),
    node("restore", "RestoreV2", ["file", "w"]), node("say", "PrintV2", ["z"], output_stream=text("stderr"))])))
clean("graph.pbtxt", 'node {\n  name: "x"\n  op: "Placeholder"\n  attr { key: "shape" value { shape { dim { size: -1 } } } }\n}\nversions { producer: 1395 }\n')


# Caffe: layers of today, and of the first years.
def layer(name, kind, *further):
    return field(100, field(1, name) + field(2, kind) + b"".join(further))


def old_layer(name, kind, *further):
    return field(2, field(4, name) + field(5, kind) + b"".join(further))


blob = field(7, field(5, struct.pack("<64f", *values)) + field(7, field(1, struct.pack("<B", 64))))
plain_net = field(1, "net") + layer("fc", "InnerProduct", blob)
python = field(130, field(1, "audit_module") + field(2, "AuditLayer") + field(3, "{'audit': 1}"))
bad("python.caffemodel", plain_net + layer("p", "Python", python), "caffe-python-layer", "a layer that runs Python")
bad("python_param.caffemodel", plain_net + layer("p", "ReLU", python), "caffe-python-layer", "what runs Python, beside another type")
bad("output.caffemodel", plain_net + layer("o", "HDF5Output", field(113, field(1, "/tmp/audit"))), "caffe-file-layer", "a layer that writes a file")
bad("old_output.caffemodel", field(1, "net") + old_layer("fc", 14) + old_layer("o", 10), "caffe-file-layer", "the same in the form of the first years")
plain_text = 'name: "net"\ninput: "data"\nlayer {\n  name: "fc"\n  type: "InnerProduct"\n  inner_product_param { num_output: 10 }\n}\n'
bad("python.prototxt", plain_text + 'layer {\n  name: "p"\n  type: "Python"\n  python_param { module: "audit_module" layer: "A" }\n}\n',
    "caffe-python-layer", "a network as text that runs Python")
bad("escaped.prototxt", plain_text + "layer < name: 'p' type: 'Py' # split\n 'th\\157n' >\n", "caffe-python-layer", "the type in pieces and escapes")
bad("module.txt", plain_text + "layer { name: 'p' type: 'Other' python_param: { module: \"audit_module\" } }\n", "caffe-python-layer",
    "a module under another type and name")
bad("output.prototxt", plain_text + 'layers { name: "o" type: HDF5_OUTPUT }\n', "caffe-file-layer", "a network as text that writes a file")
clean("net.caffemodel", plain_net + layer("out", "Softmax"))
clean("old.caffemodel", field(1, "net") + old_layer("fc", 14) + old_layer("out", 20))
clean("net.prototxt", plain_text + 'layer { name: "out" type: "Softmax" include { phase: TEST } }\n')


# Core ML: networks, pipelines, programs.
def core_ml(kind, message, version=4):
    return field(1, version) + field(2, field(1, field(1, "image"))) + field(kind, message)


def core_layer(name, number, message):
    return field(1, field(1, name) + field(2, "in") + field(3, "out") + field(number, message))


custom = field(10, "AuditLayer") + field(40, "a layer of the app")
dense = core_layer("fc", 140, field(1, 64) + field(20, field(1, struct.pack("<64f", *values))))


def program(operations):
    block = b"".join(field(3, operation) for operation in operations)
    return field(1, 1) + field(2, field(1, "main") + field(2, field(2, "CoreML5") + field(3, field(1, "CoreML5") + field(2, block))))


def constant(name):
    return field(1, "const") + field(3, field(1, "w")) + field(5, field(1, "val") + field(2, field(5, field(1, name) + field(2, 64))))


bad("custom_layer.mlmodel", core_ml(500, dense + core_layer("own", 500, custom)), "coreml-custom", "a layer of an app's class")
bad("custom_classifier.mlmodel", core_ml(403, dense + core_layer("own", 500, custom)), "coreml-custom", "the same in a classifier")
bad("custom_model.mlmodel", core_ml(555, custom), "coreml-custom", "a model that is an app's class")
bad("custom_branch.mlmodel", core_ml(500, core_layer("if", 605, field(1, core_layer("own", 500, custom)))), "coreml-custom", "the same in a branch")
bad("custom_pipeline.mlmodel", core_ml(200, field(1, field(1, core_ml(500, core_layer("own", 500, custom))))), "coreml-custom", "the same in a pipeline")
bad("custom_operation.mlmodel", core_ml(502, program([constant("@model_path/weights/weight.bin"), field(1, "custom_layer")]), 6), "coreml-custom",
    "an operation of an app's class")
bad("weights_outside.mlmodel", core_ml(502, program([constant("@model_path/../../audit.bin")]), 6), "coreml-file", "weights outside of the package")
bad("weights_absolute.mlmodel", core_ml(502, program([constant("/tmp/audit.bin")]), 6), "coreml-file", "weights by an absolute path")
bad("linked.mlmodel", core_ml(556, field(1, field(1, field(1, "audit.mlmodelc")))), "coreml-file", "a model that is another file")
clean("net.mlmodel", core_ml(500, dense))
clean("program.mlmodel", core_ml(502, program([constant("@model_path/weights/weight.bin"), field(1, "linear")]), 6))

# Archives that are not unpacked.
bad("model.rar", b"Rar!\x1a\x07\x01\x00" + bytes((i * 31) % 251 for i in range(256)), ["archive-opaque", "unknown-content"], "a RAR archive")
bad("sevenzip_inside.zip", zipped([("weights.7z", b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes((i * 31) % 251 for i in range(256)))]), "archive-opaque",
    "a 7z archive in a zip")

with open("expected.json") as file:
    expected = json.load(file)
expected.update(made)
with open("expected.json", "w") as file:
    json.dump(expected, file, indent=1, sort_keys=True)
    file.write("\n")
print(len(made), "bad made,", len(expected), "in all")
