// SPDX-License-Identifier: GPL-3.0-or-later
// Tables of FlatBuffers followed by offset, none of which is trusted (flatbuffers.dev, "Internals").
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace lapidary::core {

/// A table inside the buffer. Every read gives nothing where the offsets lead out of it.
class FlatTable {
 public:
  static std::optional<FlatTable> root(std::span<const std::byte> buffer);

  std::size_t position() const { return m_at; }
  /// Whether the field is given.
  bool has(unsigned field) const { return place(field).has_value(); }
  std::uint64_t number(unsigned field, std::size_t bytes, std::uint64_t absent = 0) const;
  std::optional<FlatTable> table(unsigned field) const;
  std::optional<std::string_view> text(unsigned field) const;
  /// The bytes of a vector of elements of so many bytes, and where they stand in the buffer.
  struct Vector {
    std::size_t begin = 0;
    std::uint32_t count = 0;
  };
  std::optional<Vector> vector(unsigned field, std::size_t elementBytes) const;
  /// An element of a vector of tables.
  std::optional<FlatTable> element(const Vector& vector, std::uint32_t index) const;
  std::span<const std::byte> buffer() const { return m_buffer; }

 private:
  FlatTable(std::span<const std::byte> buffer, std::size_t at, std::size_t fields, std::size_t fieldCount)
      : m_buffer(buffer), m_at(at), m_fields(fields), m_fieldCount(fieldCount) {}
  static std::optional<FlatTable> at(std::span<const std::byte> buffer, std::size_t position);
  std::optional<std::size_t> place(unsigned field) const;
  /// Where the offset at that place leads.
  std::optional<std::size_t> followed(std::size_t place) const;

  std::span<const std::byte> m_buffer;
  std::size_t m_at, m_fields, m_fieldCount;
};

}  // namespace lapidary::core
