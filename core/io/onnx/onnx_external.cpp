// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/onnx/onnx_external.h"

#include <onnx/onnx_pb.h>

#include <charconv>
#include <optional>

#include "core/files/inside_folder.h"
#include "core/files/placeholder.h"
#include "core/files/utf8.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

struct Reference {
  std::string location;
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> length;
};

std::uint64_t parseCount(const std::string& key, const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    refuseInput("external data: " + key + " is '" + text + "', a number of bytes expected");
  return value;
}

Reference referenceOf(const onnx::TensorProto& proto) {
  Reference reference;
  for (const auto& entry : proto.external_data()) {
    if (!isUtf8(entry.value())) refuseInput("external data: " + entry.key() + " is not UTF-8 text");
    if (entry.key() == "location") reference.location = entry.value();
    if (entry.key() == "offset") reference.offset = parseCount("offset", entry.value());
    if (entry.key() == "length") reference.length = parseCount("length", entry.value());
  }
  if (reference.location.empty()) refuseInput("external data: no location is given");
  return reference;
}

}  // namespace

const Bytes& ExternalFiles::file(const std::string& location) {
  if (const auto it = m_files.find(location); it != m_files.end()) return it->second;
  if (m_folder.empty())
    refuseInput("external data '" + location + "': a model without a folder cannot have any");
  const std::string shown = "external data '" + location + "'";
  const NamedFile found = fileInFolder(m_folder, m_realFolder, location, shown);
  if (found.path.empty()) refuseInput(shown + ": " + found.error.message());
  const Bytes bytes = mapFile(found.path);
  withContext(shown, [&] { requireRealFile(bytes.view); });
  return m_files.emplace(location, bytes).first->second;
}

Bytes ExternalFiles::read(const onnx::TensorProto& proto, std::size_t expected) {
  const Reference reference = referenceOf(proto);
  if (expected == 0) return {};
  const Bytes& whole = file(reference.location);
  const std::uint64_t size = whole.view.size();
  const std::uint64_t length = reference.length.value_or(expected);
  if (reference.offset > size || length > size - reference.offset)
    refuseInput("external data '" + reference.location + "': " + std::to_string(length) +
                " bytes at offset " + std::to_string(reference.offset) + " lie beyond its end at " +
                std::to_string(size));
  return Bytes{whole.owner, whole.view.subspan(reference.offset, length)};
}

std::uint64_t ExternalFiles::fileBytes() const {
  std::uint64_t total = 0;
  for (const auto& [location, bytes] : m_files) total += bytes.view.size();
  return total;
}

}  // namespace lapidary::core
