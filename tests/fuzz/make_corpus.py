#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the corpora of the fuzz targets: small inputs of every kind that a reader knows, right ones and a few that
are wrong in one place. Needs python3-onnx, python3-pil and python3-soundfile, and lapidary-cli for what only Lapidary
writes.
    tests/fuzz/make_corpus.py build/ci/app/lapidary-cli
Inputs that a fuzzer found stand beside them under names that begin with 'found'; they are left as they are."""
import gzip, io, json, os, struct, subprocess, sys, tempfile, wave, zipfile, zlib

import numpy as np
import onnx
import soundfile
from onnx import TensorProto as T, helper as h, numpy_helper
from PIL import Image

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "corpus")
CLI = sys.argv[1]
random = np.random.RandomState(1)


def put(target, name, content):
    os.makedirs(os.path.join(HERE, target), exist_ok=True)
    with open(os.path.join(HERE, target, name), "wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)


def floats(*shape):
    return (random.randint(-8, 9, shape) / 8).astype(np.float32)


def members(archive):
    """The form that archiveOf of fuzz.h packs."""
    out = b""
    with zipfile.ZipFile(io.BytesIO(archive)) as zip_file:
        for info in zip_file.infolist():
            data = zip_file.read(info)
            out += bytes([len(info.filename)]) + info.filename.encode() + struct.pack("<H", len(data)) + data
    return out


def model(nodes, inputs, outputs, weights=None, opset=17, **more):
    value = lambda v: h.make_tensor_value_info(v[0], v[1], v[2])
    graph = h.make_graph(nodes, "g", [value(v) for v in inputs], [value(v) for v in outputs],
                         [numpy_helper.from_array(a, n) for n, a in (weights or {}).items()])
    return h.make_model(graph, opset_imports=[h.make_opsetid("", opset)], ir_version=8, **more)


def small():
    return model([h.make_node("MatMul", ["x", "w"], ["y"], name="product")], [("x", T.FLOAT, [1, 4])],
                 [("y", T.FLOAT, [1, 3])], {"w": floats(4, 3)})


def convolutions():
    nodes = [h.make_node("Conv", ["x", "w", "b"], ["c"], pads=[1, 1, 1, 1], strides=[2, 2]),
             h.make_node("BatchNormalization", ["c", "s", "o", "m", "v"], ["n"]),
             h.make_node("Relu", ["n"], ["r"]), h.make_node("MaxPool", ["r"], ["p"], kernel_shape=[2, 2]),
             h.make_node("Conv", ["p", "d"], ["e"], group=4, dilations=[2, 2], auto_pad="SAME_UPPER"),
             h.make_node("GlobalAveragePool", ["e"], ["a"]), h.make_node("Flatten", ["a"], ["f"]),
             h.make_node("Gemm", ["f", "g", "h"], ["z"], transB=1), h.make_node("Softmax", ["z"], ["y"])]
    weights = {"w": floats(4, 2, 3, 3), "b": floats(4), "s": floats(4), "o": floats(4), "m": floats(4),
               "v": np.ones(4, np.float32), "d": floats(4, 1, 3, 3), "g": floats(3, 4), "h": floats(3)}
    return model(nodes, [("x", T.FLOAT, ["N", 2, 8, 8])], [("y", T.FLOAT, ["N", 3])], weights)


def transposed():
    nodes = [h.make_node("ConvTranspose", ["x", "w"], ["c"], strides=[2, 2], output_padding=[1, 1]),
             h.make_node("Resize", ["c", "", "scales"], ["r"], mode="linear"),
             h.make_node("AveragePool", ["r"], ["p"], kernel_shape=[3, 3], pads=[1, 1, 1, 1], ceil_mode=1),
             h.make_node("InstanceNormalization", ["p", "s", "b"], ["i"]),
             h.make_node("DepthToSpace", ["i"], ["y"], blocksize=2)]
    return model(nodes, [("x", T.FLOAT, [1, 2, 3, 3])], [("y", T.FLOAT, None)],
                 {"w": floats(2, 4, 2, 2), "s": floats(4), "b": floats(4),
                  "scales": np.array([1, 1, 1.5, 2], np.float32)})


def recurrent():
    nodes = [h.make_node("LSTM", ["x", "w", "r", "b"], ["s", "a"], hidden_size=2, direction="bidirectional"),
             h.make_node("GRU", ["x", "gw", "gr"], ["", "y"], hidden_size=2, linear_before_reset=1)]
    return model(nodes, [("x", T.FLOAT, [3, 1, 2])], [("s", T.FLOAT, None), ("y", T.FLOAT, None)],
                 {"w": floats(2, 8, 2), "r": floats(2, 8, 2), "b": floats(2, 16), "gw": floats(1, 6, 2),
                  "gr": floats(1, 6, 2)})


def attention():
    nodes = [h.make_node("Gather", ["table", "x"], ["e"]),
             h.make_node("LayerNormalization", ["e", "s", "o"], ["n"], axis=-1),
             h.make_node("MatMul", ["n", "q"], ["q1"]), h.make_node("Transpose", ["n"], ["t"], perm=[0, 2, 1]),
             h.make_node("MatMul", ["q1", "t"], ["a"]), h.make_node("Softmax", ["a"], ["p"], axis=-1),
             h.make_node("Einsum", ["p", "n"], ["v"], equation="bij,bjk->bik"),
             h.make_node("ReduceMean", ["v"], ["m"], axes=[1], keepdims=0), h.make_node("Gelu", ["m"], ["y"])]
    return model(nodes, [("x", T.INT64, ["N", 3])], [("y", T.FLOAT, None)],
                 {"table": floats(5, 4), "s": floats(4), "o": floats(4), "q": floats(4, 4)}, opset=20)


def shapes():
    nodes = [h.make_node("Shape", ["x"], ["s"]), h.make_node("Slice", ["s", "a", "b"], ["t"]),
             h.make_node("Concat", ["t", "minus"], ["c"], axis=0), h.make_node("Reshape", ["x", "c"], ["r"]),
             h.make_node("Pad", ["r", "pads"], ["p"], mode="reflect"), h.make_node("Tile", ["p", "reps"], ["i"]),
             h.make_node("Expand", ["i", "big"], ["e"]), h.make_node("TopK", ["e", "k"], ["v", "j"]),
             h.make_node("Split", ["v"], ["l", "m"], axis=-1), h.make_node("Where", ["cond", "l", "m"], ["w"]),
             h.make_node("ScatterND", ["w", "at", "new"], ["n"]), h.make_node("NonZero", ["n"], ["z"]),
             h.make_node("Unsqueeze", ["j", "zero"], ["u"]), h.make_node("CumSum", ["n", "axis"], ["y"])]
    i = lambda *v: np.array(v, np.int64)
    return model(nodes, [("x", T.FLOAT, [2, 6])], [("y", T.FLOAT, None), ("z", T.INT64, None), ("u", T.INT64, None)],
                 {"a": i(0), "b": i(1), "minus": i(-1), "pads": i(0, 1, 0, 1), "reps": i(1, 2), "big": i(2, 1),
                  "k": i(4), "cond": np.array([True, False]), "at": np.array([[0, 1]], np.int64),
                  "new": floats(1), "zero": i(0), "axis": np.array(1, np.int64)})


def control():
    branch = lambda op, out: h.make_graph([h.make_node(op, ["x"], [out])], out,
                                          [], [h.make_tensor_value_info(out, T.FLOAT, None)])
    body = h.make_graph([h.make_node("Mul", ["held", "w"], ["next"]), h.make_node("Identity", ["go"], ["on"]),
                         h.make_node("Identity", ["next"], ["seen"])], "body",
                        [h.make_tensor_value_info("i", T.INT64, []), h.make_tensor_value_info("go", T.BOOL, []),
                         h.make_tensor_value_info("held", T.FLOAT, None)],
                        [h.make_tensor_value_info(n, t, None)
                         for n, t in (("on", T.BOOL), ("next", T.FLOAT), ("seen", T.FLOAT))])
    scan = h.make_graph([h.make_node("Add", ["state", "row"], ["sum"]), h.make_node("Identity", ["sum"], ["out"])],
                        "scan", [h.make_tensor_value_info(n, T.FLOAT, [2]) for n in ("state", "row")],
                        [h.make_tensor_value_info(n, T.FLOAT, [2]) for n in ("sum", "out")])
    nodes = [h.make_node("If", ["c"], ["a"], then_branch=branch("Relu", "t"), else_branch=branch("Neg", "f")),
             h.make_node("Loop", ["n", "c", "a"], ["b", "all"], body=body),
             h.make_node("Scan", ["start", "b"], ["end", "y"], body=scan, num_scan_inputs=1)]
    return model(nodes, [("x", T.FLOAT, [3, 2])], [("y", T.FLOAT, None), ("all", T.FLOAT, None)],
                 {"c": np.array(True), "n": np.array(3, np.int64), "w": floats(2), "start": floats(2)})


def quantized():
    u = lambda *v: np.array(v[0] if len(v) == 1 else v, np.uint8)
    nodes = [h.make_node("QuantizeLinear", ["x", "s", "z"], ["q"]),
             h.make_node("QLinearConv", ["q", "s", "z", "w", "s", "wz", "s", "z"], ["c"], pads=[1, 1, 1, 1]),
             h.make_node("DequantizeLinear", ["c", "s", "z"], ["d"]),
             h.make_node("DynamicQuantizeLinear", ["d"], ["e", "es", "ez"]),
             h.make_node("Cast", ["e"], ["f"], to=T.FLOAT),
             h.make_node("DequantizeLinear", ["w4", "ws", "wz4"], ["dw"], axis=0), h.make_node("MatMul", ["f", "dw"], ["y"])]
    return model(nodes, [("x", T.FLOAT, [1, 1, 4, 4])], [("y", T.FLOAT, None)],
                 {"s": np.array(0.1, np.float32), "z": u(3), "w": random.randint(-3, 4, (1, 1, 3, 3)).astype(np.int8),
                  "wz": np.array(0, np.int8), "w4": random.randint(-8, 8, (4, 2)).astype(np.int8),
                  "ws": floats(4) + 2, "wz4": np.zeros(4, np.int8)})


def boxes():
    i = lambda v: np.array(v, np.int64)
    nodes = [h.make_node("NonMaxSuppression", ["b", "s", "n", "u"], ["k"]),
             h.make_node("RoiAlign", ["x", "r", "ri"], ["a"], output_height=2, output_width=2),
             h.make_node("GridSample", ["x", "g"], ["y"]), h.make_node("DFT", ["d", "", ], ["f"], axis=1)]
    return model(nodes, [("x", T.FLOAT, [1, 1, 4, 4])], [(n, T.FLOAT, None) for n in "yaf"] + [("k", T.INT64, None)],
                 {"b": floats(1, 3, 4), "s": floats(1, 1, 3), "n": i(2), "u": np.array(0.5, np.float32),
                  "r": floats(1, 4), "ri": i([0]), "g": floats(1, 2, 2, 2), "d": floats(1, 4, 1)})


def odd_types():
    tensors = [h.make_tensor("half", T.FLOAT16, [3], np.array([1, 2, 3], np.float16).view(np.uint16).tolist(), raw=False),
               h.make_tensor("brain", T.BFLOAT16, [2], [1.0, 2.0]), h.make_tensor("typed", T.FLOAT, [2], [1.0, 2.0]),
               h.make_tensor("big", T.UINT64, [1], [2**63]), h.make_tensor("flag", T.BOOL, [2], [True, False])]
    m = small()
    m.graph.initializer.extend(tensors)
    m.metadata_props.add(key="author", value="someone")
    m.graph.doc_string = "words"
    return m


def external():
    m = small()
    tensor = m.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = T.EXTERNAL
    for key, value in (("location", "../../etc/passwd"), ("offset", "0"), ("length", "48")):
        tensor.external_data.add(key=key, value=value)
    return m


def old():
    nodes = [h.make_node("Reshape", ["x"], ["r"], shape=[1, 4]), h.make_node("Dropout", ["r"], ["d"], is_test=1),
             h.make_node("Add", ["d", "b"], ["s"], broadcast=1, axis=1), h.make_node("Clip", ["s"], ["y"], min=0.0)]
    return model(nodes, [("x", T.FLOAT, [4])], [("y", T.FLOAT, None)], {"b": floats(4)}, opset=1)


def local_function():
    m = small()
    m.functions.append(h.make_function("own", "Twice", ["a"], ["b"], [h.make_node("Add", ["a", "a"], ["b"])],
                                       [h.make_opsetid("", 17)]))
    m.opset_import.append(h.make_opsetid("own", 1))
    m.graph.node.append(h.make_node("Twice", ["y"], ["z"], domain="own"))
    return m


def codes(count):
    return bytes((i * 37 + 11) & 0x77 for i in range(count))


def steps(count):
    return np.array([((i * 7) % 13 - 6) / 64 + .11 for i in range(count)], np.float32)


def raw(name, kind, dims, data):
    return h.make_tensor(name, kind, dims, data, raw=True)


def nbits():
    m = model([h.make_node("MatMulNBits", ["x", "q", "s", "z"], ["y"], domain="com.microsoft", N=3, K=40, bits=4, block_size=16)],
              [("x", T.FLOAT, [1, 40])], [("y", T.FLOAT, [1, 3])], {"s": steps(9)})
    m.graph.initializer.extend([raw("q", T.UINT8, [3, 3, 8], codes(72)), raw("z", T.UINT8, [6], codes(6))])
    m.opset_import.append(h.make_opsetid("com.microsoft", 1))
    return m


def blocks():
    m = model([h.make_node("DequantizeLinear", ["q", "s", "z"], ["d"], axis=1, block_size=16),
               h.make_node("Transpose", ["d"], ["t"], perm=[1, 0]), h.make_node("MatMul", ["x", "t"], ["y"])],
              [("x", T.FLOAT, [1, 40])], [("y", T.FLOAT, [1, 3])], {"s": steps(9).reshape(3, 3)}, opset=21)
    m.graph.initializer.extend([raw("q", T.UINT4, [3, 40], codes(60)), raw("z", T.UINT4, [3, 3], codes(5))])
    return m


def coded():
    m = model([h.make_node("Transpose", ["q"], ["p"], perm=[1, 0]), h.make_node("DequantizeLinear", ["p", "s"], ["d"], axis=0),
               h.make_node("Reshape", ["d", "r"], ["t"]), h.make_node("Gemm", ["x", "t"], ["y"], transB=1)],
              [("x", T.FLOAT, [1, 8])], [("y", T.FLOAT, [1, 6])], {"s": steps(6), "r": np.array([6, 8])}, opset=21)
    m.graph.initializer.append(raw("q", T.INT8, [8, 6], codes(48)))
    return m


def make_onnx():
    for maker in (small, convolutions, transposed, recurrent, attention, shapes, control, quantized, boxes, odd_types,
                  external, old, local_function, nbits, blocks, coded):
        put("onnx", maker.__name__, maker().SerializeToString())
    m = small()
    m.graph.initializer[0].dims[0] = 2**40
    put("onnx", "absurd_shape", m.SerializeToString())
    m = shapes()
    big = [t for t in m.graph.initializer if t.name == "big"][0]
    big.raw_data = struct.pack("<2q", 2**31, 2**31)
    put("onnx", "absurd_expand", m.SerializeToString())


def safetensors(header, data=b""):
    text = json.dumps(header).encode() if not isinstance(header, bytes) else header
    return struct.pack("<Q", len(text)) + text + data


def make_safetensors():
    entry = lambda kind, shape, begin, end: {"dtype": kind, "shape": shape, "data_offsets": [begin, end]}
    two = {"a": entry("F32", [2, 3], 0, 24), "b": entry("I64", [1], 24, 32)}
    put("safetensors", "two", safetensors(two, bytes(range(32))))
    put("safetensors", "metadata", safetensors({"__metadata__": {"format": "pt"}, **two}, bytes(32)))
    put("safetensors", "half", safetensors({"h": entry("F16", [2], 0, 4), "i": entry("BF16", [2], 4, 8)}, bytes(8)))
    put("safetensors", "encoded", safetensors(
        {"__metadata__": {"encoding.w": '{"axis":0,"bits":4}'}, "w": entry("I8", [2, 2], 0, 4),
         "w.scale": entry("F32", [2], 4, 12), "w.zero_point": entry("I8", [2], 12, 14)}, b"\1\2\3\4" + struct.pack("<2f", .5, 2) + b"\0\1"))
    put("safetensors", "empty", safetensors({}))
    put("safetensors", "overlap", safetensors({"a": entry("U8", [8], 0, 8), "b": entry("U8", [8], 4, 12)}, bytes(12)))
    put("safetensors", "beyond", safetensors({"a": entry("F32", [4], 0, 16)}, bytes(8)))
    put("safetensors", "huge", safetensors({"a": entry("F32", [2**31, 2**31], 0, 16)}, bytes(16)))
    put("safetensors", "twice", safetensors(b'{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":1}', b"1"))
    put("safetensors", "long_header", struct.pack("<Q", 2**62) + b"{}")
    put("safetensors", "small_floats", safetensors(
        {"a": entry("F8_E4M3", [2, 2], 0, 4), "a_scale_inv": entry("F8_E8M0", [2], 4, 6), "b": entry("F8_E5M2", [1], 6, 7),
         "c": entry("F4", [3], 7, 9), "d": entry("F8_E4M3FNUZ", [1], 9, 10)}, bytes(range(120, 130))))
    put("safetensors", "kept", safetensors(
        {"__metadata__": {"element_type.z": '{"shape":[1],"type":"complex128"}'}, "c": entry("C64", [1], 0, 8),
         "f": entry("F6_E2M3", [4], 8, 11), "u": entry("U2", [3], 11, 12), "z": entry("U8", [1, 16], 12, 28)}, bytes(28)))
    put("safetensors", "tied", safetensors(
        {"__metadata__": {"head": "emb", "tied.t": '{"of":"emb","shape":[3,2],"strides":[1,3]}'},
         "emb": entry("F32", [2, 3], 0, 24)}, bytes(24)))
    names = ("net.w", "opt.net.w.exp_avg", "opt.net.w.step", "ema.net.w", "o.mu.net.w", "o.nu.net.w", "rng")
    put("safetensors", "training", safetensors(
        {name: entry("I32" if name == "rng" else "F32", [2], 8 * i, 8 * i + 8) for i, name in enumerate(names)}, bytes(56)))


def make_index():
    index = lambda **files: json.dumps({"metadata": {"total_size": 4}, "weight_map": files})
    put("index", "one", index(a="SHARD"))
    put("index", "missing", index(a="SHARD", b="model-00002-of-00002.safetensors"))
    put("index", "lost", index(a="SHARD", b="SHARD"))
    put("index", "up", index(a="../../etc/hostname"))
    put("index", "absolute", index(a="/etc/hostname"))
    put("index", "numbers", '{"weight_map":{"a":1}}')
    put("index", "empty", '{"weight_map":{}}')


def torch_file(root, **storages):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in (("data.pkl", b"\x80\x02" + root + b"."), ("byteorder", b"little"),
                              *(("data/" + key[1:], data) for key, data in storages.items())):
            archive.writestr(zipfile.ZipInfo("m/" + name), content)
    return out.getvalue()


def make_torch():
    """By hand, as torch.save writes them: opcodes of pickle's protocol 2."""
    text = lambda t: b"X" + struct.pack("<I", len(t)) + t.encode()
    number = lambda n: b"J" + struct.pack("<i", n)
    sequence = lambda *items: b"(" + b"".join(items) + b"t"
    numbers = lambda *n: sequence(*map(number, n))
    name = lambda module, word: b"c" + module.encode() + b"\n" + word.encode() + b"\n"
    call = lambda word, *arguments: name("torch._utils", word) + sequence(*arguments) + b"R"
    table = lambda **items: b"}(" + b"".join(text(k.replace("__", ".")) + v for k, v in items.items()) + b"u"
    storage = lambda kind, key, count: sequence(
        text("storage"), name("torch.storage" if kind == "UntypedStorage" else "torch", kind), text(key), text("cpu"),
        number(count)) + b"Q"
    hooks = name("collections", "OrderedDict") + b")R"

    def tensor(key, count, shape, strides, kind="FloatStorage", offset=0):
        return call("_rebuild_tensor_v2", storage(kind, key, count), number(offset), numbers(*shape), numbers(*strides), b"\x89", hooks)

    def typed(word, key, count, shape, strides):
        return call("_rebuild_tensor_v3", storage("UntypedStorage", key, count), number(0), numbers(*shape),
                    numbers(*strides), b"\x89", hooks, name("torch", word), b"N")
    six = floats(6).tobytes()
    put("torch", "tied", torch_file(table(emb=tensor("0", 6, (3, 2), (2, 1)), head=tensor("0", 6, (3, 2), (2, 1)),
                                          turned=tensor("0", 6, (2, 3), (1, 2)), part=tensor("0", 6, (2,), (1,), offset=3)), _0=six))
    put("torch", "types", torch_file(table(a=typed("float8_e4m3fn", "0", 24, (4,), (1,)), b=typed("complex64", "0", 24, (3,), (1,)),
                                           c=typed("float4_e2m1fn_x2", "0", 24, (2,), (1,)), d=typed("unheard_of", "0", 24, (1,), (1,)),
                                           e=tensor("0", 3, (1,), (1,), "ComplexFloatStorage")), _0=six))
    scheme = sequence(name("torch", "per_channel_affine"), tensor("1", 2, (2,), (1,)), tensor("1", 2, (2,), (1,)), number(0))
    put("torch", "quantized", torch_file(table(
        q=call("_rebuild_qtensor", storage("QInt8Storage", "0", 4), number(0), numbers(2, 2), numbers(2, 1), scheme, b"\x89", hooks)),
        _0=b"\1\2\3\4", _1=np.array([1, 2], np.float32).tobytes()))
    moments = table(step=number(1), exp_avg=tensor("0", 6, (6,), (1,)))
    put("torch", "training", torch_file(table(
        net=table(w=tensor("0", 6, (6,), (1,))), opt=table(state=b"}(" + number(0) + moments + b"u", param_groups=b"]"),
        other=table(w=moments), ema=table(w=tensor("0", 6, (6,), (1,))), sched=table(last_epoch=number(1), base_lrs=b"]"),
        numpy=sequence(text("MT19937"), number(1), number(2))), _0=six))


def npy(array, **more):
    out = io.BytesIO()
    np.lib.format.write_array(out, np.asarray(array), **more)
    return out.getvalue()


def make_arrays():
    some = {"float": floats(2, 3), "fortran": np.asfortranarray(floats(3, 2)), "big_endian": np.arange(3, dtype=">i4"),
            "scalar": np.float64(2), "half": floats(2).astype(np.float16), "flags": np.array([True, False]),
            "none": np.zeros((0, 4), np.uint8), "text": np.array(["ab", "c"]), "complex": np.array([1j])}
    for name, array in some.items():
        put("npy", name, npy(array))
    put("npy", "version_2", npy(floats(2), version=(2, 0)))
    put("npy", "pickled", npy(np.array([{}], object)))
    put("npy", "absurd", npy(floats(2)).replace(b"(2,), ", b"(9223372036854775807,), ".ljust(0)))
    for name, arrays, save in (("plain", {"w": floats(2, 3), "b": floats(3)}, np.savez),
                               ("deflated", {"w": np.zeros((4, 4), np.float32)}, np.savez_compressed),
                               ("mixed", {"a": np.arange(4), "b": np.array(True), "c": np.asfortranarray(floats(2, 2))}, np.savez)):
        out = io.BytesIO()
        save(out, **arrays)
        put("npz", name + "_archive", out.getvalue())
        put("npz", name, members(out.getvalue()))
        put("zip", name, out.getvalue())
    out = io.BytesIO()
    np.savez(out, **{"w": floats(2), "c": np.asfortranarray(np.ones((2, 2), np.complex64)), "t": np.array(["ab", "c"]),
                     "o": np.array([{}], object), "head.tied_to": np.frombuffer(b"w", np.uint8), "d": np.array(["2020"], "M8[ns]"),
                     "r": np.zeros(1, [("a", "<f4")])})
    put("npz", "kept", members(out.getvalue()))
    out = io.BytesIO()
    np.savez(out, **{"w": np.array([[1, 2], [3, 4]], np.int8), "w.scale": floats(2), "w.zero_point": np.zeros(2, np.int8)})
    put("npz", "encoded", members(out.getvalue()))


def make_zip():
    for name, method, entries in (("empty", 0, []), ("folder", 0, [("a/", b""), ("a/b", b"text")]),
                                  ("slip", 8, [("../../x", b"out" * 9)]), ("bomb", 8, [("zeros", bytes(2**20))]),
                                  ("twice", 0, [("a", b"1"), ("a", b"2")]), ("bzip", 12, [("a", b"words" * 9)])):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as zip_file:
            for entry, data in entries:
                zip_file.writestr(zipfile.ZipInfo(entry), data, compress_type=method)
        put("zip", name, out.getvalue())
    put("zip", "end_alone", b"PK\5\6" + bytes(18))
    put("zip", "prefix", b"#!/bin/sh\n" + open(os.path.join(HERE, "zip", "folder"), "rb").read())


def make_idx():
    head = lambda kind, *shape: struct.pack(">HBB", 0, kind, len(shape)) + struct.pack(">%dI" % len(shape), *shape)
    put("idx", "pictures", head(8, 2, 3, 3) + bytes(range(18)))
    put("idx", "labels", head(8, 4) + b"\1\2\3\0")
    put("idx", "shorts", head(0xB, 2) + struct.pack(">2h", -1, 7))
    put("idx", "floats", head(0xD, 2) + struct.pack(">2f", 1.5, -2))
    put("idx", "doubles", head(0xE, 1) + struct.pack(">d", 3))
    put("idx", "zipped", gzip.compress(head(8, 2, 2) + b"abcd", mtime=0))
    put("idx", "bomb", gzip.compress(head(8, 1000, 1000) + bytes(10**6), mtime=0))
    put("idx", "absurd", head(8, 2**32 - 1, 2**32 - 1, 2**32 - 1) + b"1")
    put("idx", "short", head(8, 9) + b"12")


def make_placeholders():
    """What stands in the audit's and the texts' corpora are files of tests/data/audit."""
    oid = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393"
    head = "version https://git-lfs.github.com/spec/v1\noid sha256:"
    for name, text in (("pointer", head + oid + "\nsize 12345\n"), ("no_size", head + "4d7a\nsize \n"),
                       ("link", "../../blobs/" + oid[:40]), ("link_line", "./model.onnx\n"), ("zero", "../a\0b"),
                       ("absurd", "version 1\nsize 99999999999999999999999999\noid sha256:\n")):
        put("placeholder", name, text)


def make_text():
    for name, text in {"plain": "file,label\na.png,cat\nb.png,dog\n", "quoted": '"a,b","say ""no"""\r\n"two\nlines",x\r\n',
                       "mark": "\ufeffa,b\n1,2", "open": 'a,"never ends', "empty": "\n\n\n", "wide": "," * 300,
                       "after": '"a"b,c\n', "null": "a\0b,c\n", "semicolon": 'file;label\r\n"a;b";1\r\n;\r\n',
                       "excel": "sep=\t\na\tb\n", "wide_characters": "a,b\n".encode("utf-16")}.items():
        put("csv", name, text)
    for name, text in {"plain": "file,label\na.png,1\n", "semicolon": "file;label\r\na.png;1\r\n",
                       "tabs": "file_name\tlabel\tsplit\na.png\tcat\ttest\nb.png\tdog\ttrain\n",
                       "blanks": "a.png 1\nb.png 2\n", "more": "id,file_name,label\n0,a.png,1\n",
                       "excel": 'sep=;\nfile;label\n"a;b.png";1\n', "mark": "\ufefffile, label\n a.png , 1\n",
                       "empty": ""}.items():
        put("list", name, text)
    for name, text in {"object": '{"a": [1, 2.5, null, true], "b": {"c": "d"}}', "twice": '{"a": 1, "a": 2}',
                       "deep": "[" * 80 + "]" * 80, "numbers": "[1e400, -0, 18446744073709551616, 1E-400]",
                       "escapes": '"\\u0041\\ud83d\\ude00\\ud800\\n"', "bytes": b'"\xff\xfe\xc0\x80"', "open": '{"a": [',
                       "bare": "12"}.items():
        put("json", name, text)


def make_samples():
    def saved(**arrays):
        out = io.BytesIO()
        np.savez(out, **arrays)
        return members(out.getvalue())
    x, y = np.arange(12, dtype=np.uint8).reshape(3, 4), np.array([0, 2, 1])
    for name, arrays in {
            "plain": {"x": x, "y": y}, "onehot": {"x": x, "y": np.eye(3, dtype=np.float32)},
            "keras": {"x_train": x, "y_train": y, "x_test": x[:2], "y_test": np.array([[2], [1]])},
            "medmnist": {"train_images": np.zeros((2, 8, 8), np.uint8), "train_labels": np.array([[0], [1]], np.uint8),
                         "test_images": np.zeros((1, 8, 8), np.uint8), "test_labels": np.array([[1]], np.uint8)},
            "soft": {"x": x, "y": np.full((3, 2), .5, np.float32)}, "words": {"x": x, "y": np.array(["b", "a", "b"])},
            "bytes_words": {"x": x, "labels": np.array([b"b", b"a", b"b"])},
            "others": {"x": x, "ids": y, "mean": np.float32(1), "c": np.array([1j])},
            "unnamed": {"arr_0": x, "arr_1": np.array([0., 1., 2.])}}.items():
        put("samples", name, saved(**arrays))


def edit(**parts):
    return {"format": "lapidary-recipe", "version": 1, "global_sparsity": 0.5, "layers": {"fc": parts}}


def make_recipes():
    q = lambda **more: {"bits": 4, "per": "channel", **more}
    for name, recipe in {
            "empty": {"format": "lapidary-recipe", "version": 1}, "prune": edit(prune={"mode": "threshold", "value": 0.01}),
            "pattern": edit(prune={"mode": "pattern", "keep": 2, "of": 4, "criterion": "wanda"}),
            "blocks": edit(prune={"mode": "blocks", "value": 0.5, "block": [4, 4]}),
            "channels": edit(prune={"mode": "channels", "value": 0.5}),
            "group": edit(quantize=q(scheme="symmetric", per="group", group=64, range="mse", rounding="gptq", bias_correction=True)),
            "bitplane": edit(quantize={"scheme": "bitplane", "bits": 8, "per": "channel", "dropped_planes": 2}),
            "codebook": edit(quantize=q(scheme="codebook")), "fp8": edit(quantize={"scheme": "fp8_e4m3", "per": "tensor"}),
            "low_rank": edit(low_rank={"mode": "energy", "value": 0.9}),
            "activations": edit(quantize=q(scheme="affine"), activations={"mode": "static", "range": "percentile"}),
            "repaired": {"format": "lapidary-recipe", "version": 1, "repaired": "ab" * 32, "equalize": True},
            "wrong": edit(quantize={"scheme": "affine", "bits": 99}), "unknown": edit(colour="red")}.items():
        put("recipe", name, json.dumps(recipe))
    for name, document in {
            "empty": {}, "pictures": {"resize": 256, "crop": 224, "layout": "NHWC", "channels": "BGR", "scale": 1 / 255,
                                      "mean": [.5, .4, .3], "std": [.2, .2, .2], "dtype": "float32"},
            "gray": {"mean": 3, "channels": "gray"}, "huge": {"resize": 2**31, "scale": 1e308},
            "sound": {"audio": {"rate": 16000, "length": 8000, "features": "log_mel", "window": 400, "hop": 160, "mels": 40,
                                "fmin": 20, "fmax": 8000, "log": "db", "floor": 1e-6, "mel_scale": "slaney", "center": True}},
            "samples": {"audio": {"rate": 8000, "features": "samples"}}, "wrong": {"scale": "much"},
            "nothing": {"std": [0, 0, 0]}, "size": {"size": [8, 6], "resample": "bicubic", "crop": 5},
            "vit": {"do_normalize": True, "do_rescale": True, "do_resize": True, "image_mean": [.5, .5, .5],
                    "image_std": [.5, .5, .5], "image_processor_type": "ViTImageProcessor", "resample": 2,
                    "rescale_factor": 1 / 255, "size": {"height": 224, "width": 224}},
            "convnext": {"image_processor_type": "ConvNextImageProcessor", "size": {"shortest_edge": 224},
                         "crop_pct": .875, "do_center_crop": True, "crop_size": 200},
            "efficient": {"do_rescale": True, "rescale_factor": .0078, "rescale_offset": True, "include_top": True,
                          "image_mean": [0, 0, 0], "image_std": [.5, .5, .5]},
            "whisper": {"chunk_length": 30, "feature_extractor_type": "WhisperFeatureExtractor", "feature_size": 80,
                        "hop_length": 160, "n_fft": 400, "sampling_rate": 16000},
            "ast": {"feature_extractor_type": "ASTFeatureExtractor", "num_mel_bins": 128, "max_length": 1024,
                    "mean": -4.26, "std": 4.56, "sampling_rate": 16000, "do_normalize": True}}.items():
        put("preprocess", name, json.dumps(document))
    student = lambda **more: {"format": "lapidary-student", "version": 1, **more}
    for name, spec in {
            "mlp": student(kind="mlp", hidden=[64, 32]), "cnn": student(kind="cnn", channels=[8, 16], kernel=3, pool=2, head="flat"),
            "transformer": student(kind="transformer", width=32, depth=2, heads=4, patch=7, feed_forward=64),
            "narrow": student(kind="narrow", keep=0.5, weights="fresh"), "shallow": student(kind="shallow", keep=0.75),
            "file": student(kind="file", path="a.onnx"), "huge": student(kind="mlp", hidden=[2**62])}.items():
        put("student", name, json.dumps(spec))
    for name, words in {"words_mlp": "mlp:64-32", "words_cnn": "cnn:8-16,kernel=5,head=global",
                        "words_transformer": "transformer:32,depth=2,heads=4", "words_narrow": "narrow:0.3,weights=fresh"}.items():
        put("student", name, words)


def make_journal():
    header = '{"format":"lapidary-search-journal","version":1,"subject":"subject"}\n'
    line = {"samples": 100, "right": 90, "right_before": 95, "gained": 1, "lost": 6, "agreed": 92, "divergence": 0.25,
            "regret": 0.5, "regret_squares": 0.5, "diverged": 100, "latency": 0.001,
            "recipe": edit(prune={"mode": "sparsity", "value": 0.5})}
    text = json.dumps(line) + "\n"
    put("journal", "begun", header)
    put("journal", "line_alone", text[:-1])
    put("journal", "two", header + text + text.replace("100", "200"))
    put("journal", "torn", header + text + text[:40])
    put("journal", "other", header.replace('"subject"}', '"other"}'))
    put("journal", "wrong", header + text.replace("90", "9000"))
    put("journal", "none", "a letter to a friend\n")


def make_checkpoint():
    def arrays(**more):
        text = lambda t: np.frombuffer(t.encode(), np.uint8)
        some = {"meta": np.array([1, 0, 2, 20, 1, 0], np.int64), "subject": text("subject"),
                "epochs": np.arange(10, dtype=np.float64).reshape(2, 5), "number.0": floats(3), "first.0": floats(3),
                "second.0": floats(3), "held.0": np.array([1, 0, 1], np.uint8), "statistic.0": floats(2),
                "best": np.array([4], np.int64), "best.0": floats(2, 2), "start": np.array([4], np.int64), "start.0": floats(2, 2)}
        out = io.BytesIO()
        np.savez(out, **{**some, **more})
        return out.getvalue()
    put("checkpoint", "whole", members(arrays()))
    put("checkpoint", "archive", arrays())
    put("checkpoint", "other", members(arrays(subject=np.zeros(3, np.uint8))))
    put("checkpoint", "negative", members(arrays(meta=np.array([1, -1, 2, 3, 4, 0], np.int64))))
    put("checkpoint", "types", members(arrays(best=floats(1))))
    put("checkpoint", "shape", members(arrays(epochs=np.zeros((0, 5)))))


def make_session():
    quality = {"value": 0.9, "low": 0.8, "high": 0.95, "decibel": False}
    visit = {"recipe": edit(prune={"mode": "sparsity", "value": 0.5}), "bytes": 1234, "samples": 100, "quality": quality}
    session = {"lapidarySession": 1, "model": "demo:lenet5", "data": "", "recipe": visit["recipe"], "visited": [visit],
               "preprocess": {"scale": 0.5}, "view": {"selection": ["fc"], "tab": 1, "liveChart": 0}}
    put("session", "plain", json.dumps(session))
    put("session", "empty", '{"lapidarySession": 1, "model": "m.onnx", "recipe": {"format": "lapidary-recipe", "version": 1}}')
    put("session", "newer", '{"lapidarySession": 99}')
    put("session", "pair", json.dumps({**session, "data": "a:b:c"}))
    weights = small().SerializeToString()
    import hashlib
    name = hashlib.sha256(weights).hexdigest()
    repaired = {"format": "lapidary-recipe", "version": 1, "repaired": name}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zip_file:
        zip_file.writestr(zipfile.ZipInfo("session.json"), json.dumps({**session, "lapidarySession": 2, "recipe": repaired, "visited": []}))
        zip_file.writestr(zipfile.ZipInfo("repaired/%s.onnx" % name), weights)
    put("session", "archive", out.getvalue())
    put("session", "members", members(out.getvalue()))



def make_lapidary():
    with tempfile.TemporaryDirectory() as folder:
        def pack(name, content, ending):
            path = os.path.join(folder, name + ending)
            with open(path, "wb") as file:
                file.write(content)
            target = os.path.join(folder, name + ".lapidary")
            subprocess.run([CLI, "compress", path, "-o", target, "--sparsity", "0"], check=True, stdout=subprocess.DEVNULL)
            return open(target, "rb").read()
        wide = model([h.make_node("MatMul", ["x", "w"], ["y"])], [("x", T.FLOAT, [1, 24])], [("y", T.FLOAT, [1, 24])],
                     {"w": (random.randint(-3, 4, (24, 24)) * (random.rand(24, 24) < .4)).astype(np.float32)})
        entry = lambda kind, shape, begin, end: {"dtype": kind, "shape": shape, "data_offsets": [begin, end]}
        sources = {"onnx": (small().SerializeToString(), ".onnx"), "wide": (wide.SerializeToString(), ".onnx"),
                   "safetensors": (safetensors({"a": entry("F32", [16, 16], 0, 1024)}, floats(16, 16).tobytes()), ".safetensors")}
        for name, (content, ending) in sources.items():
            archive = pack(name, content, ending)
            put("lapidary", name + "_archive", archive)
            put("lapidary", name, members(archive))
            with zipfile.ZipFile(io.BytesIO(archive)) as zip_file:
                manifest = zip_file.read("manifest.json")
                put("manifest", name, manifest)
                skeleton = json.loads(manifest)["skeleton"]["block"]
                put("block", name + "_skeleton", json.dumps(skeleton).encode() + b"\n" + zip_file.read("lapidary.skeleton"))
                for i, tensor in enumerate(json.loads(manifest)["tensors"]):
                    put("block", "%s_%d" % (name, i), json.dumps(tensor["block"]).encode() + b"\n" + zip_file.read("0"))
        manifest = json.loads(open(os.path.join(HERE, "manifest", "wide"), "rb").read())
    for name, change in {"far": {"bytes": 2**62}, "negative": {"bytes": -1}, "version": {"version": 2}, "unknown": {"more": 1}}.items():
        put("manifest", name, json.dumps({**manifest, **change}))
    deep = ["raw", 1]
    for _ in range(40):
        deep = ["planes", 0, [deep]]
    put("manifest", "deep", json.dumps({**manifest, "skeleton": {"bytes": 1, "block": deep}}))
    line = lambda block, data=b"": json.dumps(block).encode() + b"\n" + data
    bits = bytes(range(48))
    put("block", "raw", line(["raw", 48], bits))
    put("block", "packed", line(["packed", 18, -3, 3], bits[:18]))
    put("block", "palette", line(["palette", 2, ["raw", 2], ["packed", 6, 0, 1]], b"\5\7" + bits[:6]))
    put("block", "planes", line(["planes", 1, [["raw", 48]] * 2], bits * 2))
    put("block", "bitmap", line(["sparse", 4, "bitmap", ["packed", 6, 0, 1], ["raw", 4]], b"\x0f" + bytes(5) + b"abcd"))
    put("block", "gaps", line(["sparse", 2, "gaps", ["raw", 8], ["raw", 2]], struct.pack("<2I", 3, 4) + b"ab"))
    put("block", "context", line(["context", 8, 0, 3], bits[:8]))
    put("block", "text", line(["text", 8], bits[:8]))
    put("block", "wide_packed", line(["packed", 384, -2**63, 64], bits * 8))


def make_pictures():
    def encoded(array, kind, **more):
        out = io.BytesIO()
        Image.fromarray(array).save(out, kind, **more)
        return out.getvalue()
    colours = random.randint(0, 256, (5, 6, 3)).astype(np.uint8)
    gray, alpha = colours[:, :, 0].copy(), random.randint(0, 256, (4, 4, 4)).astype(np.uint8)
    exif = Image.Exif()
    exif[0x112] = 6
    for name, kind, more in (("turned_jpeg", "JPEG", {"exif": exif}), ("turned_png", "PNG", {"exif": exif}),
                             ("turned_webp", "WEBP", {"lossless": True, "exif": exif}), ("lossy_webp", "WEBP", {}),
                             ("rgb_tiff", "TIFF", {"exif": exif}), ("lzw_tiff", "TIFF", {"compression": "tiff_lzw"}),
                             ("jpeg_tiff", "TIFF", {"compression": "jpeg"}),
                             ("frames_gif", "GIF", {"save_all": True, "append_images": [Image.fromarray(colours).rotate(90)]})):
        put("picture", name, encoded(colours, kind, **more))
    out = io.BytesIO()
    Image.fromarray(colours).convert("CMYK").save(out, "JPEG")
    put("picture", "cmyk_jpeg", out.getvalue())
    put("picture", "deep_tiff", encoded((np.arange(16) * 4000).reshape(4, 4).astype(np.uint16), "TIFF"))
    for name, array in (("rgb", colours), ("gray", gray), ("alpha", alpha), ("bits", gray > 99),
                        ("deep", gray.astype(np.uint16) * 257)):
        png = encoded(array if array.dtype != np.uint16 else array.astype(np.int32), "PNG") if array.dtype != bool else encoded(array, "PNG")
        put("png", name, png)
        put("picture", name + "_png", png)
    out = io.BytesIO()
    Image.fromarray(colours).convert("P", palette=Image.ADAPTIVE, colors=4).save(out, "PNG", transparency=0)
    put("png", "palette", out.getvalue())
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    header = lambda w, height, depth, kind, lace: chunk(b"IHDR", struct.pack(">IIBBBBB", w, height, depth, kind, 0, 0, lace))
    start, end = b"\x89PNG\r\n\x1a\n", chunk(b"IEND", b"")
    put("png", "interlaced", start + header(1, 1, 8, 0, 1) + chunk(b"IDAT", zlib.compress(b"\0a")) + end)
    put("png", "absurd", start + header(2**31 - 1, 2**31 - 1, 16, 6, 0) + chunk(b"IDAT", zlib.compress(bytes(99))) + end)
    put("png", "chunks", start + header(2, 1, 8, 0, 0) + chunk(b"gAMA", struct.pack(">I", 45455)) + chunk(b"tEXt", b"a\0b") +
        chunk(b"iCCP", b"p\0\0" + zlib.compress(b"x" * 40)) + chunk(b"IDAT", zlib.compress(b"\0ab")) + end)
    for name, array, kind in (("rgb_jpeg", colours, "JPEG"), ("gray_jpeg", gray, "JPEG"), ("rgb_bmp", colours, "BMP"),
                              ("rgb_ppm", colours, "PPM"), ("gif", gray, "GIF")):
        put("picture", name, encoded(array, kind))
    put("picture", "progressive_jpeg", encoded(colours, "JPEG", progressive=True, quality=30))
    put("picture", "xbm_name", b"#define a_width 4\n#define a_height 1\nstatic char a_bits[] = {0x0f};\n")


def make_sounds():
    def riff(code, channels, rate, bits, data, length=None):
        frame = channels * bits // 8
        fmt = struct.pack("<HHIIHH", code, channels, rate, rate * frame, frame, bits)
        body = b"WAVEfmt " + struct.pack("<I", 16) + fmt + b"data" + struct.pack("<I", len(data) if length is None else length) + data
        return b"RIFF" + struct.pack("<I", len(body)) + body
    pcm = struct.pack("<8h", *range(-4, 4))
    put("sound", "pcm16", riff(1, 1, 8000, 16, pcm))
    put("sound", "stereo", riff(1, 2, 8000, 16, pcm))
    put("sound", "pcm8", riff(1, 1, 8000, 8, pcm))
    put("sound", "pcm24", riff(1, 1, 8000, 24, pcm[:15]))
    put("sound", "pcm32", riff(1, 1, 8000, 32, pcm))
    put("sound", "float", riff(3, 1, 16000, 32, struct.pack("<3f", 0, 1e30, float("nan"))))
    put("sound", "endless", riff(1, 1, 8000, 16, pcm, 0xFFFFFFFF))
    put("sound", "law", riff(7, 1, 8000, 8, pcm))
    put("sound", "channels", riff(1, 300, 8000, 16, pcm * 40))
    extensible = struct.pack("<HHIIHHHHI", 0xFFFE, 1, 8000, 16000, 2, 16, 22, 16, 4) + struct.pack("<H", 1) + b"\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71"
    body = b"WAVEfmt " + struct.pack("<I", len(extensible)) + extensible + b"LIST" + struct.pack("<I", 3) + b"abc\0data" + struct.pack("<I", 4) + pcm[:4]
    put("sound", "extensible", b"RIFF" + struct.pack("<I", len(body)) + body)
    tone = (np.sin(np.arange(900) / 5) * 12000).astype(np.int16)
    for name, kind, encoding in (("flac", "FLAC", "PCM_16"), ("flac24", "FLAC", "PCM_24"), ("vorbis", "OGG", "VORBIS"),
                                 ("opus", "OGG", "OPUS"), ("ima", "WAV", "IMA_ADPCM"), ("ms", "WAV", "MS_ADPCM"),
                                 ("gsm", "WAV", "GSM610"), ("double", "WAV", "DOUBLE"), ("wavex", "WAVEX", "PCM_16")):
        out = io.BytesIO()
        soundfile.write(out, tone, 8000, encoding, format=kind)
        put("sound", name, out.getvalue())


for make in (make_onnx, make_safetensors, make_index, make_torch, make_arrays, make_zip, make_idx, make_text, make_placeholders, make_samples, make_recipes, make_journal,
             make_checkpoint, make_session, make_pictures, make_sounds, make_lapidary):
    make()
