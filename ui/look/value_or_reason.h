// SPDX-License-Identifier: GPL-3.0-or-later
// The result of what views compute from a recipe on the window's thread: a value, or the sentence why there
// is none.
#pragma once

#include <QString>
#include <type_traits>
#include <utility>
#include <variant>

#include "ui/look/failure_text.h"

namespace lapidary::ui {

/// Never empty: asks for the value only where there is one.
template <class T>
class [[nodiscard]] ValueOrReason {
 public:
  ValueOrReason(T value) : m_content(std::in_place_index<0>, std::move(value)) {}
  static ValueOrReason because(QString reason) { return ValueOrReason(Reason{std::move(reason)}); }

  explicit operator bool() const { return m_content.index() == 0; }
  const T& operator*() const { return std::get<0>(m_content); }
  const T* operator->() const { return &std::get<0>(m_content); }
  /// Empty where there is a value.
  QString reason() const { return *this ? QString() : std::get<1>(m_content).text; }

 private:
  struct Reason {
    QString text;
  };
  explicit ValueOrReason(Reason reason) : m_content(std::in_place_index<1>, std::move(reason)) {}

  std::variant<T, Reason> m_content;
};

/// Gives what `compute` returns; where it throws, what the exception says.
template <class Compute>
auto valueOrReason(Compute&& compute) -> ValueOrReason<std::decay_t<std::invoke_result_t<Compute>>> {
  using Result = ValueOrReason<std::decay_t<std::invoke_result_t<Compute>>>;
  try {
    return std::forward<Compute>(compute)();
  } catch (...) {
    return Result::because(caughtText());
  }
}

}  // namespace lapidary::ui
