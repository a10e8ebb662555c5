// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/models/flat_table.h"

#include "core/files/byte_order.h"
#include "core/support/bytes.h"

namespace lapidary::core {
namespace {

bool fits(std::span<const std::byte> buffer, std::size_t at, std::uint64_t bytes) {
  return at <= buffer.size() && bytes <= buffer.size() - at;
}

}  // namespace

std::optional<FlatTable> FlatTable::root(std::span<const std::byte> buffer) {
  if (!fits(buffer, 0, 8)) return std::nullopt;
  return at(buffer, littleEndian(buffer, 0, 4));
}

std::optional<FlatTable> FlatTable::at(std::span<const std::byte> buffer, std::size_t position) {
  if (!fits(buffer, position, 4)) return std::nullopt;
  const auto back = static_cast<std::int32_t>(littleEndian(buffer, position, 4));
  const std::int64_t fields = static_cast<std::int64_t>(position) - back;
  if (fields < 0 || !fits(buffer, static_cast<std::size_t>(fields), 4)) return std::nullopt;
  const std::size_t begin = static_cast<std::size_t>(fields), bytes = littleEndian(buffer, begin, 2);
  if (bytes < 4 || !fits(buffer, begin, bytes)) return std::nullopt;
  return FlatTable(buffer, position, begin, (bytes - 4) / 2);
}

std::optional<std::size_t> FlatTable::place(unsigned field) const {
  if (field >= m_fieldCount) return std::nullopt;
  const std::size_t offset = littleEndian(m_buffer, m_fields + 4 + 2 * field, 2);
  if (offset == 0 || !fits(m_buffer, m_at, offset)) return std::nullopt;
  return m_at + offset;
}

std::uint64_t FlatTable::number(unsigned field, std::size_t bytes, std::uint64_t absent) const {
  const auto where = place(field);
  return where && fits(m_buffer, *where, bytes) ? littleEndian(m_buffer, *where, bytes) : absent;
}

std::optional<std::size_t> FlatTable::followed(std::size_t place) const {
  if (!fits(m_buffer, place, 4)) return std::nullopt;
  const std::size_t target = place + littleEndian(m_buffer, place, 4);
  return fits(m_buffer, target, 4) ? std::optional(target) : std::nullopt;
}

std::optional<FlatTable> FlatTable::table(unsigned field) const {
  const auto where = place(field);
  const auto target = where ? followed(*where) : std::nullopt;
  return target ? at(m_buffer, *target) : std::nullopt;
}

std::optional<FlatTable::Vector> FlatTable::vector(unsigned field, std::size_t elementBytes) const {
  const auto where = place(field);
  const auto target = where ? followed(*where) : std::nullopt;
  if (!target) return std::nullopt;
  const auto count = static_cast<std::uint32_t>(littleEndian(m_buffer, *target, 4));
  if (!fits(m_buffer, *target + 4, std::uint64_t{count} * elementBytes)) return std::nullopt;
  return Vector{*target + 4, count};
}

std::optional<std::string_view> FlatTable::text(unsigned field) const {
  const auto found = vector(field, 1);
  if (!found) return std::nullopt;
  return textOf(m_buffer.subspan(found->begin, found->count));
}

std::optional<FlatTable> FlatTable::element(const Vector& vector, std::uint32_t index) const {
  const auto target = followed(vector.begin + std::size_t{4} * index);
  return target ? at(m_buffer, *target) : std::nullopt;
}

}  // namespace lapidary::core
