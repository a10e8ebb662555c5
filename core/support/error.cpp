// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/error.h"

#include <string_view>

namespace lapidary::core {

Error::Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), m_kind(kind) {}

Error Error::within(const std::string& place) const {
  const std::string_view message = what();
  const std::size_t end = message.find(": ");
  const bool repeats = end != std::string_view::npos && end > 0 && place.ends_with(message.substr(0, end));
  return Error(m_kind, place + std::string(repeats ? message.substr(end) : ": " + std::string(message)));
}

}  // namespace lapidary::core
