// SPDX-License-Identifier: GPL-3.0-or-later
// A table of damaged .lapidary files, each with the exact message it gives.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/files/archive.h"
#include "core/files/sha256.h"
#include "core/io/lapidary/lapidary.h"
#include "tests/core/files/raw_zip.h"
#include "tests/support/messages.h"
#include "tests/support/test_bytes.h"

namespace lapidary::core {
namespace {

using namespace testing;
using Json = nlohmann::json;

/// 600 bytes and then 300 floats, the ones packed by one kind of block and the others by another.
struct Parts {
  std::string skeleton = std::string("plain text of the skeleton");
  std::string member;
  Json manifest;

  Parts() {
    for (int i = 0; i < 600; ++i) member += static_cast<char>(i % 7);
    manifest = Json::parse(R"({"format":"lapidary","version":1,"payload":"onnx","bytes":626,
      "skeleton":{"bytes":26,"block":["raw",26]},"sha256":"",
      "tensors":[{"name":"w","dtype":"uint8","bits":8,"shape":[20,30],"at":10,"member":0,
                  "crc32":0,"block":["raw",600]}]})");
    manifest["tensors"][0]["crc32"] = crcOf(member);
    const std::string whole = skeleton.substr(0, 10) + member + skeleton.substr(10);
    manifest["sha256"] = sha256(std::as_bytes(std::span(whole)));
  }
  std::string zip() const {
    return rawZip({{"lapidary.skeleton", skeleton}, {"0", member}, {"manifest.json", manifest.dump()}});
  }
};

std::string refusalOf(const std::string& file) {
  return messageOf([&] { unpackLapidary(bytesOf(file), [](std::span<const std::byte>) {}, {}); });
}

std::string changed(const std::function<void(Parts&)>& change) {
  Parts parts;
  change(parts);
  return refusalOf(parts.zip());
}

/// A change of the tensor's record.
std::string record(const char* key, const Json& value) {
  return changed([&](Parts& parts) { parts.manifest["tensors"][0][key] = value; });
}
std::string block(const std::string& text) { return record("block", Json::parse(text)); }
std::string top(const char* key, const Json& value) {
  return changed([&](Parts& parts) { parts.manifest[key] = value; });
}

TEST(DamagedLapidary, TheUndamagedOneIsRead) { EXPECT_EQ(refusalOf(Parts().zip()), "no error"); }

TEST(DamagedLapidary, Archive) {
  const Parts good;
  const std::string manifest = good.manifest.dump();
  EXPECT_EQ(refusalOf("PK"), "not a zip archive, or its end is missing");
  EXPECT_EQ(refusalOf(rawZip({{"lapidary.skeleton", good.skeleton}})),
            "the archive has no member 'manifest.json'");
  EXPECT_EQ(refusalOf(rawZip({{"lapidary.skeleton", good.skeleton}, {"manifest.json", manifest}})),
            "tensor 'w': the archive has no member '0'");
  EXPECT_EQ(refusalOf(rawZip({{"0", good.member}, {"manifest.json", manifest}})),
            "the skeleton: the archive has no member 'lapidary.skeleton'");
  EXPECT_EQ(refusalOf(rawZip({{"0", good.member}, {"0", good.member}, {"manifest.json", manifest}})),
            "archive member '0' is in the archive twice");
  EXPECT_EQ(refusalOf(rawZip({{"lapidary.skeleton", good.skeleton},
                              {"0", good.member},
                              {"more", ""},
                              {"manifest.json", manifest}})),
            "the manifest does not list the member 'more'");
  RawMember bomb = deflatedMember("0", good.member);
  bomb.size = 4000000000u;
  EXPECT_EQ(refusalOf(rawZip({{"lapidary.skeleton", good.skeleton}, bomb, {"manifest.json", manifest}})),
            "tensor 'w': archive member '0' declares 4000000000 bytes, at most 67108864 are allowed");
}

TEST(DamagedLapidary, Manifest) {
  const auto withText = [](const std::string& text) {
    return refusalOf(rawZip({{"lapidary.skeleton", Parts().skeleton}, {"manifest.json", text}}));
  };
  EXPECT_EQ(withText("{"), "the manifest is not JSON");
  EXPECT_EQ(withText("[]"), "manifest.json: does not say that its format is lapidary");
  EXPECT_EQ(withText(std::string(40, '[')), "the manifest's JSON is nested too deep");
  EXPECT_EQ(withText(R"({"bytes":1,"bytes":2})"), "'bytes' stands in the manifest twice");
  EXPECT_EQ(top("version", 2), "manifest.json: is of version 2, this program reads version 1");
  EXPECT_EQ(top("version", "1"),
            "manifest.json: 'version' is not a whole number of at most 9223372036854775807");
  EXPECT_EQ(top("payload", "exe"), "manifest.json: 'payload' is 'exe', onnx or safetensors expected");
  EXPECT_EQ(top("more", 1), "manifest.json: unknown key 'more'");
  EXPECT_EQ(top("sha256", "12"), "manifest.json: 'sha256' is not 64 hex digits");
  EXPECT_EQ(top("sha256", std::string(64, '0')),
            "what was unpacked is not what was packed: its SHA-256 differs");
  EXPECT_EQ(top("tensors", 5), "manifest.json: 'tensors' is no list");
  EXPECT_EQ(top("skeleton", 5), "manifest.json: 'skeleton' is no JSON object");
  EXPECT_EQ(top("bytes", -1), "manifest.json: 'bytes' is not a whole number of at most 9223372036854775807");
  EXPECT_EQ(top("bytes", 627), "the skeleton declares 26 bytes, 27 are left beside the tensors");
  EXPECT_EQ(top("bytes", 100'000'000'000),
            "declares 100000000000 bytes unpacked, at most 79628864 are allowed for a file of 1252");
  EXPECT_EQ(changed([](Parts& parts) { parts.manifest.erase("bytes"); }),
            "manifest.json: 'bytes' is missing");
}

TEST(DamagedLapidary, Tensors) {
  EXPECT_EQ(record("name", 5), "manifest.json: tensor 1: 'name' is not text");
  EXPECT_EQ(record("bits", 5), "manifest.json: tensor 1: elements have 5 bits, 4, 8, 16, 32 or 64 expected");
  EXPECT_EQ(record("bits", 2), "manifest.json: tensor 1: elements have 2 bits, 4, 8, 16, 32 or 64 expected");
  EXPECT_EQ(record("shape", "20"), "manifest.json: tensor 1: 'shape' is not a list of at most 64 numbers");
  EXPECT_EQ(
      record("shape", {20, -30}),
      "manifest.json: tensor 1: a size in 'shape' is not a whole number of at most 9223372036854775807");
  EXPECT_EQ(record("shape", {4294967296, 4294967296}),
            "manifest.json: tensor 1: shape 4294967296x4294967296 holds more elements than can be counted");
  EXPECT_EQ(record("shape", {21, 30}), "tensor 1 at byte 10 takes 630 bytes, the file packed has 626");
  EXPECT_EQ(record("shape", {1152921504606846975}),
            "manifest.json: tensor 1: shape 1152921504606846975 holds more elements than can be counted");
  EXPECT_EQ(record("at", 27), "tensor 1 at byte 27 takes 600 bytes, the file packed has 626");
  EXPECT_EQ(record("member", 1), "tensor 1 lies in member 1, behind one in member 0");
  EXPECT_EQ(record("crc32", 1), "tensor 'w': what was unpacked is not what was packed: its CRC-32 differs");
  EXPECT_EQ(record("crc32", 4294967296),
            "manifest.json: tensor 1: 'crc32' is not a whole number of at most 4294967295");
  EXPECT_EQ(changed([](Parts& parts) { parts.manifest["tensors"].push_back(parts.manifest["tensors"][0]); }),
            "tensor 2 at byte 10 begins before byte 610, where the one before ends");
  EXPECT_EQ(changed([](Parts& parts) {
              Json twin = parts.manifest["tensors"][0];
              twin["shape"] = {0}, twin["at"] = 610, twin["member"] = 7;
              parts.manifest["tensors"].push_back(twin);
            }),
            "tensor 2 lies in member 7, behind one in member 0");
  EXPECT_EQ(changed([](Parts& parts) { parts.member += "!"; }), "1 bytes are left over in member '0'");
  EXPECT_EQ(changed([](Parts& parts) { parts.skeleton += "!"; }),
            "the skeleton: 1 bytes are left over in its member");
}

TEST(DamagedLapidary, Blocks) {
  const std::string at = "tensor 'w': ";
  EXPECT_EQ(block("5"), at + "a block is described by 5, a list that begins with a word expected");
  EXPECT_EQ(block("[]"), at + "a block is described by [], a list that begins with a word expected");
  EXPECT_EQ(block(R"(["lzma",600])"), at + "a block is of the unknown kind \"lzma\"");
  EXPECT_EQ(block(R"(["raw"])"), at + "the block [\"raw\"] has 1 entries, 2 expected");
  EXPECT_EQ(block(R"(["raw",-1])"),
            at + "the block [\"raw\",-1] has -1 at index 1, 0 to 9223372036854775807 expected");
  EXPECT_EQ(block(R"(["raw",1.5])"),
            at + "the block [\"raw\",1.5] has 1.5 at index 1, 0 to 9223372036854775807 expected");
  EXPECT_EQ(block(R"(["raw",599])"), at + "the block [\"raw\",599] takes 599 bytes, 600 expected");
  EXPECT_EQ(block(R"(["raw",700])"), at + "the block [\"raw\",700] takes 700 bytes, 600 are left");
  EXPECT_EQ(block(R"(["zstd",600])"), at + "a zstd stream is not one whole frame");
  EXPECT_EQ(block(R"(["text",600])"),
            at + "an arithmetic-coded stream ends at byte 587, 600 bytes stand there");
  EXPECT_EQ(block(R"(["packed",600,1,8])"),
            at + "what was unpacked is not what was packed: its CRC-32 differs");
  EXPECT_EQ(block(R"(["packed",600,0,18])"),
            at + "the block [\"packed\",600,0,18] has 18 at index 3, 0 to 17 expected");
  EXPECT_EQ(block(R"(["packed",600,99999,8])"),
            at + "the block [\"packed\",600,99999,8] has 99999 at index 2, -65536 to 65536 expected");
  EXPECT_EQ(block(R"(["packed",600,0,7])"),
            at + "the block [\"packed\",600,0,7] takes 600 bytes, 525 expected");
  EXPECT_EQ(block(R"(["context",600,0,17])"),
            at + "the block [\"context\",600,0,17] has 17 at index 3, 0 to 16 expected");
  EXPECT_EQ(block(R"(["context",600,0,2])"),
            at + "an arithmetic-coded stream ends at byte 1, 600 bytes stand there");
  EXPECT_EQ(block(R"(["context",3,0,16])"),
            at + "what was unpacked is not what was packed: its CRC-32 differs");
  EXPECT_EQ(
      block(R"(["palette",0,["raw",0],["raw",1200]])"),
      at + "the block [\"palette\",0,[\"raw\",0],[\"raw\",1200]] has 0 at index 1, 1 to 65536 expected");
  EXPECT_EQ(block(R"(["palette",2,["raw",2],["packed",300,0,4]])"),
            at + "element 0 is number 2 of a palette of 2");
  EXPECT_EQ(block(R"(["planes",0,[]])"), at + "elements of 8 bits have 1 planes, [] stands there");
  EXPECT_EQ(block(R"(["planes",2,[]])"),
            at + "the block [\"planes\",2,[]] has 2 at index 1, 0 to 1 expected");
  EXPECT_EQ(
      block(R"(["planes",0,[["planes",0,[["planes",0,[["planes",0,[["planes",0,[["planes",0,[["planes",0,
                     [["planes",0,[["planes",0,[["raw",600]]]]]]]]]]]]]]]]]]])"),
      at + "blocks stand more than 8 deep in each other");
  EXPECT_EQ(block(R"(["sparse",601,"gaps",["raw",0],["raw",0]])"),
            at + "the block [\"sparse\",601,\"gaps\",[\"raw\",0],[\"raw\",0]] has 601 at index 1, 0 to 600 "
                 "expected");
  EXPECT_EQ(block(R"(["sparse",1,"list",["raw",0],["raw",0]])"),
            at + "positions are given by \"list\", \"bitmap\" or \"gaps\" expected");
  EXPECT_EQ(block(R"(["sparse",1,"bitmap",["packed",75,0,1],["raw",0]])"),
            at + "a bitmap marks 95 elements, 1 expected");
  EXPECT_EQ(block(R"(["sparse",1,"gaps",["raw",4],["raw",1]])"), at + "gaps lead to element 50462976 of 600");
}

TEST(DamagedLapidary, Zstd) {
  const auto withFrame = [](const std::string& frame) {
    return changed([&](Parts& parts) {
      parts.member = frame;
      parts.manifest["tensors"][0]["block"] = {"zstd", frame.size()};
    });
  };
  // A frame of a single segment that declares 700, 600 and 4 GiB - 1 bytes, with a raw block of none.
  const std::string magic = unhex("28b52ffd");
  EXPECT_EQ(withFrame(magic + unhex("60bc01010000")),
            "tensor 'w': a zstd stream declares 700 bytes, 600 expected");
  EXPECT_EQ(withFrame(magic + unhex("605801010000")), "tensor 'w': a zstd stream is damaged");
  EXPECT_EQ(withFrame(magic + unhex("a0ffffffff010000")),
            "tensor 'w': a zstd stream declares 4294967295 bytes, 600 expected");
  EXPECT_EQ(withFrame(magic), "tensor 'w': a zstd stream is not one whole frame");
}

TEST(DamagedLapidary, AnyByteMayBeWrongOrMissing) {
  Parts parts;
  parts.manifest["tensors"][0]["block"] = Json::parse(R"(["context",600,0,4])");
  for (const std::string& file : {Parts().zip(), parts.zip()})
    for (std::size_t i = 0; i < file.size(); ++i) {
      EXPECT_NE(refusalOf(file.substr(0, i)), "no error");
      for (const int mask : {1, 128, 255}) {
        std::string wrong = file;
        wrong[i] = static_cast<char>(wrong[i] ^ mask);
        refusalOf(wrong);
      }
    }
}

}  // namespace
}  // namespace lapidary::core
