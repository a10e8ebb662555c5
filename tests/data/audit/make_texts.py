#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes those files of the audit's corpus that carry code in texts, in packed streams, in references and in formats
beside those that are opened: configurations, templates, joblib's pickles, GGUF, TFLite, Keras. Beside each kind of trick
stands a clean twin. As make_corpus.py, whose entries in expected.json it leaves alone, it makes nothing that would do more
than print a word.

Needs numpy and onnx (Debian: python3-numpy python3-onnx) and the program lz4. Run in this folder; the files are part of
the repository, so that no test needs Python."""
import base64, bz2, gzip, io, json, lzma, os, pickle, struct, subprocess, tarfile, zipfile, zlib
import numpy as np

FIXED = (1980, 1, 1, 0, 0, 0)
made = {}
group = ""


def put(folder, name, data):
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())


def bad(name, data, rules, trick):
    put("bad", name, data)
    made[name] = {"rules": rules if isinstance(rules, list) else [rules], "trick": trick, "group": group}


def clean(name, data):
    put("clean", name, data)


def zipped(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, FIXED)
            info.external_attr = 0o600 << 16
            archive.writestr(info, data)
    return out.getvalue()


def tarred(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def text(value):
    raw = value.encode()
    return b"\x8c" + bytes([len(raw)]) + raw


def call(module, name, *arguments):
    return b"\x80\x04" + text(module) + text(name) + b"\x93(" + b"".join(text(a) for a in arguments) + b"tR."


def safetensors(metadata):
    header = json.dumps({"__metadata__": metadata, "w": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}}).encode()
    return struct.pack("<Q", len(header)) + header + np.arange(4, dtype=np.float32).tobytes()


program = call("os", "system", "echo audit")

# --- configurations that name what is called ---------------------------------------------------------------------------
group = "configurations that name what is called: YAML, JSON, tar, metadata, tags of Python, other keys and disguises"
RUNS = "config-runs-code"
hydra = "model:\n  encoder:\n    _target_: nemo.collections.asr.modules.ConformerEncoder\n  tokenizer:\n    _target_: os.system\n    command: echo audit\n"
bad("target.yaml", hydra, RUNS, "_target_ in YAML (CVE-2025-23304)")
bad("target.nemo", tarred([("./model_config.yaml", hydra.encode()), ("./model_weights.ckpt", zipped([("a/data.pkl", pickle.dumps({}, 2))]))]), RUNS, "_target_ in a .nemo archive")
bad("target.json", json.dumps({"model": {"_target_": "builtins.exec", "_args_": ["print('audit')"]}}), RUNS, "_target_ in JSON (CVE-2026-22584)")
bad("target_metadata.safetensors", safetensors({"config": json.dumps({"decoder": {"_target_": "subprocess.check_output", "args": ["true"]}})}), RUNS, "_target_ in JSON in the metadata of safetensors")
bad("target_yaml_metadata.safetensors", safetensors({"config": "decoder:\n  _target_: torch.hub.load\n  source: local\n"}), RUNS, "_target_ in YAML in the metadata")
bad("target_escaped.yaml", 'a:\n  "_\\x74arget_": "os\\u002esystem"\n', RUNS, "key and name in escapes")
bad("target_anchor.yaml", "n: &name os.system\nx:\n  _target_: *name\n", RUNS, "the name behind an anchor")
bad("target_folded.yaml", "x:\n  ? _target_\n  : >-\n    os.system\n  command: true\n", RUNS, "an explicit key and a folded block")
bad("target_flow.yaml", "{x: {y: [1, {_target_: 'runpy.run_path'}]}}\n", RUNS, "in a flow of YAML")
bad("target_second.yaml", "a: 1\n---\nx: {_target_: webbrowser.open}\n", RUNS, "in the second document")
bad("target_wide.yaml", ("x:\n  _target_: os.system\n").encode("utf-16"), RUNS, "in UTF-16")
bad("target_wide32.json", json.dumps({"x": {"_target_": "os.system"}}).encode("utf-32"), RUNS, "JSON in UTF-32")
bad("target_wide_unmarked.json", json.dumps({"x": {"_target_": "os.system"}}).encode("utf-16-le"), RUNS, "JSON in UTF-16 without a mark of byte order")
bad("target_xz.nemo", lzma.compress(tarred([("model_config.yaml", hydra.encode())])), RUNS, "in a .nemo archive that is packed by xz")
bad("nested_deep.json", "[" * 10001 + "1" + "]" * 10001, "file-unreadable", "JSON that is nested deeper than anybody reads")
bad("target_type.yaml", "x: !!python/object/new:type\n  args: [z, !!python/tuple [], {extend: !!python/name:exec }]\n", RUNS, "a class that a tag makes from exec")
bad("target_twice.json", '{"x": {"_target_": "os.system", "_target_": "torch.nn.Linear"}}', RUNS, "a key that stands twice")
bad("target_walk.yaml", "x:\n  _target_: torch.nn.modules.module.os.system\n", RUNS, "a path through a harmless package")
bad("target_broken.yaml", "x:\n  _target_: os.system\n  y: [1, 2\nz: }\n", RUNS, "in YAML that breaks off")
bad("target_path.yaml", "x:\n  _target_: hydra.utils.get_method\n  path: os.system\n", RUNS, "by the path that hydra looks up")
bad("target_params.yaml", "model:\n  target: os.system\n  params:\n    command: true\n", RUNS, "target and params, as diffusion models name classes")
bad("target_reference.yaml", "package: os\nnames:\n  run: system\nx:\n  _target_: ${package}.${names.run}\n", RUNS, "a name put together from references, as OmegaConf resolves them")
bad("class_path.yaml", "model:\n  class_path: subprocess.Popen\n  init_args:\n    args: [true]\n", RUNS, "class_path of Lightning")
bad("component.yaml", "model:\n  _component_: importlib.import_module\n", RUNS, "_component_ of torchtune")
bad("unknown_key.json", json.dumps({"hooks": [{"entry": "os.system", "with": "true"}]}), RUNS, "a function that attacks name, below a key that nobody knows")
bad("module_function.json", json.dumps({"module": "os", "function": "system"}), RUNS, "module and function apart")
bad("reduce.json", json.dumps({"__reduce__": ["os.system", ["true"]]}), RUNS, "__reduce__ in JSON")
bad("jsonpickle.json", json.dumps({"py/reduce": [{"py/function": "os.system"}, {"py/tuple": ["true"]}]}), RUNS, "what jsonpickle calls")
bad("monai.json", json.dumps({"network": "$__import__('os').system('true')"}), RUNS, "an expression that MONAI evaluates")
bad("text_in_text.json", json.dumps({"a": json.dumps({"b": json.dumps({"_target_": "os.system"})})}), RUNS, "JSON in JSON in JSON")
bad("apply.yaml", "x: !!python/object/apply:os.system [true]\n", RUNS, "a tag of PyYAML")
bad("tag_directive.yaml", "%TAG !p! tag:yaml.org,2002:python/\n---\nx: !p!object/apply:os.system [true]\n", RUNS, "the tag by a directive")
bad("tag_verbatim.yaml", "x: !<tag:yaml.org,2002:python/object/new:subprocess.Popen> [true]\n", RUNS, "the tag at length")
bad("tag_key.yaml", "? !!python/name:os.system ''\n: 1\n", RUNS, "the tag at a key")
bad("tag_own_class.yaml", "x: !!python/object:my_package.Thing {}\n", "config-python-object", "an object of the maker's own class")
bad("auto_map.json", json.dumps({"architectures": ["Net"], "auto_map": {"AutoModel": "modeling_net.Net"}}), "config-custom-code", "auto_map of a config.json")
bad("auto_map_elsewhere.json", json.dumps({"auto_map": {"AutoModel": "somebody/other--modeling_net.Net"}}), "config-foreign-code", "auto_map of another repository")
bad("trust.yaml", "model: x\ntrust_remote_code: true\n", "config-custom-code", "trust_remote_code")
clean("hydra.yaml", "trainer:\n  _target_: pytorch_lightning.Trainer\nmodel:\n  loss: {_target_: torch.nn.CrossEntropyLoss}\n  net: {_target_: my_package.models.Net}\n  data: {_target_: torch.utils.data.DataLoader}\n  opt: {_target_: '${model.kind}'}\n  kind: torch.optim.Adam\n  size: !!python/tuple [2, 3]\n  cache: {_target_: os.path.join, _args_: [a, b]}\n")
clean("hydra.nemo", tarred([("./model_config.yaml", hydra.replace("os.system", "nemo.collections.common.tokenizers.SentencePieceTokenizer").encode())]))
clean("hydra.safetensors", safetensors({"format": "pt", "config": json.dumps({"decoder": {"_target_": "flextok.model.Decoder", "dim": 64}})}))
clean("config.json", json.dumps({"architectures": ["BertModel"], "model_type": "bert", "trust_remote_code": False, "target": "os.txt", "path": "pickle.pkl", "module": "socket", "id2label": {"0": "os"}}))
clean("tags.yaml", "a: !!python/tuple [1, 2]\nb: !!python/name:torch.nn.ReLU ''\nc: !!set {x, y}\nd: !!binary aGVsbG8=\n")
clean("vocab.json", json.dumps({"_target_": 1, "__reduce__": 2, "os.system": 3, "class_name": 4, "{{": 5, "__import__": 6, "trust_remote_code": 7, "auto_map": 8, "py/object": 9}))
clean("labels.txt", "cat\ndog\nfish\n")
clean("functions.txt", "cos\nsin\ntan\n")
clean("notes.md", "# Model\nNever write `_target_: os.system` or {{ x.__class__ }} in a configuration.\n")

# --- templates ------------------------------------------------------------------------------------------------------------
group = "templates that reach for attributes or modules: tokenizer files, metadata, disguised names"
ESCAPE = "template-escape"


def tokenizer(template):
    return json.dumps({"tokenizer_class": "LlamaTokenizer", "bos_token": "<s>", "chat_template": template})


bad("tokenizer_subclasses.json", tokenizer("{% for m in messages %}{{ ''.__class__.__mro__[1].__subclasses__() }}{% endfor %}"), ESCAPE, "__subclasses__ (CVE-2024-34359)")
bad("template_cycler.jinja", "{{ cycler.__init__.__globals__.os.popen('true').read() }}", ESCAPE, "cycler")
bad("template_lipsum.jinja", "{%- set x = lipsum -%}{{ lipsum['__globals__']['os'] }}", ESCAPE, "lipsum by a subscript")
bad("template_attr.jinja", "{{ messages|attr('append') }}", ESCAPE, "|attr")
bad("template_joined.jinja", "{{ ''['__cla' ~ 'ss__'] }}", ESCAPE, "a name in two texts")
bad("template_hex.jinja", "{{ ''['\\x5f\\x5fclass\\x5f\\x5f'] }}", ESCAPE, "a name in escapes")
bad("template_backwards.jinja", "{{ ''['__ssalc__'[::-1]] }}", ESCAPE, "a name from its end")
bad("template_list.jinja", "{{ ''[['__cl', 'ass__']|join] }}", ESCAPE, "a name from a list")
bad("template_format.jinja", "{{ ''['%s%s%s'|format('__', 'class', '__')] }}", ESCAPE, "a name by format")
bad("template_set.jinja", "{% set x = '__cl' %}{% set y = 'ass__' %}{{ ''[x ~ y] }}", ESCAPE, "a name in two variables")
bad("template_slice.jinja", "{{ ''['x__class__'[1:]] }}", ESCAPE, "a name in a longer text")
bad("template_namespace.jinja", "{% set n = namespace() %}{{ namespace.__init__.__globals__ }}", ESCAPE, "namespace")
bad("template_map.jinja", "{{ messages|map(attribute='__class__')|list }}", ESCAPE, "by the name that map takes")
bad("template_underscores.jinja", "{% set u = '_' * 2 %}{{ ''[u ~ 'class' ~ u] }}", ESCAPE, "underscores that are multiplied")
bad("template_import.jinja", "{% import 'other.txt' as other %}{{ other.run() }}", ESCAPE, "another template")
bad("tokenizer_list.json", json.dumps({"chat_template": [{"name": "default", "template": "{{ messages }}"}, {"name": "tool_use", "template": "{{ self.__init__ }}"}]}), ESCAPE, "the second of several templates")
bad("template_metadata.safetensors", safetensors({"chat_template": "{{ x.__class__ }}"}), ESCAPE, "a template in the metadata")
chat = ("{%- if messages[0]['role'] == 'system' -%}{%- set system = messages[0]['content']|trim -%}{%- endif -%}"
        "{% set ns = namespace(found=false, last='') %}{# __class__ is no word of a comment #}"
        "{%- for message in messages %}{%- if message.tool_calls is defined and message.tool_calls %}{% set ns.found = true %}"
        "{{- '<|im_start|>' + message.role + '\\n' }}{{ message.content.split('</think>')[-1].lstrip('\\n') }}"
        "{%- for call in message.tool_calls %}{{ call.function.name.replace('_', ' ') ~ '(' ~ call.function.arguments|tojson ~ ')' }}{% endfor %}"
        "{%- elif message['role'] not in ['user', '__start__'] %}{{ raise_exception('unknown role: ' + message['role']) }}{% endif %}"
        "{{ '%s: %s' % (message.role, loop.index0) }}{% endfor %}{% macro line(x) %}{{ x|selectattr('type', 'equalto', 'text')|map(attribute='text')|join('\\n') }}{% endmacro %}"
        "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{{ strftime_now('%d %b %Y') }}{% endif %}{% raw %}{{ x.__class__ }}{% endraw %}")
clean("tokenizer_config.json", tokenizer(chat))
clean("chat_template.jinja", chat)
clean("template.safetensors", safetensors({"chat_template": chat, "title": "Is {{Attention}} all you need?"}))

# --- packed pickles -----------------------------------------------------------------------------------------------------
group = "packed pickles and what is encoded in them: zlib, bzip2, xz, LZMA, zstd, LZ4, old joblib, base64 and hexadecimal chains"
DANGEROUS = "pickle-dangerous-name"


def filtered(program_name, data, *options):
    return subprocess.run([program_name, *options], input=data, stdout=subprocess.PIPE, check=True).stdout


def old_joblib(data):
    return b"ZF" + hex(len(data)).encode().ljust(19) + zlib.compress(data)


packings = {"zlib": lambda d: zlib.compress(d, 3), "bzip2": bz2.compress, "lzma": lambda d: lzma.compress(d, format=lzma.FORMAT_ALONE),
            "xz": lzma.compress, "gzip": lambda d: gzip.compress(d, mtime=0), "zstd": lambda d: filtered("zstd", d, "-q", "-c"),
            "lz4": lambda d: filtered("lz4", d, "-q", "-c"), "old": old_joblib}


def joblib_array(array, alignment=16):
    """What joblib writes of an array: a pickle of a wrapper with the numbers in its midst."""
    out = b"\x80\x04" + text("joblib.numpy_pickle") + text("NumpyArrayWrapper") + b"\x93)\x81}("
    out += text("subclass") + text("numpy") + text("ndarray") + b"\x93"
    out += text("shape") + b"(" + b"".join(b"K" + bytes([n]) for n in array.shape) + b"t" + text("order") + text("C")
    out += text("dtype") + text("numpy") + text("dtype") + b"\x93(" + text(array.dtype.str[1:]) + b"\x89\x88tR"
    out += text("allow_mmap") + b"\x88" + text("numpy_array_alignment_bytes") + b"K" + bytes([alignment]) + b"ub"
    padding = alignment - (len(out) + 1) % alignment
    return out + bytes([padding]) + b"\xff" * padding + array.tobytes()


numbers = np.arange(40, dtype=np.float32).reshape(8, 5)
harmless = joblib_array(numbers) + b"."
behind = joblib_array(numbers) + b"0" + program[2:]
for kind, pack in packings.items():
    bad(f"joblib_{kind}.pkl", pack(program), DANGEROUS, f"a pickle packed with {kind}")
    clean(f"joblib_{kind}.pkl", pack(harmless))
clean("joblib.joblib", harmless)
bad("joblib_behind.joblib", behind, DANGEROUS, "a call behind the numbers in a pickle of joblib")
bad("joblib_objects.joblib", joblib_array(numbers).replace(text("f4"), text("O8")).split(text("numpy_array_alignment_bytes"))[0]
    + b"ub" + program + b".", DANGEROUS, "an array of objects in a pickle of joblib")
bad("joblib_twice.pkl", zlib.compress(gzip.compress(program, mtime=0)), DANGEROUS, "packed twice")
bad("joblib_cut.pkl", gzip.compress(program + bytes(range(256)) * 40, mtime=0)[:-20], [DANGEROUS, "stream-damaged"], "a packed stream that breaks off behind the payload")
bad("joblib_tail.pkl", zlib.compress(pickle.dumps({}, 4)) + program, ["trailing-bytes"], "bytes behind a packed stream")
bad("encoded_base64.pkl", pickle.dumps({"note": base64.b64encode(program + bytes(12)).decode()}, 4), ["hidden-payload", DANGEROUS], "a pickle as base64 in a pickle")
bad("encoded_chain.pkl", pickle.dumps(["x", base64.b64encode(zlib.compress(base64.b64encode(program))).decode()], 4), ["hidden-payload", DANGEROUS], "base64 of zlib of base64")
bad("encoded_hex.pkl", pickle.dumps({"note": program.hex()}, 4), ["hidden-payload", DANGEROUS], "hexadecimal digits")
bad("encoded_backwards.pkl", pickle.dumps({"note": base64.b64encode(zlib.compress(b"import os; os.system('true')")).decode()[::-1]}, 4), "hidden-payload", "base64 from its end, as obfuscators write it")
bad("encoded_base85.pkl", pickle.dumps({"note": base64.b85encode(zlib.compress(program)).decode()}, 4), ["hidden-payload", DANGEROUS], "base85 of zlib")
bad("encoded_base32.pkl", pickle.dumps({"note": base64.b32encode(program).decode()}, 4), ["hidden-payload", DANGEROUS], "base32")
bad("encoded_escapes.pkl", pickle.dumps({"note": "".join(f"\\x{b:02x}" for b in program)}, 4), ["hidden-payload", DANGEROUS], "escapes that somebody undoes later")
bad("encoded_source.pkl", pickle.dumps({"note": base64.b64encode(b"import os; os.system('echo audit')").decode()}, 4), "hidden-payload", "Python as base64")
bad("encoded_in_call.pkl", pickle.dumps("exec(zlib.decompress(base64.b64decode('" + base64.b64encode(zlib.compress(b"__import__('os').system('true')")).decode() + "')))", 4), "hidden-payload", "code in the midst of a text that decodes it")
bad("encoded_bytes.pkl", pickle.dumps({"blob": zlib.compress(program)}, 4), ["hidden-payload", DANGEROUS], "packed bytes in a pickle")
latin = program.decode("latin1").encode()
bad("encoded_latin1.pkl", b"\x80\x02c_codecs\nencode\nX" + struct.pack("<I", len(latin)) + latin + b"X\x06\0\0\0latin1\x86R.", ["pickle-nested", DANGEROUS], "a pickle as Latin-1 text, as protocol 2 writes bytes")
bad("encoded_url.json", json.dumps({"x": "data:application/octet-stream;base64," + base64.b64encode(program).decode()}), ["hidden-payload", DANGEROUS], "base64 in a data URL")
bad("encoded.json", json.dumps({"blob": base64.b64encode(zlib.compress(program)).decode()}), ["hidden-payload", DANGEROUS], "base64 of zlib in JSON")
clean("hashes.pkl", pickle.dumps({"sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" * 2, "png": base64.b64encode(bytes(range(64)) * 4).decode(), "packed": zlib.compress(bytes(200)), "long_name_of_a_layer_with_many_words_in_it": 1}, 4))

# --- NumPy ------------------------------------------------------------------------------------------------------------------
group = "NumPy, safetensors, Keras, scripts and programs"


def saved(array, **options):
    out = io.BytesIO()
    np.save(out, array, **options)
    return out.getvalue()


record = np.array([(1, 2.5, "ab")], dtype=[("n", "<i4"), ("x", "<f8", (2,)), ("t", "<U4")])
masked = np.ma.masked_array(np.arange(6.0), mask=[0, 1, 0, 0, 1, 0])
clean("masked.pkl", pickle.dumps(masked, 2))
clean("masked_protocol5.pkl", pickle.dumps({"m": masked, "r": record.view(np.recarray), "d": np.datetime64("2020-01-01")}, 5))
clean("records.npy", saved(record))
arrays = io.BytesIO()
np.savez(arrays, names=np.array(["zero", "one"], dtype="<U10"), when=np.array(["2020-01-01"], dtype="<M8[D]"), raw=np.array([b"ab"], dtype="S5"),
         nested=np.zeros(2, dtype=[("a", [("b", "<i2"), ("c", "|b1")]), (("title", "d"), "<c16")]), empty=np.zeros((0, 3)))
clean("texts.npz", arrays.getvalue())
bad("record_objects.npy", saved(np.array([(1, {"a": 1})], dtype=[("n", "<i4"), ("o", "O")]), allow_pickle=True), "npy-objects", "objects in a field of a record")
bad("record_short.npy", saved(record)[:-4], "file-unreadable", "a record that is cut short")

# --- Keras, HDF5 --------------------------------------------------------------------------------------------------------------


def keras(layer):
    return {"class_name": "Sequential", "module": "keras", "config": {"name": "net", "layers": [layer]}, "registered_name": None}


def keras_zip(layer):
    return zipped([("metadata.json", b"{}"), ("config.json", json.dumps(keras(layer)).encode())])


def layer(name, module="keras.layers", config=None, registered=None):
    return {"class_name": name, "module": module, "config": config or {}, "registered_name": registered}


bad("get_file.keras", keras_zip(layer("get_file", "keras.utils", {"origin": "http://localhost/x", "fname": "x"})), "keras-module", "a function of Keras's own that fetches files (CVE-2025-8747)")
bad("unsafe.keras", keras_zip(layer("enable_unsafe_deserialization", "keras.config")), "keras-module", "Keras's own guard is lifted (CVE-2025-9906)")
bad("vocabulary.keras", keras_zip(layer("StringLookup", config={"name": "s", "vocabulary": "/etc/hostname"})), "keras-file", "a vocabulary that is a path (CVE-2025-12058)")
bad("torch_wrapper.keras", keras_zip(layer("TorchModuleWrapper", config={"module": "UEsDB"})), "keras-code", "a pickled module of PyTorch")
bad("registered.keras", keras_zip(layer("system", None, registered="os>system")), "keras-module", "a registered name of another package")
bad("tf_op.keras", keras_zip(layer("TFOpLambda", config={"function": "io.write_file"})), "keras-module", "an operator that writes files")
bad("module.h5", b"\x89HDF\r\n\x1a\n" + bytes(100) + json.dumps(keras(layer("system", "os"))).encode() + bytes(50), "keras-module", "a module in the configuration of HDF5")
clean("operator.keras", keras_zip(layer("TFOpLambda", config={"function": "math.reduce_mean"})))
clean("lookup.keras", keras_zip(layer("StringLookup", config={"name": "s", "vocabulary": None})))
clean("registered.keras", keras_zip(layer("Scale", None, registered="my_package>Scale")))
bad("function.keras", keras_zip({"module": "my_module", "class_name": "function", "config": "run", "registered_name": "function"}), "keras-module", "a function by its name (CVE-2025-1550)")
clean("vocabulary.keras", keras_zip(layer("TextVectorization", config={"name": "s", "vocabulary": ["a", "b"]})))

# --- ONNX ---------------------------------------------------------------------------------------------------------------------
group = "ONNX"
import onnx
from onnx import helper, numpy_helper, TensorProto


def value(name, shape=(1, 4)):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape))


def model(nodes, initializers=(), functions=(), domains=()):
    graph = helper.make_graph(nodes, "audit", [value("x")], [value("y")], list(initializers))
    whole = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)] + [helper.make_opsetid(d, 1) for d in domains], functions=list(functions))
    whole.ir_version = 8
    return whole


def outside(name, location="../../etc/hostname", shape=(4,), kind=TensorProto.FLOAT):
    tensor = TensorProto(name=name, data_type=kind, dims=list(shape), data_location=TensorProto.EXTERNAL)
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", location
    return tensor


OUT = "onnx-external-escape"
add = helper.make_node("Add", ["x", "w"], ["y"])
constant = helper.make_node("Constant", [], ["w"], value=outside("w"))
bad("external_attribute.onnx", model([constant, add]).SerializeToString(), OUT, "external data of a tensor in an attribute")
branch = helper.make_graph([constant, add], "branch", [], [value("y")])
bad("external_subgraph.onnx", model([helper.make_node("If", ["c"], ["y"], then_branch=branch, else_branch=branch)], [numpy_helper.from_array(np.array(True), "c")]).SerializeToString(), OUT, "of a tensor in a branch")
function = helper.make_function("local", "F", ["x"], ["y"], [helper.make_node("Constant", [], ["w"], value=outside("w")), add], [helper.make_opsetid("", 13)])
bad("external_function.onnx", model([helper.make_node("F", ["x"], ["y"], domain="local")], functions=[function], domains=["local"]).SerializeToString(), OUT, "of a tensor in a function")


def field(number, payload):
    def varint(n):
        out = b""
        while n > 127:
            out += bytes([n & 127 | 128])
            n >>= 7
        return out + bytes([n])
    return varint(number << 3 | 2) + varint(len(payload)) + payload


default = helper.make_attribute("w", outside("w")).SerializeToString()
bad("external_default.onnx", model([helper.make_node("Relu", ["x"], ["y"])]).SerializeToString()
    + field(25, field(1, b"F") + field(10, b"local") + field(11, default)), OUT, "of a function's default attribute")
for what, values, indices in (("values", outside("w"), numpy_helper.from_array(np.arange(4), "i")),
                              ("indices", numpy_helper.from_array(np.ones(4, np.float32), "w"), outside("i", kind=TensorProto.INT64))):
    sparse = onnx.SparseTensorProto(values=values, indices=indices, dims=[1, 4])
    whole = model([add])
    whole.graph.sparse_initializer.append(sparse)
    bad(f"external_sparse_{what}.onnx", whole.SerializeToString(), OUT, f"of the {what} of a sparse tensor")
python = model([helper.make_node("PythonOp", ["x"], ["y"], domain="com.microsoft", name="run")], domains=["com.microsoft"]).SerializeToString()
front = b"\xc8\x06\x01" * 2000
bad("unknown_front.onnx", front + python, "onnx-python-op", "fields that nobody knows before the model")
bad("unknown_front.jpg", front + python, "onnx-python-op", "the same under the name of a picture")
bad("text_front.onnx", field(1, b"All of it is text at first. " * 200) + python, "onnx-python-op", "a field that looks like text before the model")
weight = numpy_helper.from_array(np.random.default_rng(0).normal(size=(4, 4)).astype(np.float32), "w")
clean("unknown_free.onnx", model([helper.make_node("MatMul", ["x", "w"], ["y"])], [weight]).SerializeToString())

# --- GGUF, TFLite, tokenizers -----------------------------------------------------------------------------------------------
group = "GGUF, TFLite and tokenizers"


def gguf(pairs, tensors=(("w", (4,), 0, 0),), data=bytes(16), version=3, counts=None):
    def string(value):
        raw = value.encode()
        return struct.pack("<Q", len(raw)) + raw
    out = b"GGUF" + struct.pack("<IQQ", version, *(counts or (len(tensors), len(pairs))))
    for key, found in pairs:
        out += string(key)
        if isinstance(found, str):
            out += struct.pack("<I", 8) + string(found)
        elif isinstance(found, list):
            out += struct.pack("<IIQ", 9, 8, len(found)) + b"".join(string(v) for v in found)
        else:
            out += struct.pack("<II", 4, found)
    for name, shape, kind, offset in tensors:
        out += string(name) + struct.pack("<I", len(shape)) + b"".join(struct.pack("<Q", n) for n in shape) + struct.pack("<IQ", kind, offset)
    return out.ljust((len(out) + 31) // 32 * 32, b"\0") + data


general = [("general.architecture", "llama"), ("general.alignment", 32), ("tokenizer.ggml.tokens", ["<s>", "a", "b"])]
bad("template.gguf", gguf(general + [("tokenizer.chat_template", "{{ cycler.__init__.__globals__ }}")]), ESCAPE, "a template in GGUF (CVE-2024-34359)")
bad("template_old.gguf", b"GGUF" + struct.pack("<III", 1, 0, 1) + struct.pack("<I", 23) + b"tokenizer.chat_template" + struct.pack("<II", 8, 18) + b"{{ x.__init__ }}  ", ESCAPE, "a template in GGUF of version 1")
bad("absurd_length.gguf", gguf(general)[:24] + struct.pack("<Q", 1 << 60) + b"general", "gguf-damaged", "a key longer than the file")
bad("absurd_count.gguf", gguf(general, counts=(1 << 50, 3)), "gguf-damaged", "more tensors than bytes")
bad("absurd_shape.gguf", gguf(general, tensors=(("w", (1 << 40, 1 << 40), 0, 0),)), "gguf-damaged", "a shape of 2^80 elements")
bad("beyond.gguf", gguf(general, tensors=(("w", (4000,), 0, 0),)), "gguf-damaged", "a tensor beyond the end")
bad("twice.gguf", gguf(general + [("general.alignment", 64)]), "gguf-damaged", "a key that stands twice")
bad("program.gguf", gguf(general, tensors=(("w", (64,), 0, 0),), data=(b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\0\x3e\0\x01\0\0\0").ljust(256, b"\0")), "hidden-payload", "a program's head among the weights")
bad("version.gguf", gguf(general, version=9), "unknown-content", "a version that nobody knows")
clean("model.gguf", gguf(general + [("tokenizer.chat_template", chat)]))


class Flat:
    """Writes FlatBuffers from the front: every object is padded to 8 bytes and refers to later ones."""

    def __init__(self):
        self.out = bytearray(8)

    def table(self, fields):
        """fields: {number: ("offset", builder) or ("scalar", format, value)}."""
        while len(self.out) % 8:
            self.out += b"\0"
        count = max(fields, default=-1) + 1
        table_fields = len(self.out)
        size = 4 + 8 * len(fields)
        self.out += struct.pack("<HH", 4 + 2 * count, size + 4)
        slots, place = {}, 8
        for number in sorted(fields):
            slots[number] = place
            place += 8
        self.out += b"".join(struct.pack("<H", slots.get(n, 0)) for n in range(count))
        while len(self.out) % 8:
            self.out += b"\0"
        at = len(self.out)
        self.out += struct.pack("<i", at - table_fields) + bytes(place - 4)
        for number, entry in fields.items():
            if entry[0] == "scalar":
                struct.pack_into(entry[1], self.out, at + slots[number], entry[2])
        for number, entry in fields.items():
            if entry[0] == "offset":
                target = entry[1](self)
                struct.pack_into("<I", self.out, at + slots[number], target - at - slots[number])
        return at

    def blob(self, data):
        while len(self.out) % 16 != 12:
            self.out += b"\0"
        at = len(self.out)
        self.out += struct.pack("<I", len(data)) + data + b"\0"
        return at

    def vector(self, builders):
        while len(self.out) % 4:
            self.out += b"\0"
        at = len(self.out)
        self.out += struct.pack("<I", len(builders)) + bytes(4 * len(builders))
        for i, build in enumerate(builders):
            target = build(self)
            struct.pack_into("<I", self.out, at + 4 + 4 * i, target - at - 4 - 4 * i)
        return at


def tflite(operators=(), description="a model", buffers=(b"", bytes(64)), metadata=()):
    flat = Flat()
    blob = lambda data: ("offset", lambda f: f.blob(data))
    many = lambda builders: ("offset", lambda f: f.vector(builders))
    root = flat.table({
        0: ("scalar", "<I", 3),
        1: many([lambda f, n=n: f.table({1: blob(n.encode())}) for n in operators]),
        2: many([lambda f: f.table({4: blob(b"main")})]),
        3: blob(description.encode()),
        4: many([lambda f, b=b: f.table({0: blob(b)} if b else {}) for b in buffers]),
        6: many([lambda f, m=m: f.table({0: blob(m.encode()), 1: ("scalar", "<I", 1)}) for m in metadata]),
    })
    struct.pack_into("<I4s", flat.out, 0, root, b"TFL3")
    return bytes(flat.out)


def with_archive(front, members):
    out = io.BytesIO(front)
    out.seek(0, 2)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_STORED) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, FIXED)
            info.external_attr = 0o600 << 16
            archive.writestr(info, data)
    return out.getvalue()


bad("flex.tflite", tflite(["FlexReadFile"]), "tflite-file-op", "an operator of TensorFlow that reads files")
bad("custom.tflite", tflite(["SecretOp"]), "tflite-custom-op", "an operator of its own")
bad("metadata.tflite", tflite(description='{"_target_": "os.system"}'), RUNS, "a configuration as the description")
bad("buffer.tflite", tflite(buffers=(b"", b"#!/bin/sh\necho audit\n")), "script-inside", "a script in a buffer")
bad("cut.tflite", tflite()[:40], "tflite-damaged", "a model that breaks off")
bad("labels.tflite", with_archive(tflite(), [("labels.pkl", program)]), DANGEROUS, "a pickle in the archive behind the model")
clean("model.tflite", tflite(["FlexErf", "TFLite_Detection_PostProcess"], metadata=["min_runtime_version"]))
clean("labels.tflite", with_archive(tflite(), [("labels.txt", b"cat\ndog\n")]))


def sentence_piece(pieces):
    return b"".join(field(1, field(1, p.encode()) + b"\x15" + struct.pack("<f", -1.0)) for p in pieces) + field(2, field(3, b"audit"))


clean("tokenizer.model", sentence_piece(["<unk>", "<s>", "</s>", "\u2581the", "\u2581a"]))

group = "other names and wrappings"
bad("unknown.bin", bytes((i * 7919 + 13) % 251 for i in range(4000)), "unknown-content", "of no kind that is known")

with open("expected.json") as file:
    expected = json.load(file)
expected.update(made)
if "pickle.xz" in expected:
    expected["pickle.xz"]["rules"] = [DANGEROUS]
with open("expected.json", "w") as file:
    json.dump(expected, file, indent=1, sort_keys=True)
    file.write("\n")
print(len(made), "bad made,", len(expected), "in all")
