// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/signature/ed25519.h"

#include <sodium.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace lapidary::core {
namespace {

using Raw = std::vector<unsigned char>;

/// What stands before the key in its DER form: a sequence, the algorithm's number, a string of bits.
constexpr unsigned char derStart[]{0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

std::string withoutSpace(std::string_view text) {
  std::string dense;
  std::ranges::copy_if(text, std::back_inserter(dense),
                       [](char c) { return c != ' ' && c != '\n' && c != '\r' && c != '\t'; });
  return dense;
}

// libsodium wants a place to write to, even for nothing.
Raw fromHex(const std::string& text) {
  if (text.size() < 2) return {};
  Raw bytes(text.size() / 2);
  std::size_t count = 0;
  if (sodium_hex2bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &count, nullptr) != 0)
    return {};
  bytes.resize(count);
  return count * 2 == text.size() ? bytes : Raw{};
}

Raw fromBase64(const std::string& text) {
  if (text.empty()) return {};
  Raw bytes(text.size());
  std::size_t count = 0;
  const char* end = nullptr;
  if (sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &count, &end,
                        sodium_base64_VARIANT_ORIGINAL) != 0 ||
      end != text.data() + text.size())
    return {};
  bytes.resize(count);
  return bytes;
}

/// A file of exactly `size` bytes, or of text that stands for so many.
Raw rawOf(std::span<const std::byte> file, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  if (file.size() == size) return {text.begin(), text.end()};
  constexpr std::size_t longest = 4096;
  if (file.size() > longest) return {};
  const std::string dense = withoutSpace(text);
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

std::optional<Ed25519Key> pemKey(std::string_view text) {
  constexpr std::string_view begin = "-----BEGIN PUBLIC KEY-----", end = "-----END PUBLIC KEY-----";
  const std::size_t from = text.find(begin), to = text.find(end);
  if (from == std::string_view::npos || to == std::string_view::npos || to < from) return std::nullopt;
  Raw der = fromBase64(withoutSpace(text.substr(from + begin.size(), to - from - begin.size())));
  if (der.size() != std::size(derStart) + 32 ||
      !std::equal(std::begin(derStart), std::end(derStart), der.begin()))
    return std::nullopt;
  der.erase(der.begin(), der.begin() + static_cast<std::ptrdiff_t>(std::size(derStart)));
  return arrayOf<Ed25519Key>(der);
}

}  // namespace

std::optional<Ed25519Key> parseEd25519Key(std::span<const std::byte> file) {
  if (const auto key = pemKey({reinterpret_cast<const char*>(file.data()), file.size()})) return key;
  return arrayOf<Ed25519Key>(rawOf(file, 32));
}

std::optional<Ed25519Signature> parseEd25519Signature(std::span<const std::byte> file) {
  return arrayOf<Ed25519Signature>(rawOf(file, 64));
}

bool isSignedBy(std::span<const std::byte> message, const Ed25519Signature& signature,
                const Ed25519Key& key) {
  return sodium_init() >= 0 &&
         crypto_sign_verify_detached(signature.data(), reinterpret_cast<const unsigned char*>(message.data()),
                                     message.size(), key.data()) == 0;
}

}  // namespace lapidary::core
