// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/torch/pickle_trust.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <sstream>
#include <string>

namespace lapidary::core {
namespace {

using namespace std::string_view_literals;
using Names = std::set<std::string, std::less<>>;

/// Tables are texts: words apart by white space.
Names wordsIn(const std::string& text) {
  std::istringstream stream(text);
  return {std::istream_iterator<std::string>(stream), {}};
}

/// "module: name name ..." as "module name" each.
Names pairsIn(const std::string& text) {
  Names pairs;
  std::string module;
  std::istringstream stream(text);
  for (std::string word; stream >> word;) {
    if (word.ends_with(':'))
      module = word.substr(0, word.size() - 1);
    else
      pairs.insert(module + ' ' + word);
  }
  return pairs;
}

/// "module name" of what is allowed.
const Names& allowed() {
  static const Names names = pairsIn(R"(
      collections: OrderedDict Counter defaultdict deque
      builtins: set frozenset bytearray bytes complex int float bool str list dict tuple object slice
      range Ellipsis NotImplemented
      copyreg: _reconstructor
      _codecs: encode
      datetime: datetime date time timedelta timezone
      decimal: Decimal
      fractions: Fraction
      argparse: Namespace
      types: SimpleNamespace
      pathlib: PurePosixPath PosixPath PureWindowsPath WindowsPath Path PurePath
      numpy: ndarray dtype bool_ bool recarray record matrix memmap str_ bytes_ void datetime64 timedelta64
      numpy.rec: recarray record
      numpy.ma: MaskedArray
      numpy.ma.core: MaskedArray MaskedConstant _mareconstruct
      numpy.matrixlib.defmatrix: matrix
      joblib.numpy_pickle: NumpyArrayWrapper
      sklearn.externals.joblib.numpy_pickle: NumpyArrayWrapper
      torch: Size device Tensor per_tensor_affine per_channel_affine per_tensor_symmetric
      per_channel_symmetric per_channel_affine_float_qparams strided sparse_coo sparse_csr sparse_csc
      sparse_bsr sparse_bsc jagged channels_last contiguous_format preserve_format
      torch.nn.parameter: Parameter Buffer
      torch._utils: _rebuild_tensor _rebuild_tensor_v2 _rebuild_tensor_v3 _rebuild_parameter
      _rebuild_parameter_with_state _rebuild_sparse_tensor _rebuild_sparse_csr_tensor _rebuild_nested_tensor
      _rebuild_qtensor
      _rebuild_meta_tensor_no_storage _rebuild_device_tensor_from_numpy
      torch._tensor: _rebuild_from_type_v2
      torch.serialization: _get_layout
      torch.jit._pickle: build_intlist build_doublelist build_boollist build_tensorlist
      build_tensor_from_id restore_type_tag
      torch.storage: UntypedStorage TypedStorage _UntypedStorage _TypedStorage)");
  return names;
}

constexpr std::array numpyCores{"numpy.core.multiarray"sv, "numpy._core.multiarray"sv};
constexpr std::array numpyNumerics{"numpy.core.numeric"sv, "numpy._core.numeric"sv};

bool isNumberType(std::string_view name) {
  static const Names names = wordsIn(R"(
      float16 float32 float64 bfloat16 int8 int16 int32 int64 uint8 uint16 uint32 uint64 complex64
      complex128 half float double int long short qint8 quint8 qint32 float8_e4m3fn float8_e5m2 complex32
      float8_e4m3fnuz float8_e5m2fnuz float8_e8m0fnu float4_e2m1fn_x2 cfloat cdouble chalf quint4x2 quint2x4
      bits8 bits16 bits1x8 bits2x4 bits4x2 int1 int2 int3 int4 int5 int6 int7 uint1 uint2 uint3 uint4 uint5
      uint6 uint7 bool)");
  return names.contains(name);
}

bool isStorage(std::string_view name) {
  static const Names names = wordsIn(R"(
      FloatStorage DoubleStorage HalfStorage BFloat16Storage LongStorage IntStorage ShortStorage
      CharStorage ByteStorage BoolStorage ComplexFloatStorage ComplexDoubleStorage QInt8Storage
      QUInt8Storage QInt32Storage QUInt4x2Storage QUInt2x4Storage UntypedStorage)");
  return names.contains(name);
}

bool isAllowed(std::string_view module, std::string_view name) {
  if (name.find('.') != std::string_view::npos) return false;
  if (std::ranges::find(numpyCores, module) != numpyCores.end())
    return name == "_reconstruct" || name == "scalar";
  if (std::ranges::find(numpyNumerics, module) != numpyNumerics.end()) return name == "_frombuffer";
  if (module == "numpy.dtypes") return name.ends_with("DType");
  if (module == "torch" && (isNumberType(name) || isStorage(name))) return true;
  if (module == "torch.cuda" && isStorage(name)) return true;
  if (module == "numpy" && isNumberType(name)) return true;
  return allowed().contains(std::string(module) + ' ' + std::string(name));
}

/// Modules of which everything that is not allowed counts as dangerous, with all that lies below them.
const Names& dangerousModules() {
  static const Names names = wordsIn(R"(
      os posix posixpath nt ntpath subprocess _posixsubprocess sys builtins socket _socket socketserver
      shutil pty tty commands popen2 runpy importlib imp _imp pkgutil zipimport code codeop pickle _pickle
      cPickle pickletools shelve dbm dill cloudpickle joblib marshal types _types ctypes _ctypes cffi
      multiprocessing _multiprocessing concurrent asyncio webbrowser antigravity http httplib urllib
      urllib2 requests aiohttp httpx ssl _ssl ftplib smtplib telnetlib imaplib poplib nntplib xmlrpc
      xmlrpclib wsgiref cgi cgitb pip ensurepip venv distutils setuptools pkg_resources site sysconfig
      platform pdb bdb trace profile cProfile _lsprof pstats timeit doctest unittest test pytest idlelib
      lib2to3 mailcap mimetypes pydoc pyclbr _pyrepl _osx_support _aix_support uuid tempfile glob io _io
      _pyio fileinput linecache tarfile zipfile gzip bz2 lzma signal _signal resource threading _thread
      sched _interpreters _xxsubinterpreters interpreters operator _operator functools _functools
      itertools inspect gc ast compileall py_compile logging sqlite3 _sqlite3 tkinter _tkinter turtle
      turtledemo curses readline atexit codecs _codecs copyreg mmap fcntl select selectors faulthandler
      ptrace winreg _winapi msvcrt _winreg numpy.f2py numpy.distutils numpy.testing numpy.ctypeslib
      numpy.compat numpy.random._pickle scipy.weave   jinja2 yaml torch.hub torch.jit
      torch.package torch.utils torch.distributed torch.multiprocessing torch.fx torch.serialization
      torch.storage torch._dynamo torch._inductor torch._C torch._classes torch._ops torch._jit_internal
      torch.testing torch.backends torch.library torch.onnx torch.export torch.cpp_extension
      torch.compiler torch.profiler    IPython nbformat execnet paramiko fabric
      invoke pexpect plumbum docker)");
  return names;
}

/// Functions that load or run something, of modules that are otherwise harmless.
bool isDangerousName(std::string_view name) {
  static const Names names = wordsIn(R"(
      load loads eval exec system popen Popen spawn run call getattr setattr open compile __import__
      import_module input globals _load_from_bytes loadtxt genfromtxt fromfile savetxt save read_pickle
      runstring execute os sys subprocess __builtins__)");
  return names.contains(name) || (name.starts_with("__") && name.ends_with("__") && name.size() > 4);
}

bool isUnder(std::string_view module, const Names& parents) {
  for (std::size_t end = module.size(); end != std::string_view::npos;
       end = end == 0 ? std::string_view::npos : module.rfind('.', end - 1))
    if (parents.contains(module.substr(0, end))) return true;
  return false;
}

/// Any part of an attribute path that is a danger by itself.
bool walksToDanger(std::string_view name) {
  while (!name.empty()) {
    const std::size_t dot = std::min(name.find('.'), name.size());
    const std::string_view part = name.substr(0, dot);
    if (isDangerousName(part) || dangerousModules().contains(part)) return true;
    name.remove_prefix(std::min(dot + 1, name.size()));
  }
  return false;
}

}  // namespace

PickleTrust pickleTrust(std::string_view module, std::string_view name) {
  if (isAllowed(module, name)) return PickleTrust::Allowed;
  if (isUnder(module, dangerousModules()) || walksToDanger(name)) return PickleTrust::Dangerous;
  return PickleTrust::Unknown;
}

}  // namespace lapidary::core
