// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/torch/torch_tensors.h"

#include <algorithm>
#include <set>

#include "core/io/torch/pickle_trust.h"
#include "core/io/torch/torch_arrays.h"
#include "core/io/torch/torch_training.h"

namespace lapidary::core {
namespace {

using Kind = PickleValue::Kind;
constexpr std::size_t maxDepth = 100, maxVisits = 1'000'000;

std::string at(std::size_t offset) { return " at byte " + std::to_string(offset) + " of its pickle"; }
std::string nameOf(const PickleValue& global) { return global.module + '.' + global.text; }

[[noreturn]] void refuseHarm(const std::string& what, std::size_t offset) {
  throw Error(
      ErrorKind::InvalidInput,
      "it " + what + at(offset) + ", which may run code where it is loaded; nothing of it was run here. " +
          "See all of it with the audit, and ask its maker for a file of tensors alone (safetensors)");
}

/// Calls that make an object of a class and fill its fields, and nothing else.
bool makesObject(const PickleTrace& pickle, const PickleTrace::Invocation& call) {
  if (call.opcode == "NEWOBJ" || call.opcode == "NEWOBJ_EX") return true;
  const PickleValue& callee = pickle.at(pickle.at(call.value).items[0]);
  return callee.kind == Kind::Global && callee.module == "copyreg" && callee.text == "_reconstructor";
}

/// Walks what a pickle would build and rebuilds the tensors in it.
class Collector {
 public:
  Collector(const PickleTrace& pickle, const StorageOf& storageOf)
      : m_pickle(pickle), m_storageOf(storageOf) {}

  FileArrays collect() {
    if (m_pickle.root) visit("", *m_pickle.root);
    FileArrays found = torchArrays(m_tensors);
    found.training = std::move(m_training);
    if (!m_leftOut.empty()) found.warnings.push_back({WarningKind::DroppedContent, shortList(m_leftOut)});
    return found;
  }

 private:
  const PickleValue& value(PickleId id) const { return m_pickle.at(id); }

  /// Of a call's arguments the one at `index`; nothing where there are fewer.
  std::optional<PickleId> argument(const PickleValue& call, std::size_t index) const {
    const PickleValue& arguments = value(call.items[1]);
    if (arguments.kind != Kind::Tuple || index >= arguments.items.size()) return std::nullopt;
    return arguments.items[index];
  }

  void visit(const std::string& path, PickleId id) {
    if (++m_visits > maxVisits || m_depth > maxDepth)
      throw Error(ErrorKind::InvalidInput, "its pickle is nested too deep");
    const PickleValue& item = value(id);
    if (holdsTraining(m_pickle, item)) {
      m_visits += item.items.size() + item.added.size();  // what was looked at
      return leaveOut(path);
    }
    ++m_depth;
    if (item.kind == Kind::Dict) visitPairs(path, item.items);
    if (item.kind == Kind::List || item.kind == Kind::Tuple) visitElements(path, item.items);
    if (item.kind == Kind::Call) visitCall(path, item);
    --m_depth;
  }

  /// Named once: of a list of states as a whole.
  void leaveOut(std::string path) {
    for (std::size_t dot = path.rfind('.'); dot != std::string::npos; dot = path.rfind('.')) {
      if (path.find_first_not_of("0123456789", dot + 1) != std::string::npos) break;
      path.resize(dot);
    }
    if (path.empty()) path = "all of it";
    if (m_trainingNames.insert(path).second) m_training.push_back(std::move(path));
  }

  static bool isTransparent(const std::string& key) {
    return key == "_parameters" || key == "_buffers" || key == "_modules";
  }

  void visitPairs(const std::string& path, const std::vector<PickleId>& items) {
    for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
      const PickleValue& key = value(items[i]);
      if (key.kind != Kind::Text && key.kind != Kind::Integer) continue;
      const std::string name = key.kind == Kind::Text ? key.text : std::to_string(key.number);
      if (path.empty() && name.starts_with("optimizer"))
        leaveOut(name);
      else
        visit(isTransparent(name) ? path : path.empty() ? name : path + '.' + name, items[i + 1]);
    }
  }

  void visitElements(const std::string& path, const std::vector<PickleId>& items) {
    for (std::size_t i = 0; i < items.size(); ++i)
      visit(path.empty() ? std::to_string(i) : path + '.' + std::to_string(i), items[i]);
  }

  void visitCall(const std::string& path, const PickleValue& call) {
    const PickleValue& callee = value(call.items[0]);
    const std::string name = callee.kind == Kind::Global ? nameOf(callee) : "";
    if (name == "torch._utils._rebuild_tensor" || name == "torch._utils._rebuild_tensor_v2" ||
        name == "torch._utils._rebuild_tensor_v3")
      return add(path, value(call.items[1]));
    if (name == "torch._utils._rebuild_qtensor") return add(path, value(call.items[1]), true);
    if (name == "torch._tensor._rebuild_from_type_v2") return visitTyped(path, call);
    if (name.starts_with("torch._utils._rebuild_parameter")) {
      if (const auto data = argument(call, 0)) visit(path, *data);
      return;
    }
    if (name.starts_with("torch._utils.") || name.starts_with("numpy")) {
      m_leftOut.push_back("'" + path + "', made by " + name);
      return;
    }
    visitObject(path, call);
  }

  /// (function, type, arguments, state): as if the function had been called.
  void visitTyped(const std::string& path, const PickleValue& call) {
    const auto function = argument(call, 0), arguments = argument(call, 2);
    if (!function || !arguments) return;
    PickleValue direct = call;
    direct.items = {*function, *arguments};
    visitCall(path, direct);
  }

  /// Dictionaries that are classes, and the fields of any object.
  void visitObject(const std::string& path, const PickleValue& call) {
    visitPairs(path, call.added);
    if (!call.state) return;
    const PickleValue& state = value(*call.state);
    if (state.kind == Kind::Tuple)
      for (const PickleId part : state.items) visit(path, part);
    else
      visit(path, *call.state);
  }

  /// (storage, offset, shape, strides, ...), of v3 the element type seventh, of quantized ones the scales
  /// fifth.
  void add(const std::string& path, const PickleValue& arguments, bool quantized = false) {
    TorchTensor tensor;
    tensor.name = path.empty() ? "tensor" : path;
    withContext("tensor '" + tensor.name + "'", [&] {
      if (arguments.kind != Kind::Tuple || arguments.items.size() < (quantized ? 5u : 4u))
        throw Error(ErrorKind::InvalidInput, "is described by too few values");
      const auto& parts = arguments.items;
      std::string type;
      std::uint64_t elements = 0;
      readStorage(value(parts[0]), type, tensor.key, elements);
      const bool typed = type != "UntypedStorage";
      if (!typed && parts.size() > 6) type = value(parts[6]).text;
      tensor.type = torchType(type);
      if (tensor.type.width == 0 || tensor.type.quantized != quantized) {
        m_leftOut.push_back("tensor '" + tensor.name + "' of type " + type);
        return;
      }
      if (elements > (std::uint64_t{1} << 48))
        throw Error(ErrorKind::InvalidInput, "its storage declares " + std::to_string(elements) +
                                                 " elements, more than any file holds");
      tensor.storage = m_storageOf(tensor.key, elements * (typed ? tensor.type.width : 1));
      tensor.view = {wholeNumber(parts[1]), numbers(parts[2]), numbers(parts[3])};
      if (quantized) tensor.quantizer = quantizerOf(value(parts[4]));
      if (!m_names.insert(path).second) throw Error(ErrorKind::InvalidInput, "is in the file twice");
      m_tensors.push_back(tensor);
    });
  }

  /// (scheme, scale, zero point), or (scheme, scales, zero points, axis).
  TorchQuantizer quantizerOf(const PickleValue& described) const {
    const auto& parts = described.items;
    if (described.kind == Kind::Tuple && parts.size() >= 3) {
      if (parts.size() == 3) return {{number(parts[1])}, {number(parts[2])}, -1};
      const std::int64_t axis = wholeNumber(parts[3]);
      if (axis >= 0 && axis < 64)
        return {numbersOfTensor(parts[1]), numbersOfTensor(parts[2]), static_cast<int>(axis)};
    }
    throw Error(ErrorKind::InvalidInput, "its scales are described in a form that is not known");
  }

  double number(PickleId id) const {
    return value(id).kind == Kind::Float ? value(id).real : static_cast<double>(wholeNumber(id));
  }

  std::vector<double> numbersOfTensor(PickleId id) const {
    Collector inner(m_pickle, m_storageOf);
    inner.visit("scales", id);
    FileArrays found = torchArrays(inner.m_tensors);
    if (found.tensors.size() != 1)
      throw Error(ErrorKind::InvalidInput, "its scales are described in a form that is not known");
    const Tensor wide = convert(found.tensors.front().tensor, DType::Float64);
    return {wide.as<double>().begin(), wide.as<double>().end()};
  }

  /// The persistent id ("storage", class, key, device, number of elements).
  void readStorage(const PickleValue& storage, std::string& type, std::string& key,
                   std::uint64_t& elements) const {
    const PickleValue* id = storage.kind == Kind::Persistent ? &value(storage.items[0]) : nullptr;
    if (id == nullptr || id->kind != Kind::Tuple || id->items.size() < 5 ||
        value(id->items[0]).text != "storage" || value(id->items[1]).kind != Kind::Global ||
        value(id->items[2]).kind != Kind::Text || value(id->items[4]).kind != Kind::Integer ||
        value(id->items[4]).number < 0)
      throw Error(ErrorKind::InvalidInput, "its storage is described in a form that is not known");
    type = value(id->items[1]).text;
    key = value(id->items[2]).text;
    elements = static_cast<std::uint64_t>(value(id->items[4]).number);
  }

  std::int64_t wholeNumber(PickleId id) const {
    if (value(id).kind != Kind::Integer)
      throw Error(ErrorKind::InvalidInput, "its offset, shape and strides must be whole numbers");
    return value(id).number;
  }

  /// A tuple, or torch.Size of one.
  std::vector<std::int64_t> numbers(PickleId id) const {
    const PickleValue* list = &value(id);
    if (list->kind == Kind::Call) {
      const auto inner = argument(*list, 0);
      if (inner) list = &value(*inner);
    }
    if (list->kind != Kind::Tuple && list->kind != Kind::List)
      throw Error(ErrorKind::InvalidInput, "its shape or strides are not a list of numbers");
    if (list->items.size() > 64) throw Error(ErrorKind::InvalidInput, "it has more than 64 dimensions");
    std::vector<std::int64_t> result;
    for (const PickleId item : list->items) result.push_back(wholeNumber(item));
    return result;
  }

  const PickleTrace& m_pickle;
  const StorageOf& m_storageOf;
  std::vector<TorchTensor> m_tensors;
  std::vector<std::string> m_leftOut, m_training;
  std::set<std::string> m_names, m_trainingNames;
  std::size_t m_visits = 0, m_depth = 0;
};

}  // namespace

void requireHarmless(const PickleTrace& pickle) {
  if (!pickle.fault.empty()) throw Error(ErrorKind::InvalidInput, pickle.fault);
  for (const auto& lookup : pickle.lookups) {
    const PickleValue& global = pickle.at(lookup.value);
    if (!lookup.known) refuseHarm("looks up a name that is computed", lookup.offset);
    if (pickleTrust(global.module, global.text) == PickleTrust::Dangerous)
      refuseHarm("looks up " + nameOf(global), lookup.offset);
  }
  for (const auto& call : pickle.calls) {
    const PickleValue& callee = pickle.at(pickle.at(call.value).items[0]);
    if (callee.kind != Kind::Global) refuseHarm("calls something that it has made itself", call.offset);
    if (pickleTrust(callee.module, callee.text) != PickleTrust::Allowed && !makesObject(pickle, call))
      refuseHarm("calls " + nameOf(callee), call.offset);
  }
  for (const auto& oddity : pickle.oddities)
    if (oddity.onGlobal) refuseHarm(oddity.what, oddity.offset);
}

FileArrays torchTensors(const PickleTrace& pickle, const StorageOf& storageOf) {
  requireHarmless(pickle);
  return Collector(pickle, storageOf).collect();
}

}  // namespace lapidary::core
