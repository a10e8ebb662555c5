// SPDX-License-Identifier: GPL-3.0-or-later
// The one exception of the core: what went wrong, where, and what to do about it.
#pragma once

#include <stdexcept>
#include <string>

namespace lapidary::core {

/// The kind of an error, by what a caller can do about it; the command line maps it to an exit status.
enum class ErrorKind {
  InvalidInput,  ///< a file or value cannot be read or is damaged
  Unsupported,   ///< well formed, but outside what this program can do
  CannotWrite,   ///< a target could not be written
  Usage,         ///< arguments that contradict each other
};

/// Carries a chain of places, outermost first: "reading x.onnx: node 12 'Conv_3': pads has 3 values".
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message);

  ErrorKind kind() const noexcept { return m_kind; }

  /// The same error seen from further out: `place` is put before the message, whose own place is left out
  /// where `place` ends with it ("reading x.npz" of "x.npz: no such file").
  Error within(const std::string& place) const;

 private:
  ErrorKind m_kind;
};

/// The error with which readers refuse a file or value that is damaged.
inline Error invalidInput(const std::string& message) { return Error(ErrorKind::InvalidInput, message); }
[[noreturn]] inline void refuseInput(const std::string& message) { throw invalidInput(message); }

/// Thrown where a stop was asked for; never shown to a person as a failure.
class Cancelled : public std::exception {
 public:
  const char* what() const noexcept override { return "cancelled"; }
};

/// Runs `body`; an Error that leaves it gains `place` as its outermost context.
template <class Body>
auto withContext(const std::string& place, Body&& body) -> decltype(body()) {
  try {
    return body();
  } catch (const Error& error) {
    throw error.within(place);
  }
}

}  // namespace lapidary::core
