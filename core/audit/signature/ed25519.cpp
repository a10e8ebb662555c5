// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/signature/ed25519.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/support/bytes.h"

namespace lapidary::core {
namespace {

using Raw = std::vector<unsigned char>;
constexpr std::size_t longestFile = 4096;  // of a key or signature as text

template <class Type, void (*release)(Type*)>
struct Release {
  void operator()(Type* object) const { release(object); }
};
using KeyHandle = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY, EVP_PKEY_free>>;
using SourceHandle = std::unique_ptr<BIO, Release<BIO, BIO_free_all>>;
using VerifierHandle = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX, EVP_MD_CTX_free>>;

/// What OpenSSL notes of its failures on this thread is dropped: callers say it in their own words.
class QuietErrors {
 public:
  QuietErrors() { ERR_set_mark(); }
  ~QuietErrors() { ERR_pop_to_mark(); }
  QuietErrors(const QuietErrors&) = delete;
  QuietErrors& operator=(const QuietErrors&) = delete;
};

// A key that is encrypted would have OpenSSL ask for its words on the terminal.
int noPassword(char*, int, int, void*) { return -1; }

KeyHandle pemKey(std::string_view text) {
  const SourceHandle source(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  return KeyHandle(PEM_read_bio_PUBKEY(source.get(), nullptr, noPassword, nullptr));
}

KeyHandle derKey(std::string_view text) {
  const auto* begin = reinterpret_cast<const unsigned char*>(text.data());
  const unsigned char* end = begin;
  KeyHandle key(d2i_PUBKEY(nullptr, &end, static_cast<long>(text.size())));
  return end == begin + text.size() ? std::move(key) : nullptr;
}

/// Empty where it is a key of another kind, or none.
Raw rawOf(const KeyHandle& key) {
  Raw bytes(sizeof(Ed25519Key));
  std::size_t size = bytes.size();
  const bool is = key && EVP_PKEY_get_id(key.get()) == EVP_PKEY_ED25519 &&
                  EVP_PKEY_get_raw_public_key(key.get(), bytes.data(), &size) == 1 && size == bytes.size();
  return is ? bytes : Raw{};
}

// libcrypto decodes the digits of hex and base64, but no file format of keys is made of nothing else: what is
// around them is read by hand.

std::string withoutSpace(std::string_view text) {
  std::string dense;
  std::ranges::copy_if(text, std::back_inserter(dense),
                       [](char c) { return c != ' ' && c != '\n' && c != '\r' && c != '\t'; });
  return dense;
}

Raw fromHex(const std::string& text) {
  Raw bytes(text.size() / 2);
  std::size_t size = 0;
  const bool is = text.size() % 2 == 0 && !bytes.empty() &&
                  OPENSSL_hexstr2buf_ex(bytes.data(), bytes.size(), &size, text.c_str(), '\0') == 1;
  return is && size == bytes.size() ? bytes : Raw{};
}

std::string toBase64(const Raw& bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // OpenSSL ends it by a zero
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(std::max(size, 0)));
  return text;
}

/// Only as it is encoded: OpenSSL would also take padding in its midst, and bits behind the last byte.
Raw fromBase64(const std::string& text) {
  Raw bytes(text.size() / 4 * 3);
  const int size = EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  const auto padding = static_cast<std::size_t>(std::ranges::count(text, '='));
  if (size < 0 || static_cast<std::size_t>(size) < padding) return {};
  bytes.resize(static_cast<std::size_t>(size) - padding);
  return toBase64(bytes) == text ? bytes : Raw{};
}

/// A file of exactly `size` bytes, or of text that stands for so many.
Raw rawOf(std::string_view file, std::size_t size) {
  if (file.size() == size) return {file.begin(), file.end()};
  const std::string dense = withoutSpace(file);
  for (const Raw& bytes : {fromHex(dense), fromBase64(dense)})
    if (bytes.size() == size) return bytes;
  return {};
}

template <class Array>
std::optional<Array> arrayOf(const Raw& bytes) {
  Array array;
  if (bytes.size() != array.size()) return std::nullopt;
  std::ranges::copy(bytes, array.begin());
  return array;
}

/// Points of order 1, 2, 4 and 8, for which OpenSSL holds signatures valid that anybody can make: the
/// coordinate y, least byte first, also where it is not reduced. The uppermost bit is the sign of x.
bool isWeak(const Raw& key) {
  static const std::vector<Raw> weak = [] {
    const std::string ff(60, 'f'), zeros(62, '0');
    std::vector<Raw> points;
    for (const std::string& y :
         {"00" + zeros, "01" + zeros, "ec" + ff + "7f", "ed" + ff + "7f", "ee" + ff + "7f",
          std::string("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
          std::string("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")})
      points.push_back(fromHex(y));
    return points;
  }();
  Raw y = key;
  if (!y.empty()) y.back() &= 0x7f;
  return std::ranges::find(weak, y) != weak.end();
}

}  // namespace

std::optional<Ed25519Key> parseEd25519Key(std::span<const std::byte> file) {
  if (file.size() > longestFile) return std::nullopt;
  const QuietErrors quiet;
  const std::string_view text = textOf(file);
  for (const Raw& bytes : {rawOf(text, sizeof(Ed25519Key)), rawOf(pemKey(text)), rawOf(derKey(text))})
    if (!bytes.empty()) return isWeak(bytes) ? std::nullopt : arrayOf<Ed25519Key>(bytes);
  return std::nullopt;
}

std::optional<Ed25519Signature> parseEd25519Signature(std::span<const std::byte> file) {
  if (file.size() > longestFile) return std::nullopt;
  const QuietErrors quiet;
  return arrayOf<Ed25519Signature>(rawOf(textOf(file), sizeof(Ed25519Signature)));
}

bool isSignedBy(std::span<const std::byte> message, const Ed25519Signature& signature,
                const Ed25519Key& key) {
  const QuietErrors quiet;
  const KeyHandle signer(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()));
  const VerifierHandle verifier(EVP_MD_CTX_new());
  return signer && verifier &&
         EVP_DigestVerifyInit(verifier.get(), nullptr, nullptr, nullptr, signer.get()) == 1 &&
         EVP_DigestVerify(verifier.get(), signature.data(), signature.size(),
                          reinterpret_cast<const unsigned char*>(message.data()), message.size()) == 1;
}

}  // namespace lapidary::core
