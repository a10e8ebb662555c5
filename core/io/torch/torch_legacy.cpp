// SPDX-License-Identifier: GPL-3.0-or-later
// The form of PyTorch before 1.6: five pickles one behind the other, then every storage with its length.
#include <algorithm>

#include "core/files/byte_order.h"
#include "core/io/torch/torch_storages.h"
#include "core/io/torch/torch_view.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

using Kind = PickleValue::Kind;

PickleTrace wholePickle(const Bytes& file, std::size_t& at, const Progress& progress) {
  PickleTrace trace = tracePickle(file.view, at, progress);
  if (!trace.fault.empty()) refuseInput(trace.fault);
  at = trace.end;
  return trace;
}

void requireLittleEndian(const PickleTrace& system) {
  const PickleValue& table = system.at(*system.root);
  for (std::size_t i = 0; table.kind == Kind::Dict && i + 1 < table.items.size(); i += 2)
    if (system.at(table.items[i]).text == "little_endian" && system.at(table.items[i + 1]).number == 0)
      throw Error(ErrorKind::Unsupported,
                  "it was written on a big-endian machine: save it again on a little-endian one");
}

/// Bytes of an element of every storage that the pickle names.
std::map<std::string, std::size_t> widthsOf(const PickleTrace& pickle) {
  std::map<std::string, std::size_t> widths;
  for (const PickleValue& value : pickle.values) {
    if (value.kind != Kind::Persistent) continue;
    const PickleValue& id = pickle.at(value.items[0]);
    if (id.kind != Kind::Tuple || id.items.size() < 3) continue;
    const std::size_t width = torchType(pickle.at(id.items[1]).text).width;
    if (width > 0) widths[pickle.at(id.items[2]).text] = width;
  }
  return widths;
}

Bytes storageAt(const Bytes& file, std::size_t& at, const std::string& key, std::size_t width) {
  constexpr std::size_t countBytes = 8;
  const std::size_t left = file.view.size() - at;
  if (left < countBytes) refuseInput("it ends before storage '" + key + "'");
  const std::uint64_t count = littleEndian(file.view, at, countBytes);
  if (count > (left - countBytes) / width)
    refuseInput("storage '" + key + "' declares " + std::to_string(count) +
                " elements, more than the file holds");
  const Bytes bytes{file.owner, file.view.subspan(at + countBytes, count * width)};
  at += countBytes + count * width;
  return bytes;
}

}  // namespace

TorchFile torchLegacy(const Bytes& file, const Progress& progress) {
  std::size_t at = 0;
  wholePickle(file, at, progress);  // the magic number, which whoever calls has seen
  wholePickle(file, at, progress);  // the version of this form
  requireLittleEndian(wholePickle(file, at, progress));
  TorchFile result;
  result.pickle = wholePickle(file, at, progress);
  const PickleTrace order = wholePickle(file, at, progress);
  const auto widths = widthsOf(result.pickle);
  for (const PickleId id : order.at(*order.root).items) {
    progress.check();
    const std::string& key = order.at(id).text;
    const auto width = widths.find(key);
    if (width == widths.end()) refuseInput("storage '" + key + "' has an element type that is not known");
    result.storages[key] = storageAt(file, at, key, width->second);
  }
  return result;
}

}  // namespace lapidary::core
