// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/sha256.h"

#include <openssl/evp.h>

#include <array>

#include "core/support/error.h"

namespace lapidary::core {
namespace {

/// Says so where OpenSSL's settings on this machine leave SHA-256 out, or memory is short.
void requireHash(bool done) {
  if (!done)
    throw Error(
        ErrorKind::Unsupported,
        "OpenSSL cannot compute SHA-256: look for providers in its configuration (openssl list -providers)");
}

/// Found once: looking it up takes longer than to hash some hundred bytes.
const EVP_MD* algorithm() {
  static const EVP_MD* const found = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  requireHash(found != nullptr);
  return found;
}

using Digest = std::array<unsigned char, 32>;

std::string hexOf(const Digest& digest) {
  constexpr char digits[] = "0123456789abcdef";
  std::string hex;
  for (const unsigned char byte : digest) hex += {digits[byte >> 4], digits[byte & 15]};
  return hex;
}

}  // namespace

void Sha256::Free::operator()(evp_md_ctx_st* state) const { EVP_MD_CTX_free(state); }

Sha256::Sha256() : m_state(EVP_MD_CTX_new()) {
  requireHash(m_state && EVP_DigestInit_ex2(m_state.get(), algorithm(), nullptr) == 1);
}

void Sha256::add(std::span<const std::byte> bytes) {
  requireHash(EVP_DigestUpdate(m_state.get(), bytes.data(), bytes.size()) == 1);
}

std::string Sha256::hex() const {
  Digest digest{};
  const std::unique_ptr<evp_md_ctx_st, Free> copy(EVP_MD_CTX_new());
  requireHash(copy && EVP_MD_CTX_copy_ex(copy.get(), m_state.get()) == 1 &&
              EVP_DigestFinal_ex(copy.get(), digest.data(), nullptr) == 1);
  return hexOf(digest);
}

std::string sha256(std::span<const std::byte> bytes) {
  Digest digest{};
  requireHash(EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, algorithm(), nullptr) == 1);
  return hexOf(digest);
}

}  // namespace lapidary::core
