#!/usr/bin/env python3
"""Makes the files that the audit is tried on: bad/ holds tricks that were described in public against scanners of
model files, rebuilt so that even a careless loader would do no more than print a word; clean/ holds files as ordinary
programs write them. expected.json says which rules each bad file must break.

Needs numpy, onnx and torch (Debian: python3-numpy python3-onnx python3-torch). Run in this folder; the files are part
of the repository, so that no test needs Python."""
import io, json, os, pickle, pickletools, shutil, struct, tarfile, zipfile, zlib, base64, lzma, gzip, hashlib
import numpy as np

FIXED = (1980, 1, 1, 0, 0, 0)
HARMLESS = "print('audit')"
expected = {}
group = ""


def put(folder, name, data, rules=None, note=None):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data)
    if folder == "bad":
        expected[name] = {"rules": rules, "trick": note, "group": group}


def bad(name, data, rules, note):
    put("bad", name, data, rules if isinstance(rules, list) else [rules], note)


def text(value):
    raw = value.encode()
    return b"\x8c" + bytes([len(raw)]) + raw


def call(module, name, *arguments, protocol=4):
    """A pickle that calls module.name with texts."""
    out = b"\x80" + bytes([protocol])
    out += text(module) + text(name) + b"\x93" if protocol >= 4 else b"c" + module.encode() + b"\n" + name.encode() + b"\n"
    if protocol >= 4:
        out += b"(" + b"".join(text(a) for a in arguments) + b"t"
    else:
        out += b"(" + b"".join(b"V" + a.encode() + b"\n" for a in arguments) + b"t"
    return out + b"R."


def zipped(members, stored=True, **changes):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, FIXED)
            info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            archive.writestr(info, data)
    return out.getvalue()


def tarred(members, kind=tarfile.GNU_FORMAT, **fields):
    """Fields are those of tarfile.TarInfo, for every member."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=kind) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            for field, value in fields.items():
                setattr(info, field, value)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def torch_like(program):
    return zipped([("archive/data.pkl", program), ("archive/version", b"3\n"), ("archive/data/0", bytes(16))])


# --- names that run code, by every opcode that can reach them -------------------------------------------------------
group = "pickles that look up what runs code"
DANGEROUS = "pickle-dangerous-name"
bad("global.pkl", call("os", "system", "echo audit", protocol=2), DANGEROUS, "GLOBAL os.system")
bad("stack_global.pkl", call("os", "system", "echo audit"), DANGEROUS, "STACK_GLOBAL os.system")
bad("inst.pkl", b"(S'echo audit'\nios\nsystem\n.", DANGEROUS, "INST, which no GLOBAL precedes (picklescan 13)")
bad("obj.pkl", b"(cos\nsystem\nS'echo audit'\no.", DANGEROUS, "OBJ")
bad("newobj.pkl", b"\x80\x02cos\npopen\nS'echo audit'\n\x85\x81.", DANGEROUS, "NEWOBJ")
bad("newobj_ex.pkl", b"\x80\x04" + text("subprocess") + text("Popen") + b"\x93" + text("true") + b"\x85}\x92.", DANGEROUS, "NEWOBJ_EX")
bad("memo_confusion.pkl", b"\x80\x04U\x02osq\x00U\x06systemq\x01" + text("torch._utils") + b"\x94" + text("_rebuild_tensor_v2")
    + b"\x94" + b"h\x00h\x01\x93" + text("echo audit") + b"\x85R.", DANGEROUS, "memos written by PUT and by MEMOIZE mixed (picklescan 14, 22)")
bad("memo_late.pkl", b"\x80\x04" + text("system") + b"q\x050" + text("os") + b"h\x05\x93" + text("echo audit") + b"\x85R.", DANGEROUS, "a name taken from a memo after POP")
bad("posix.pkl", call("posix", "system", "echo audit"), DANGEROUS, "the module behind os")
bad("nt.pkl", call("nt", "system", "echo audit"), DANGEROUS, "the module behind os on Windows")
bad("python2_builtin.pkl", b"c__builtin__\neval\n(S'1+1'\ntR.", DANGEROUS, "Python 2's name of builtins")
bad("python2_copy_reg.pkl", b"ccopy_reg\nadd_extension\n(S'os'\nS'system'\nI7\ntR.", DANGEROUS, "writes the extension registry")
bad("string_escape.pkl", b"\x80\x02S'o\\x73'\nS'sys\\164em'\n\x93S'echo audit'\n\x85R.", DANGEROUS, "the name in escapes of STRING")
bad("unicode_escape.pkl", b"V\\u006fs\nVsystem\n\x93Vecho audit\n\x85R.", DANGEROUS, "the name in escapes of UNICODE")
bad("protocol0.pkl", b"cos\nsystem\n(S'echo audit'\ntR.", DANGEROUS, "protocol 0, no header")
bad("uncalled.pkl", b"\x80\x04" + text("builtins") + text("eval") + b"\x93.", DANGEROUS, "looked up, called by whoever uses the result")
bad("reduce_of_class.pkl", call("pty", "spawn", "true"), DANGEROUS, "pty.spawn (fickling 108)")
for module, name in [
        ("importlib", "import_module"), ("importlib.util", "find_spec"), ("pkgutil", "resolve_name"), ("operator", "attrgetter"),
        ("operator", "methodcaller"), ("_operator", "attrgetter"), ("functools", "partial"), ("marshal", "loads"),
        ("types", "CodeType"), ("types", "FunctionType"), ("runpy", "_run_code"), ("timeit", "timeit"), ("cProfile", "run"), ("profile", "Profile.run"),
        ("trace", "Trace.run"), ("pdb", "run"), ("bdb", "Bdb.run"), ("doctest", "debug_script"), ("code", "InteractiveInterpreter.runcode"),
        ("idlelib.pyshell", "ModifiedInterpreter.runcode"), ("idlelib.autocomplete", "AutoComplete.get_entity"), ("idlelib.run", "Executive.runcode"),
        ("lib2to3.pgen2.grammar", "Grammar.loads"), ("lib2to3.pgen2.pgen", "ParserGenerator.make_label"), ("ensurepip", "_run_pip"),
        ("pip", "main"), ("venv", "create"), ("distutils.file_util", "write_file"), ("_io", "FileIO"), ("shutil", "rmtree"),
        ("asyncio.unix_events", "_UnixSubprocessTransport._start"), ("multiprocessing.util", "spawnv_passfds"), ("_posixsubprocess", "fork_exec"),
        ("ssl", "get_server_certificate"), ("socket", "create_connection"), ("http.client", "HTTPSConnection"), ("urllib.request", "urlopen"), ("requests.api", "get"),
        ("aiohttp.client", "ClientSession"), ("webbrowser", "open"), ("mailcap", "findmatch"), ("uuid", "_get_command_stdout"), ("imaplib", "IMAP4_stream"),
        ("_pyrepl.pager", "pipe_pager"), ("_osx_support", "_read_output"), ("_aix_support", "_read_cmd_output"), ("_interpreters", "run_string"),
        ("_xxsubinterpreters", "run_string"), ("pydoc", "pipepager"), ("ctypes", "CDLL"), ("sqlite3", "connect"), ("logging.config", "listen"),
        ("numpy.f2py.crackfortran", "getlincoef"), ("numpy.f2py.crackfortran", "_eval_length"), ("numpy.testing._private.utils", "runstring"),
        ("torch.hub", "load"), ("torch", "load"), ("torch.storage", "_load_from_bytes"), ("torch.jit.unsupported_tensor_ops", "execWrapper"),
        ("torch._dynamo.guards", "GuardBuilder.get"), ("torch.utils.bottleneck.__main__", "run_cprofile"), ("torch.utils.collect_env", "run"),
        ("torch.fx.experimental.symbolic_shapes", "ShapeEnv.evaluate_guards_expression"), ("torch.distributed.rpc", "rpc_sync"), ("torch.utils._config_module", "load_config"),
        ("pickle", "loads"), ("_pickle", "loads"), ("dill", "loads"), ("cloudpickle", "loads"), ("joblib", "load"), ("builtins", "exec"), ("builtins", "getattr"),
        ("builtins", "__import__"), ("builtins", "open"), ("codecs", "open"), ("tempfile", "NamedTemporaryFile"), ("glob", "glob"), ("signal", "alarm"),
        ("commands", "getoutput"), ("sys", "exit"), ("platform", "popen"), ("nturl2path", "open")]:
    bad(f"name_{module}.{name}.pkl", call(module, name, "audit"), DANGEROUS, f"{module}.{name}")

# --- names that walk attributes, are hidden, or are on nobody's list -------------------------------------------------
group = "pickles that hide what they look up, or change it"
bad("dotted_modules.pkl", b"\x80\x05cnumpy\ncore._internal.sys.modules\n.", DANGEROUS, "an attribute path to sys.modules (modelscan 89)")
bad("dotted_chain.pkl", b"\x80\x05cnumpy\nprod\nNcnumpy\ncore._internal.sys.modules\n\x86b0cnumpy\nprod.os.system\nVecho audit\n\x85R.",
    [DANGEROUS, "pickle-changes-name"], "BUILD plants modules into a function, an attribute path finds them (modelscan 89)")
bad("builtins_of_module.pkl", b"\x80\x05cbuiltins\ndict.get\n(cnumpy\n__builtins__\nVexec\ntRV" + HARMLESS.encode() + b"\n\x85R.",
    DANGEROUS, "numpy.__builtins__ (modelscan 89)")
bad("computed_name.pkl", b"\x80\x04" + text("os") + b"\x85" + text("system") + b"\x93.", "pickle-computed-name", "STACK_GLOBAL of something that is no text")
bad("extension.pkl", b"\x80\x02\x82\x07(S'echo audit'\ntR.", "pickle-computed-name", "EXT1: the name stands in the loader's registry")
bad("unknown_call.pkl", call("evil_package", "go", "audit"), "pickle-unknown-call", "a module that no list knows")
bad("unknown_class.pkl", b"\x80\x02c__main__\nNet\n)\x81}b.", "pickle-unknown-class", "an object of the maker's own class")
bad("call_of_result.pkl", b"\x80\x02ccollections\nOrderedDict\n)R)R.", "pickle-unknown-call", "calls what a call gave")
bad("changes_class.pkl", b"\x80\x02ctorch\nTensor\n}V__reduce__\nNsb.", "pickle-changes-name", "BUILD on a class that is allowed")
bad("setitem_on_global.pkl", b"\x80\x02ccollections\nOrderedDict\nVa\nVb\ns.", "pickle-changes-name", "SETITEM on a class")

# --- streams that stop scanners ---------------------------------------------------------------------------------------
group = "broken, doubled and nested pickles"
bad("broken_after.pkl", call("os", "system", "echo audit")[:-1] + b"\xff", [DANGEROUS, "pickle-damaged"], "an opcode that is none behind the payload")
bad("no_stop.pkl", call("os", "system", "echo audit")[:-1], [DANGEROUS, "pickle-damaged"], "no STOP")
bad("underflow_after.pkl", call("os", "system", "echo audit")[:-1] + b"00000.", [DANGEROUS, "pickle-odd"], "stack underflow behind the payload")
bad("absurd_length.pkl", call("os", "system", "echo audit")[:-1] + b"\x8e" + struct.pack("<Q", 1 << 60), [DANGEROUS, "pickle-damaged"], "a length beyond the file behind the payload")
bad("absurd_frame.pkl", b"\x80\x04\x95" + struct.pack("<Q", 1 << 62) + call("os", "system", "echo audit")[2:], DANGEROUS, "a frame longer than the file")
bad("second_pickle.pkl", pickle.dumps({"weights": [1, 2]}, 4) + call("os", "system", "echo audit"), DANGEROUS, "a second pickle behind a harmless one")
bad("nested_bytes.pkl", pickle.dumps([1, call("os", "system", "echo audit")], 4), [DANGEROUS, "pickle-nested"], "a pickle as bytes inside a pickle")
bad("nested_text.pkl", b"\x80\x04X" + struct.pack("<I", len(call("os", "system", "a", protocol=2))) + call("os", "system", "a", protocol=2) + b".", [DANGEROUS, "pickle-nested"], "a pickle as text")
bad("memo_unwritten.pkl", b"\x80\x02h\x05.", "pickle-odd", "reads a memo that was never written")
bad("trailing.pkl", pickle.dumps({"a": 1}, 4) + b"\x00" * 8 + os.urandom(0) + bytes(range(200, 256)) * 4, "trailing-bytes", "bytes behind the STOP")
bad("pickle_before_zip.pt", call("os", "system", "echo audit") + zipped([("a/data.pkl", pickle.dumps({}, 2))]), DANGEROUS, "a pickle in front of an archive (both load)")

# --- names and wrappings ------------------------------------------------------------------------------------------------
group = "other names and wrappings"
bad("renamed.safetensors", call("os", "system", "echo audit"), [DANGEROUS, "content-mismatch"], "a pickle called .safetensors")
bad("renamed.txt", call("os", "system", "echo audit", protocol=2), [DANGEROUS, "content-mismatch"], "a pickle called .txt (CVE-2025-10155)")
bad("renamed.onnx", b"cos\nsystem\n(S'echo audit'\ntR.", [DANGEROUS, "content-mismatch"], "a pickle without a header called .onnx")
bad("renamed.npy", call("os", "system", "echo audit"), [DANGEROUS, "content-mismatch"], "a pickle called .npy: numpy.load loads it")
bad("torch.pt", torch_like(call("os", "system", "echo audit", protocol=2)), DANGEROUS, "PyTorch's zip")
bad("torch_renamed.bin", torch_like(call("os", "system", "echo audit", protocol=2)), DANGEROUS, "PyTorch's zip called .bin")
bad("torch_seven.7z", b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(64), "archive-opaque", "7z instead of zip (nullifAI)")
bad("pickle.xz", lzma.compress(call("os", "system", "echo audit")), "archive-opaque", "xz")
bad("pickle.gz", gzip.compress(call("os", "system", "echo audit"), mtime=0), DANGEROUS, "gzip, as joblib packs")
bad("legacy.tar.pt", tarred([("pickle", b"\x80\x02}. ")]), "content-mismatch", "PyTorch before 0.1.10")
bad("pickle.tar", tarred([("model/data.pkl", call("os", "system", "echo audit"))]), DANGEROUS, "tar")
bad("pickle.tar.gz", gzip.compress(tarred([("model/data.pkl", call("os", "system", "echo audit"))]), mtime=0), DANGEROUS, "tar in gzip")
bad("zip_in_zip.zip", zipped([("inner.zip", torch_like(call("os", "system", "echo audit", protocol=2)))]), DANGEROUS, "an archive in an archive")
bad("deflated_member.zip", zipped([("a/data.pkl", call("os", "system", "echo audit"))], stored=False), DANGEROUS, "a deflated member")

# --- archives whose two lists differ -------------------------------------------------------------------------------------
group = "archives with two faces, bombs, paths and links"
program = call("os", "system", "echo audit", protocol=2)
whole = torch_like(program)


def patched(data, at, new):
    return data[:at] + new + data[at + len(new):]


def directory(data):
    return data.index(b"PK\x01\x02")


bad("crc.pt", patched(whole, directory(whole) + 16, b"\0\0\0\0"), [DANGEROUS, "zip-checksum"], "a wrong CRC-32 (CVE-2025-10156)")
bad("encrypted_flag.pt", patched(whole, directory(whole) + 8, b"\1\0"), [DANGEROUS, "zip-headers-differ"], "the flag of encryption in the directory alone (CVE-2025-1945)")
local_flag = patched(patched(whole, directory(whole) + 8, b"\1\0"), 6, b"\1\0")
bad("encrypted_flags.pt", local_flag, [DANGEROUS, "zip-encrypted"], "the flag of encryption in both headers, of what is not encrypted")
bad("local_name.pt", patched(whole, 30, b"archive/xata.pkl"), [DANGEROUS, "zip-names-differ"], "another name in the local header (CVE-2025-1944)")
bad("method.pt", patched(whole, directory(whole) + 10, b"\x63\0"), "zip-method", "a compression method that nobody has")
two = io.BytesIO()
with zipfile.ZipFile(two, "w") as archive:
    import warnings
    warnings.simplefilter("ignore")
    for content in (pickle.dumps({}, 2), program):
        archive.writestr(zipfile.ZipInfo("archive/data.pkl", FIXED), content)
bad("two_members.pt", two.getvalue(), [DANGEROUS, "zip-duplicate-name"], "two members of one name: the last is loaded")
bad("case_members.zip", zipped([("a/Weights.bin", bytes(8)), ("a/weights.bin", bytes(8))]), "zip-duplicate-name", "names that differ by case")
bad("hidden_between.zip", None or (lambda a: a[:directory(a)] + program + a[directory(a):-22] + a[-22:-6] + struct.pack("<I", directory(a) + len(program)) + a[-2:])(zipped([("a", b"x")])), "zip-gap", "a pickle between the members and the directory")
bad("behind.zip", zipped([("a", b"x")]) + program, "zip-gap", "a pickle behind the end")
bad("before.zip", b"#!/bin/echo\n" + zipped([("a", b"x")]), "script-inside", "a script in front of an archive")
bad("slip.zip", zipped([("../../audit.txt", b"x")]), "zip-path-escape", "zip-slip")
bad("slip_backslash.zip", zipped([("..\\..\\audit.txt", b"x")]), "zip-path-escape", "zip-slip with backslashes")
bad("absolute.zip", zipped([("/tmp/audit.txt", b"x")]), "zip-path-escape", "an absolute name")
bad("drive.zip", zipped([("C:/audit.txt", b"x")]), "zip-path-escape", "a drive's name")
link = io.BytesIO()
with zipfile.ZipFile(link, "w") as archive:
    info = zipfile.ZipInfo("weights.bin", FIXED)
    info.create_system = 3
    info.external_attr = 0o120777 << 16
    archive.writestr(info, "/etc/hostname")
bad("link.zip", link.getvalue(), "zip-link", "a symbolic link")
bad("bomb.zip", zipped([("zeros", bytes(32 << 20))], stored=False), "zip-bomb", "32 MB of zeros in 32 kB")


def overlapping():
    base = zipped([("a", b"first"), ("b", b"second")])
    first, second = directory(base), base.index(b"PK\x01\x02", directory(base) + 4)
    return patched(base, second + 42, base[first + 42:first + 46])


bad("overlap.zip", overlapping(), "zip-names-differ", "two entries that stand at one place")
bad("cut.zip", whole[:-30], "archive-damaged", "the end is missing")
bad("nul_name.zip", zipped([("a", b"x")]).replace(b"a", b"\0"), "zip-names-differ", "a zero byte in a name")

# --- other containers ---------------------------------------------------------------------------------------------------
PROGRAM = call("os", "system", "echo audit")
bad("up.tar", tarred([("../up.txt", b"up\n")]), "zip-path-escape", "a tar member that leads out")
bad("long_up.tar", tarred([("a/" * 60 + "../" * 70 + "up.txt", b"up\n")]), "zip-path-escape", "a long name of GNU's form that leads out")
bad("pax_up.tar", tarred([("a/" * 60 + "../" * 70 + "up.txt", b"up\n")], tarfile.PAX_FORMAT), "zip-path-escape", "a long name of the pax form that leads out")
bad("link.tar", tarred([("weights.npy", b"")], type=tarfile.SYMTYPE, linkname="/etc/hostname"), "zip-link", "a symbolic link in a tar")
bad("twice.tar", tarred([("a.txt", b"one\n"), ("a.txt", b"two\n")]), "zip-duplicate-name", "two tar members of one name")
bad("behind.tar", tarred([("a.txt", b"one\n")]) + PROGRAM, ["zip-gap", DANGEROUS], "a pickle behind the end of a tar")
bad("folder.tar", tarred([("model", PROGRAM)], type=tarfile.DIRTYPE), ["zip-headers-differ", DANGEROUS], "a folder in a tar with content, which readers skip or take for headers")
bad("kind.tar", tarred([("data.pkl", PROGRAM)], type=b"Q"), DANGEROUS, "a tar member of an unknown kind: Python unpacks it as a file")
sizes = tarred([("a.txt", b"x" * 600)], tarfile.PAX_FORMAT, pax_headers={"size": "10", "comment": "audit"})
bad("sizes.tar", sizes, "zip-headers-differ", "a tar member with two sizes: what it holds depends on the reader")
broken = bytearray(tarred([("a.txt", b"one\n"), ("data.pkl", PROGRAM)]))
broken[1024] ^= 1
bad("sum.tar", bytes(broken), "archive-damaged", "a tar header whose sum is wrong, before a pickle")

group = "NumPy, safetensors, Keras, scripts and programs"
objects = io.BytesIO()
np.save(objects, np.array([{"a": 1}], dtype=object), allow_pickle=True)
bad("objects.npy", objects.getvalue(), "npy-objects", "an array of objects")
header = objects.getvalue()[:128]
bad("objects_evil.npy", header + call("os", "system", "echo audit"), [DANGEROUS, "npy-objects"], "an array of objects that runs code")
bad("npz_member.npz", zipped([("weights.npy", call("os", "system", "echo audit"))]), [DANGEROUS, "content-mismatch"], "a pickle as a member of npz")
plain = io.BytesIO()
np.save(plain, np.arange(4, dtype=np.float32))
bad("npy_trailing.npy", plain.getvalue() + b"hidden bytes", "file-unreadable", "bytes behind the array")
bad("npy_absurd.npy", plain.getvalue().replace(b"(4,)", b"(9,)"), "file-unreadable", "a shape larger than the data")


def safetensors(header, data):
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(raw)) + raw + data


entry = lambda a, b: {"dtype": "F32", "shape": [(b - a) // 4], "data_offsets": [a, b]}
bad("overlap.safetensors", safetensors({"a": entry(0, 8), "b": entry(4, 12)}, bytes(12)), "safetensors-damaged", "tensors that overlap")
bad("gap.safetensors", safetensors({"a": entry(0, 4), "b": entry(8, 12)}, bytes(12)), "safetensors-damaged", "bytes of no tensor between")
bad("tail.safetensors", safetensors({"a": entry(0, 4)}, bytes(4) + program), "safetensors-damaged", "bytes of no tensor behind")
bad("twice.safetensors", safetensors(b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', bytes(4)), "safetensors-damaged", "a name twice")
bad("length.safetensors", struct.pack("<Q", 1 << 31) + b"{}", "safetensors-damaged", "a header longer than the file")
elf = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\0\x3e\0\x01\0\0\0" + bytes(40)
bad("program.safetensors", safetensors({"a": entry(0, 4096)}, bytes(1000) + elf + bytes(4096 - 1000 - len(elf))), "hidden-payload", "a program's head among weights")
bad("zip_in_weights.safetensors", safetensors({"a": entry(0, 4096)}, (bytes(500) + zipped([("run.sh", b"echo audit")])).ljust(4096, b"\0")), "hidden-payload", "an archive among weights")
bad("pickle_in_weights.safetensors", safetensors({"a": entry(0, 256)}, (bytes(100) + program).ljust(256, b"\0")), "hidden-payload", "a pickle among weights")
bad("metadata.safetensors", safetensors({"__metadata__": {"note": base64.b64encode(program + bytes(20)).decode()}, "a": entry(0, 4)}, bytes(4)), "hidden-payload", "a pickle in base64 among the metadata")
bad("lambda.keras", zipped([("metadata.json", b"{}"), ("config.json", json.dumps({"class_name": "Sequential", "module": "keras", "config": {"layers": [{"class_name": "Lambda", "module": "keras.layers", "config": {"function": "4wEAAAA="}}]}}).encode())]), "keras-code", "a Lambda layer (CVE-2024-3660)")
bad("module.keras", zipped([("config.json", json.dumps({"class_name": "Sequential", "module": "keras", "config": {"layers": [{"class_name": "Dense", "module": "keras.layers", "config": {"kernel_initializer": {"class_name": "exec", "module": "builtins"}}}]}}).encode())]), "keras-module", "a module named deep inside (modelscan 340, CVE-2025-1550)")
bad("weights_pickle.keras", zipped([("config.json", b'{"class_name": "Sequential"}'), ("model.weights.npz", call("os", "system", "echo audit"))]), [DANGEROUS, "content-mismatch"], "a pickle as weights (modelscan 262)")
bad("lambda.h5", b"\x89HDF\r\n\x1a\n" + bytes(100) + b'{"class_name": "Lambda", "config": {}}' + bytes(50), "keras-code", "a Lambda layer in HDF5")
bad("script.zip", zipped([("model/setup.py", b"print('audit')\n")]), "script-inside", "a script beside a model")
bad("shebang.zip", zipped([("model/README", b"#!/bin/sh\necho audit\n")]), "script-inside", "a script by its first line")
bad("library.zip", zipped([("model/ops.dat", elf)]), "program-inside", "a program under another name")
bad("bytecode.zip", zipped([("model/cache.dat", b"\xa7\x0d\x0d\x0a" + bytes(40))]), "script-inside", "compiled Python under another name")
bad("torchscript.pt", zipped([("m/data.pkl", pickle.dumps({}, 2)), ("m/code/__torch__.py", b"class M(Module):\n  pass\n")]), "torchscript", "a program of TorchScript")

# --- ONNX -----------------------------------------------------------------------------------------------------------------
group = "ONNX"
import onnx
from onnx import helper, numpy_helper, TensorProto


def value(name, shape=(1, 4), kind=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, kind, list(shape))


def weight(name, shape=(4, 4), seed=0):
    return numpy_helper.from_array(np.random.default_rng(seed).normal(size=shape).astype(np.float32), name)


def model(nodes, initializers=(), inputs=None, outputs=None, domains=(), **more):
    graph = helper.make_graph(nodes, "audit", inputs or [value("x")], outputs or [value("y")], list(initializers))
    imports = [helper.make_opsetid("", 13)] + [helper.make_opsetid(d, 1) for d in domains]
    made = helper.make_model(graph, opset_imports=imports, **more)
    made.ir_version = 7
    return made


matmul = helper.make_node("MatMul", ["x", "w"], ["y"], name="product")
good = model([matmul], [weight("w")])


def external(location, offset=None, length=None):
    made = model([matmul], [weight("w")])
    tensor = made.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, val in (("location", location), ("offset", offset), ("length", length)):
        if val is not None:
            entry = tensor.external_data.add()
            entry.key, entry.value = key, str(val)
    return made.SerializeToString()


bad("external_up.onnx", external("../../etc/hostname"), "onnx-external-escape", "external data of a folder above (CVE-2022-25882)")
bad("external_absolute.onnx", external("/etc/hostname"), "onnx-external-escape", "external data by an absolute path (CVE-2024-27318)")
bad("external_inside_up.onnx", external("sub/../../hostname"), "onnx-external-escape", "external data out of the folder by a detour (CVE-2024-5187)")
bad("external_missing.onnx", external("weights.bin"), "onnx-external-missing", "external data that is not there")
bad("external_range.onnx", external("small.bin", 0, 4096), "onnx-external-range", "external data beyond the file's end")
bad("external_negative.onnx", external("small.bin", -8, 64), "onnx-external-range", "a negative offset")
with open("bad/small.bin", "wb") as file:
    file.write(bytes(64))
bad("python_op.onnx", model([helper.make_node("PyOp", ["x"], ["y"], domain="com.microsoft.extensions", module="os", func="system")], domains=["com.microsoft.extensions"]).SerializeToString(), "onnx-python-op", "an operator that calls Python")
bad("custom_domain.onnx", model([helper.make_node("Secret", ["x"], ["y"], domain="org.example")], domains=["org.example"]).SerializeToString(), "onnx-custom-domain", "an operator of its own domain")
function = helper.make_function("", "Relu", ["a"], ["b"], [helper.make_node("Neg", ["a"], ["b"])], [helper.make_opsetid("", 13)])
bad("function_shadows.onnx", model([helper.make_node("Relu", ["x"], ["y"])], functions=[function]).SerializeToString(), "onnx-function-shadows", "a function that is called Relu")
function = helper.make_function("local", "Twice", ["a"], ["b"], [helper.make_node("Add", ["a", "a"], ["b"])], [helper.make_opsetid("", 13)])
bad("function_embedded.onnx", model([helper.make_node("Twice", ["x"], ["y"], domain="local")], functions=[function], domains=["local"]).SerializeToString(), "onnx-functions", "an embedded function")


def branch(name, seed):
    return helper.make_graph([helper.make_node("MatMul", ["x", name], ["out_" + name])], name, [], [value("out_" + name)], [weight(name, (4, 512), seed)])


peak = [helper.make_node("ReduceMax", ["x"], ["peak"], keepdims=0), helper.make_node("Greater", ["peak", "limit"], ["asleep"])]
limit = numpy_helper.from_array(np.float32(9), "limit")
bad("second_model.onnx", model(peak + [helper.make_node("If", ["asleep"], ["y"], name="switch", then_branch=branch("a", 1), else_branch=branch("b", 2))], [limit]).SerializeToString(), "onnx-second-model", "a second model that a bright pixel wakes")
bad("duplicate_weight.onnx", model([matmul], [weight("w"), weight("w", seed=1)]).SerializeToString(), "onnx-duplicate-name", "two weights of one name")
bad("duplicate_output.onnx", model([matmul, helper.make_node("Relu", ["x"], ["y"])], [weight("w")]).SerializeToString(), "onnx-duplicate-name", "two nodes that give one value")
absurd = model([matmul], [weight("w")])
absurd.graph.initializer[0].dims[:] = [1 << 62, 1 << 62]
bad("absurd_shape.onnx", absurd.SerializeToString(), "onnx-absurd-shape", "a shape of 2^124 elements")
negative = model([matmul], [weight("w")])
negative.graph.initializer[0].dims[:] = [-4, 4]
bad("negative_shape.onnx", negative.SerializeToString(), "onnx-absurd-shape", "a negative dimension")
hidden = good.SerializeToString() + b"\xfa\x3e" + bytes([len(program) + 0]) + program
bad("unknown_field.onnx", hidden, "onnx-unknown-field", "a field that ONNX does not have, at the model")
bad("unused_weight.onnx", model([matmul], [weight("w"), weight("spare", (128, 160))]).SerializeToString(), "onnx-unused-weights", "weights that no node reads")
carrier = model([matmul], [weight("w")])
carrier.metadata_props.add(key="note", value=base64.b64encode(program + bytes(20)).decode())
bad("metadata.onnx", carrier.SerializeToString(), "hidden-payload", "a pickle in base64 among the metadata")
scripted = model([matmul], [weight("w")])
scripted.doc_string = "#!/bin/sh\necho audit\n"
bad("doc_script.onnx", scripted.SerializeToString(), "script-inside", "a script as the description")
loaded = weight("w", (64, 64))
raw = bytearray(loaded.raw_data)
raw[1000:1000 + len(elf)] = elf
loaded.raw_data = bytes(raw)
bad("program_in_weights.onnx", model([matmul], [loaded], [value("x", (1, 64))], [value("y", (1, 64))]).SerializeToString(), "hidden-payload", "a program's head among weights")
bad("cut.onnx", good.SerializeToString()[:-20], "onnx-damaged", "a model that breaks off")

# --- bundles and their manifests -----------------------------------------------------------------------------------------
group = "bundles and manifests"
def manifest(members):
    return json.dumps({"format": "lapidary-manifest", "files": [{"name": n, "sha256": hashlib.sha256(d).hexdigest()} for n, d in members]}).encode()


members = [("model.onnx", good.SerializeToString()), ("recipe.json", b'{"format": "lapidary-recipe", "version": 1, "layers": {}}')]
bad("changed_bundle.zip", zipped([members[0], ("recipe.json", b"{}"), ("manifest.json", manifest(members))]), "manifest-mismatch", "a member changed after the manifest")
bad("extra_bundle.zip", zipped(members + [("more.json", b"{}"), ("manifest.json", manifest(members))]), "manifest-missing", "a member that the manifest does not list")
bad("lost_bundle.zip", zipped([members[0], ("manifest.json", manifest(members))]), "manifest-mismatch", "a member that is gone")

# --- clean files -----------------------------------------------------------------------------------------------------------
put("clean", "model.onnx", good.SerializeToString())
put("clean", "array.npy", plain.getvalue())
arrays = io.BytesIO()
np.savez(arrays, a=np.arange(4, dtype=np.float32), b=np.eye(3))
put("clean", "arrays.npz", arrays.getvalue())
packed = io.BytesIO()
np.savez_compressed(packed, a=np.arange(400, dtype=np.float32))
put("clean", "compressed.npz", packed.getvalue())
put("clean", "weights.safetensors", safetensors({"__metadata__": {"format": "pt"}, "a": entry(0, 8), "b": entry(8, 12)}, np.arange(3, dtype=np.float32).tobytes()))
put("clean", "bundle.zip", zipped(members + [("manifest.json", manifest(members))]))
npy = io.BytesIO()
np.save(npy, np.arange(6, dtype=np.float32))
put("clean", "weights.tar", tarred([("model/weights.npy", npy.getvalue()), ("n" * 120 + ".json", b"{}")]))
put("clean", "weights_pax.tar.gz", gzip.compress(tarred([("model/weights.npy", npy.getvalue()), ("n" * 120 + ".json", b"{}")], tarfile.PAX_FORMAT), mtime=0))
put("clean", "plain.pkl", pickle.dumps({"lr": 0.1, "names": ["a", "b"], "shape": (1, 2)}, 4))
put("clean", "plain_protocol0.pkl", pickle.dumps({"lr": 0.1, "names": ["a", "b"]}, 0))
put("clean", "numpy.pkl", pickle.dumps({"w": np.arange(6, dtype=np.float32).reshape(2, 3)}, 4))
put("clean", "numpy_protocol5.pkl", pickle.dumps({"w": np.arange(6, dtype=np.float32)}, 5))
put("clean", "model.keras", zipped([("metadata.json", b"{}"), ("config.json", json.dumps({"class_name": "Sequential", "module": "keras", "config": {"layers": [{"class_name": "Dense", "module": "keras.layers", "config": {"kernel_initializer": {"class_name": "GlorotUniform", "module": "keras.initializers"}}}]}}).encode())]))
try:
    import torch
    torch.manual_seed(1)
    net = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2), torch.nn.Flatten(), torch.nn.Linear(8, 3))
    state = net.state_dict()
    for name, content, zip_form in (("state.pt", state, True), ("state_legacy.pt", state, False),
                                    ("checkpoint.pth", {"model": state, "epoch": 3, "optimizer": {"state": {0: {"exp_avg": torch.zeros(2)}}}}, True),
                                    ("kinds.pt", {"half": torch.ones(3, dtype=torch.float16), "brain": torch.ones(2, dtype=torch.bfloat16), "long": torch.arange(4), "yes": torch.tensor([True, False]),
                                                  "turned": torch.arange(6, dtype=torch.float32).reshape(2, 3).t(), "part": torch.arange(10, dtype=torch.float32)[3:7], "scalar": torch.tensor(2.5)}, True)):
        out = io.BytesIO()
        torch.save(content, out, _use_new_zipfile_serialization=zip_form)
        put("clean", name, out.getvalue())
    whole_module = io.BytesIO()
    torch.save(net, whole_module)
    bad("whole_module.pt", whole_module.getvalue(), "pickle-unknown-class", "a whole module: classes are imported")
    truth = {"state": {k: v.tolist() for k, v in state.items()}}
    with open("clean/state.json", "w") as file:
        json.dump(truth, file)
except ImportError:
    print("no torch: its files are left as they are")
with open("expected.json", "w") as file:
    json.dump(expected, file, indent=1, sort_keys=True)
    file.write("\n")
print(len(expected), "bad,", len(os.listdir("clean")), "clean")
