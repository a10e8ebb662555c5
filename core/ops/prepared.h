// SPDX-License-Identifier: GPL-3.0-or-later
// The values that an operator makes once and finds again in later calls.
#pragma once

#include "core/ops/op.h"

namespace lapidary::core {

/// The object under `key`, made and remembered where it is not there yet.
template <class T, class Make>
std::shared_ptr<const T> remembered(PreparedStore* store, const Key& key, Make&& make) {
  if (store != nullptr)
    if (const auto found = store->find(key)) return std::static_pointer_cast<const T>(found);
  std::size_t bytes = 0;
  auto made = std::make_shared<const T>(make(bytes));
  if (store != nullptr) store->insert(key, made, bytes);
  return made;
}

}  // namespace lapidary::core
