#include "core/support/error.h"

namespace lapidary::core {

Error::Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), m_kind(kind) {}

Error Error::within(const std::string& place) const { return Error(m_kind, place + ": " + what()); }

}  // namespace lapidary::core
