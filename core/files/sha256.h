// SPDX-License-Identifier: GPL-3.0-or-later
// SHA-256 (FIPS 180-4) of bytes that come piece by piece, by OpenSSL's libcrypto.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

struct evp_md_ctx_st;  // OpenSSL's, whose headers stay out of this one

namespace lapidary::core {

class Sha256 {
 public:
  Sha256();
  void add(std::span<const std::byte> bytes);
  /// Of all that was added, lower-case hex; more may follow.
  std::string hex() const;

 private:
  struct Free {
    void operator()(evp_md_ctx_st* state) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> m_state;
};

/// Of bytes that are all there, lower-case hex.
std::string sha256(std::span<const std::byte> bytes);

}  // namespace lapidary::core
