// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>

#include "core/files/archive.h"

namespace lapidary::fuzz {
namespace {

/// Reads lengths and texts; short where the input ends.
class Cutting {
 public:
  explicit Cutting(std::string_view rest) : m_rest(rest) {}
  bool atEnd() const { return m_rest.empty(); }
  std::size_t number(int bytes) {
    std::size_t value = 0;
    for (int i = 0; i < bytes && !m_rest.empty(); ++i, m_rest.remove_prefix(1))
      value |= static_cast<std::size_t>(static_cast<unsigned char>(m_rest.front())) << (8 * i);
    return value;
  }
  std::string_view text(std::size_t length) {
    const std::string_view text = m_rest.substr(0, length);
    m_rest.remove_prefix(text.size());
    return text;
  }

 private:
  std::string_view m_rest;
};

/// Removed at the end of the process, where that ends by itself.
struct ProcessFile {
  std::string path =
      (std::filesystem::temp_directory_path() / ("lapidary-fuzz-" + std::to_string(::getpid()))).string();
  ~ProcessFile() { ::unlink(path.c_str()); }
};

}  // namespace

core::Bytes bytesOf(const std::uint8_t* data, std::size_t size) {
  std::shared_ptr<std::byte[]> memory(new std::byte[size]);
  if (size > 0) std::memcpy(memory.get(), data, size);
  return {memory, {memory.get(), size}};
}

std::string_view textOf(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

std::string fileOf(std::string_view content) {
  static const ProcessFile file;
  std::ofstream(file.path, std::ios::binary | std::ios::trunc) << content;
  return file.path;
}

core::Bytes archiveOf(const std::uint8_t* data, std::size_t size) {
  if (textOf(data, size).starts_with("PK")) return bytesOf(data, size);
  core::ArchiveWriter writer;
  std::set<std::string> names;
  for (Cutting input(textOf(data, size)); !input.atEnd();) {
    const std::string name(input.text(input.number(1)));
    const std::string_view content = input.text(input.number(2));
    if (!name.empty() && names.insert(name).second)
      writer.add(name, std::as_bytes(std::span(content)), false);
  }
  return writer.finish();
}

}  // namespace lapidary::fuzz
