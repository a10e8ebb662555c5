// SPDX-License-Identifier: GPL-3.0-or-later
// Signatures of Ed25519 (RFC 8032), read and verified by OpenSSL's libcrypto.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>

namespace lapidary::core {

using Ed25519Key = std::array<unsigned char, 32>;
using Ed25519Signature = std::array<unsigned char, 64>;

/// PEM ("BEGIN PUBLIC KEY") or DER (RFC 8410), or the 32 bytes raw, in hex or in base64; nothing for anything
/// else, and for the few keys under which anybody can sign.
std::optional<Ed25519Key> parseEd25519Key(std::span<const std::byte> file);
/// The 64 bytes raw, in hex or in base64.
std::optional<Ed25519Signature> parseEd25519Signature(std::span<const std::byte> file);

bool isSignedBy(std::span<const std::byte> message, const Ed25519Signature& signature, const Ed25519Key& key);

}  // namespace lapidary::core
