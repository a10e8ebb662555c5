// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/texts/code_name.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <sstream>
#include <string>

namespace lapidary::core {
namespace {

using Names = std::set<std::string, std::less<>>;

Names namesIn(const std::string& text) {
  std::istringstream stream(text);
  return {std::istream_iterator<std::string>(stream), {}};
}

/// Modules of which everything counts, and functions and classes by their whole names.
const Names& running() {
  static const Names names = namesIn(R"(
      os posix nt subprocess _posixsubprocess pty commands popen2 runpy importlib imp _imp pkgutil zipimport
      code codeop pickle _pickle cPickle shelve dill cloudpickle marshal ctypes _ctypes cffi multiprocessing
      asyncio webbrowser antigravity http httplib urllib urllib2 requests aiohttp httpx ftplib smtplib
      telnetlib imaplib poplib nntplib xmlrpc socket _socket socketserver ssl shutil pip ensurepip venv
      distutils setuptools pkg_resources sysconfig pdb bdb profile cProfile timeit doctest unittest idlelib
      lib2to3 pydoc tempfile fileinput tarfile zipfile sqlite3 mmap fcntl signal inspect paramiko fabric
      invoke pexpect plumbum docker execnet IPython builtins __builtin__ __builtins__ sys logging.config
      _interpreters _xxsubinterpreters types.FunctionType types.CodeType types.LambdaType codecs.open io.open
      io.FileIO io.open_code _io
      torch.hub torch.load torch.jit.load torch.package torch.utils.cpp_extension torch.ops torch.classes
      torch._ops torch._classes torch.utils.model_zoo torch.utils.bottleneck torch.utils.collect_env
      torch.utils._config_module torch._C torch._dynamo torch._inductor torch.distributed.rpc
      torch.serialization torch.storage._load_from_bytes torch.testing torch.fx.experimental
      torch.multiprocessing torch.jit.unsupported_tensor_ops torch.library torch.cpp_extension
      numpy.load numpy.f2py numpy.testing numpy.ctypeslib numpy.distutils numpy.lib.npyio.load
      pandas.read_pickle pandas.eval pandas.io.pickle joblib.load joblib.numpy_pickle.load sympy.sympify
      sympy.parsing scipy.weave yaml.load yaml.unsafe_load yaml.full_load yaml.load_all yaml.unsafe_load_all
      jinja2 mako.template skops.io.load sklearn.externals.joblib
      keras.utils.get_file keras.models.load_model keras.saving.load_model tensorflow.keras.models.load_model
      keras.config.enable_unsafe_deserialization tensorflow.load_op_library tensorflow.load_library
      tensorflow.py_function tensorflow.numpy_function tensorflow.keras.utils.get_file
      transformers.dynamic_module_utils nemo.utils.model_utils.import_class_by_path
      hydra._internal.utils._locate omegaconf.OmegaConf.register_new_resolver)");
  return names;
}

/// What lies below those and does no harm.
const Names& harmless() {
  static const Names names = namesIn(R"(
      os.path os.getcwd os.cpu_count os.getenv os.environ.get os.getpid os.fspath os.sep os.linesep
      multiprocessing.cpu_count urllib.parse inspect.signature tempfile.gettempdir
      builtins.dict builtins.list builtins.set builtins.frozenset builtins.tuple builtins.int builtins.float
      builtins.str builtins.bool builtins.bytes builtins.bytearray builtins.complex builtins.slice
      builtins.range builtins.len builtins.sum builtins.min builtins.max builtins.abs builtins.round
      builtins.sorted builtins.reversed builtins.zip builtins.enumerate builtins.print builtins.object
      builtins.any builtins.all builtins.pow builtins.repr builtins.iter builtins.next builtins.hash
      sys.maxsize sys.version sys.platform sys.byteorder sys.float_info sys.argv torch.testing.make_tensor)");
  return names;
}

/// Steps on the way through a package's attributes that lead out of it, and functions that run what they get.
const Names& leading() {
  static const Names names = namesIn(R"(
      os sys subprocess importlib builtins __builtins__ shutil pickle cPickle cloudpickle dill marshal ctypes
      runpy socket webbrowser pty posix nt imp eval exec system popen Popen execv execve spawn check_output
      check_call getoutput __import__ import_module load_library run_path run_module)");
  return names;
}

const Names& gadgets() {
  static const Names names = namesIn(R"(
      os.system os.popen os.execv os.execve os.execvp os.execl os.spawnl os.spawnv os.startfile posix.system
      posix.popen nt.system builtins.exec builtins.eval builtins.compile builtins.__import__ __builtin__.eval
      __builtin__.exec subprocess.Popen subprocess.run subprocess.call subprocess.check_call
      subprocess.check_output subprocess.getoutput subprocess.getstatusoutput importlib.import_module
      runpy.run_path runpy.run_module runpy._run_code pty.spawn shutil.rmtree ctypes.CDLL pickle.load
      pickle.loads marshal.loads torch.hub.load webbrowser.open socket.socket socket.create_connection
      urllib.request.urlopen code.InteractiveInterpreter timeit.timeit cProfile.run)");
  return names;
}

const Names& builders() {
  static const Names names = namesIn(R"(
      nemo nemo_text_processing torch.nn torch.optim torch.utils.data torchvision torchaudio torchtext
      transformers diffusers tokenizers timm lightning pytorch_lightning monai megatron keras tensorflow
      tf_keras sklearn omegaconf hydra torchmetrics peft accelerate datasets flax optax jax torch)");
  return names;
}

/// Whether the name, or a package that it lies in, is in the table.
bool isBelow(std::string_view name, const Names& table) {
  for (std::size_t end = name.size(); end != std::string_view::npos && end > 0;
       end = name.rfind('.', end - 1))
    if (table.contains(name.substr(0, end))) return true;
  return false;
}

bool isDunder(std::string_view part) {
  return part.size() > 4 && part.starts_with("__") && part.ends_with("__") && part != "__main__" &&
         part != "__init__" && part != "__version__" && part != "__call__" && part != "__name__";
}

/// Any step behind the first that reaches for something else.
bool leadsOutOfPackage(std::string_view name) {
  for (std::size_t dot = name.find('.'); dot != std::string_view::npos;) {
    const std::size_t next = name.find('.', dot + 1);
    const std::string_view part = name.substr(dot + 1, next - dot - 1);
    if (leading().contains(part) || isDunder(part)) return true;
    dot = next;
  }
  return false;
}

bool isNameText(std::string_view text) {
  return !text.empty() && text.size() <= 512 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  });
}

/// As dots alone: an entry point parts module and name by a colon, some write it as a path.
std::string asDotted(std::string_view text) {
  constexpr std::string_view around = " \t\r\n\"'`";
  const std::size_t first = text.find_first_not_of(around);
  if (first == std::string_view::npos) return "";
  std::string name(text.substr(first, text.find_last_not_of(around) - first + 1));
  std::ranges::replace(name, ':', '.');
  if (name.ends_with("()")) name.resize(name.size() - 2);
  return name;
}

}  // namespace

bool runsCode(std::string_view dottedName) {
  const std::string name = asDotted(dottedName);
  if (!isNameText(name)) return false;
  if (name.find('.') == std::string::npos)
    return name == "exec" || name == "eval" || name == "compile" || name == "__import__" ||
           name == "execfile";
  if (isBelow(name, harmless())) return leadsOutOfPackage(name.substr(name.find('.') + 1));
  return isBelow(name, running()) || leadsOutOfPackage(name);
}

bool isKnownGadget(std::string_view dottedName) { return gadgets().contains(asDotted(dottedName)); }

bool buildsModels(std::string_view dottedName) {
  const std::string name = asDotted(dottedName);
  return isNameText(name) && isBelow(name, builders()) && !runsCode(name);
}

}  // namespace lapidary::core
