// SPDX-License-Identifier: GPL-3.0-or-later
// Small checkpoints as torch.save writes them: the opcodes of protocol 2 in a stored zip.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/files/archive.h"
#include "core/model/tensor.h"

namespace lapidary::core::testing::torch {

using Code = std::string;  ///< opcodes that leave one value on the stack

inline Code littleEndian32(std::size_t value) {
  Code code;
  for (int i = 0; i < 4; ++i) code += static_cast<char>(value >> (8 * i));
  return code;
}
inline Code text(const std::string& value) { return "X" + littleEndian32(value.size()) + value; }
inline Code number(std::int64_t value) { return "J" + littleEndian32(static_cast<std::size_t>(value)); }
inline Code real(double value) { return "F" + std::to_string(value) + "\n"; }
inline Code global(const std::string& module, const std::string& name) {
  return "c" + module + "\n" + name + "\n";
}
inline Code sequence(const char* end, const std::vector<Code>& items) {
  Code code = "(";
  for (const Code& item : items) code += item;
  return code + end;
}
inline Code tuple(const std::vector<Code>& items) { return sequence("t", items); }
inline Code list(const std::vector<Code>& items) { return "]" + sequence("e", items); }
inline Code dictionary(const std::vector<std::pair<std::string, Code>>& items) {
  Code code = "}(";
  for (const auto& [key, value] : items) code += text(key) + value;
  return code + "u";
}
inline Code numbers(const std::vector<std::int64_t>& values) {
  std::vector<Code> items;
  for (const std::int64_t value : values) items.push_back(number(value));
  return tuple(items);
}
inline Code call(const Code& callee, const std::vector<Code>& arguments) {
  return callee + tuple(arguments) + "R";
}
inline Code storage(const std::string& kind, const std::string& key, std::int64_t elements) {
  return tuple({text("storage"), global(kind == "UntypedStorage" ? "torch.storage" : "torch", kind),
                text(key), text("cpu"), number(elements)}) +
         "Q";
}

struct View {
  std::int64_t elements;  ///< of the storage
  Shape shape;
  std::vector<std::int64_t> strides = {};  ///< empty: one behind the other
  std::int64_t offset = 0;

  std::vector<std::int64_t> steps() const {
    if (!strides.empty() || shape.empty()) return strides;
    std::vector<std::int64_t> dense(shape.size(), 1);
    for (std::size_t i = shape.size() - 1; i > 0; --i) dense[i - 1] = dense[i] * shape[i];
    return dense;
  }
};

inline Code tensor(const std::string& key, const View& view, const std::string& kind = "FloatStorage") {
  return call(global("torch._utils", "_rebuild_tensor_v2"),
              {storage(kind, key, view.elements), number(view.offset), numbers(view.shape),
               numbers(view.steps()), "\x89", global("collections", "OrderedDict") + ")R"});
}
/// Of types without a class of storages; `bytes` of an element.
inline Code tensorOf(const std::string& dtype, std::int64_t bytes, const std::string& key, const View& view) {
  return call(global("torch._utils", "_rebuild_tensor_v3"),
              {storage("UntypedStorage", key, view.elements * bytes), number(view.offset),
               numbers(view.shape), numbers(view.steps()), "\x89",
               global("collections", "OrderedDict") + ")R", global("torch", dtype), "N"});
}
inline Code quantized(const std::string& kind, const std::string& key, const View& view,
                      const Code& quantizer) {
  return call(global("torch._utils", "_rebuild_qtensor"),
              {storage(kind, key, view.elements), number(view.offset), numbers(view.shape),
               numbers(view.steps()), quantizer, "\x89", global("collections", "OrderedDict") + ")R"});
}

inline std::string bytesOf(const std::vector<float>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

/// The bytes of the file: the value, and the storages by key.
inline std::string checkpoint(const Code& root,
                              const std::vector<std::pair<std::string, std::string>>& storages) {
  ArchiveWriter archive;
  const auto add = [&](const std::string& name, const std::string& content) {
    archive.add("m/" + name, std::as_bytes(std::span(content)), false);
  };
  add("data.pkl", "\x80\x02" + root + ".");
  add("byteorder", "little");
  for (const auto& [key, content] : storages) add("data/" + key, content);
  add("version", "3\n");
  const Bytes file = archive.finish();
  return std::string(textOf(file.view));
}

}  // namespace lapidary::core::testing::torch
