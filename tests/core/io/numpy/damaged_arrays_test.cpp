// SPDX-License-Identifier: GPL-3.0-or-later
// A table of damaged npy, npz, IDX and CSV files, each with the exact message it gives.
#include <gtest/gtest.h>

#include <functional>

#include "core/files/archive.h"
#include "core/files/csv.h"
#include "core/io/numpy/idx.h"
#include "core/io/numpy/npz.h"
#include "tests/core/files/raw_zip.h"
#include "tests/support/messages.h"
#include "tests/support/test_bytes.h"

namespace lapidary::core {
namespace {

using namespace testing;

std::string damagedNpy(const std::string& dictionary, const std::string& data = "") {
  return std::string("\x93NUMPY\x01\0", 8) + number(dictionary.size(), 2) + dictionary + data;
}

std::string withDescr(const std::string& descr) {
  return damagedNpy("{'descr': " + descr + ", 'fortran_order': False, 'shape': (1,)}", "12345678");
}
std::string withShape(const std::string& shape, const std::string& data = "") {
  return damagedNpy("{'descr': '|u1', 'fortran_order': False, 'shape': " + shape + "}", data);
}

struct Row {
  std::string file, message;
};

void check(const std::vector<Row>& rows, const std::function<void(const Bytes&)>& read) {
  for (const Row& row : rows) EXPECT_EQ(messageOf([&] { read(bytesOf(row.file)); }), row.message);
}

TEST(DamagedFiles, Npy) {
  const std::string noArray = "not an npy array: its first bytes are not \\x93NUMPY";
  const std::string good = withShape("(4,)", "abcd");
  std::string version9 = good;
  version9[6] = 9;
  check(
      {
          {"", noArray},
          {"PK\x03\x04", noArray},
          {good.substr(0, 8), "npy header: ends after 8 bytes"},
          {version9, "npy header: version 9 stands there, 1 to 3 expected"},
          {good.substr(0, 40), "npy header: declares 55 bytes, 30 stand there"},
          {std::string("\x93NUMPY\x02\0\xff\xff\xff\xff", 12),
           "npy header: declares 4294967295 bytes, 0 stand there"},
          {std::string("\x93NUMPY\x02\0\x01\0\x10\0", 12) + std::string(1 << 21, ' '),
           "npy header: declares 1048577 bytes, at most 1048576 are allowed"},
          {good.substr(0, good.size() - 1),
           "npy array of shape 4 and dtype uint8 needs 4 bytes, 3 stand there"},
          {good + "e", "npy array of shape 4 and dtype uint8 needs 4 bytes, 5 stand there"},
          {withDescr("'|O'"),
           "npy header: an object array (Python pickle) is never read, as reading one can run code; save "
           "plain numbers"},
          {withDescr("'<U5'"),
           "npy header: dtype '<U5' cannot be read, f2 f4 f8 i1 to i8 u1 to u8 or b1 expected"},
          {withDescr("'<c8'"),
           "npy header: dtype '<c8' cannot be read, f2 f4 f8 i1 to i8 u1 to u8 or b1 expected"},
          {withDescr("''"), "npy header: dtype '' cannot be read, f2 f4 f8 i1 to i8 u1 to u8 or b1 expected"},
          {withDescr("[('a', '<f4')]"),
           "npy header: records of named fields cannot be read, plain numbers expected"},
          {withDescr("__import__('os')"), "npy header: '__import__('' stands there, quoted text expected"},
          {withDescr("'\\x3cf4'"), "npy header: quoted text holds a backslash"},
          {withDescr("'<f4"),
           "npy header: dtype '<f4, ' cannot be read, f2 f4 f8 i1 to i8 u1 to u8 or b1 expected"},
          {withShape("(-1,)"), "npy header: shape: '-1,)}' stands there, a dimension expected"},
          {withShape("(99999999999999999999,)"),
           "npy header: shape: '999999999999' stands there, a dimension expected"},
          {withShape("(4294967296, 4294967296)"),
           "shape 4294967296x4294967296 holds more elements than can be counted"},
          {withShape("(9223372036854775807,)"),
           "npy array of shape 9223372036854775807 and dtype uint8 needs 9223372036854775807 bytes, 0 stand "
           "there"},
          {withShape("[4]"), "npy header: '[4]}' stands there, '(' expected"},
          {withShape("(4"), "npy header: '}' stands there, ')' expected"},
          {withShape("(" +
                     [] {
                       std::string s;
                       for (int i = 0; i < 65; ++i) s += "1,";
                       return s;
                     }() +
                     ")"),
           "npy header: shape has more than 64 dimensions"},
          {withShape("(1,)} + 1", "a"), "npy header: '+ 1}' stands after the dictionary"},
          {damagedNpy("{'descr': '<f4', 'fortran_order': 0, 'shape': ()}"),
           "npy header: fortran_order: '0, 'shape': ' stands there, True or False expected"},
          {damagedNpy("{'descr': '<f4', 'shape': ()}", "1234"), "npy header: 'fortran_order' is missing"},
          {damagedNpy("{'descr': '<f4', 'descr': '<f4'}"), "npy header: 'descr' stands there twice"},
          {damagedNpy("{'more': 1}"), "npy header: unknown key 'more'"},
          {damagedNpy("{}"), "npy header: 'descr' is missing"},
          {damagedNpy(""), "npy header: the end stands there, '{' expected"},
      },
      [](const Bytes& bytes) { readNpy(bytes); });
}

TEST(DamagedFiles, Npz) {
  const std::string array = withShape("(4,)", "abcd");
  const std::string good = rawZip({{"a.npy", array}});
  RawMember wrongCrc{"a.npy", array};
  wrongCrc.crc = 1;
  RawMember encrypted{"a.npy", array};
  encrypted.flags = 1;
  RawMember lzma{"a.npy", array};
  lzma.method = 14;
  RawMember torn = deflatedMember("a.npy", array);
  torn.data = "\xff\xff\xff" + torn.data.substr(3);
  RawMember larger{"a.npy", array};
  larger.size = larger.packed = 100000;
  RawMember stored{"a.npy", array};
  stored.size = 20;
  std::string lostDirectory = good;
  lostDirectory[lostDirectory.find("PK\x01\x02")] = 'X';
  std::string lostHeader = good;
  lostHeader[0] = 'X';
  const std::string noZip = "not a zip archive, or its end is missing";
  check(
      {
          {"", noZip},
          {"hello, world, this is no archive at all", noZip},
          {good.substr(0, good.size() / 2), noZip},
          {good.substr(0, good.size() - 22), noZip},
          {good.substr(good.size() - 22),
           "the zip archive's directory is damaged: its 51 bytes at 104 do not fit before its end record at "
           "0"},
          {rawZip({}), "the archive holds no arrays (members named *.npy)"},
          {lostDirectory, "the zip archive's directory is damaged: entry 1 of 1 is missing"},
          {lostHeader, "array 'a': archive member 'a.npy' has a damaged header"},
          {rawZip({{"readme", "hi"}}), "the archive holds no arrays (members named *.npy)"},
          {rawZip({{"a.npy", "no"}}), "array 'a': not an npy array: its first bytes are not \\x93NUMPY"},
          {rawZip({{"a.npy", array}, {"a.npy", array}}), "archive member 'a.npy' is in the archive twice"},
          {rawZip({wrongCrc}), "array 'a': archive member 'a.npy' has a wrong checksum (CRC-32)"},
          {rawZip({encrypted}),
           "array 'a': archive member 'a.npy' is encrypted; unpack it with its password first"},
          {rawZip({lzma}),
           "array 'a': archive member 'a.npy' uses compression method 14, only stored (0) and deflated (8) "
           "can be read"},
          {rawZip({torn}), "array 'a': archive member 'a.npy' has damaged compressed data"},
          {rawZip({larger}),
           "array 'a': archive member 'a.npy' declares 100000 compressed bytes, the whole archive has 177"},
          {rawZip({stored}),
           "array 'a': archive member 'a.npy' is stored uncompressed, but declares 20 bytes in 69"},
          {rawZip({{"x.npy", withDescr("'|O'")}}),
           "array 'x': npy header: an object array (Python pickle) is never read, as reading one can run "
           "code; save "
           "plain numbers"},
      },
      [](const Bytes& bytes) { readNpz(bytes); });
}

TEST(DamagedFiles, Idx) {
  const std::string header("\0\0\x08\x02\0\0\0\x02\0\0\0\x03", 12);
  const std::string packed = deflated(header + "abcdef", 16 + MAX_WBITS);
  std::string wrongCheck = packed, tornPacked = packed;
  wrongCheck[packed.size() - 6] ^= 1;
  tornPacked[10] = '\x07';
  const std::string huge = std::string("\0\0\x08\x02", 4) + std::string(8, '\xff');
  check(
      {
          {"", "IDX file ends after 0 bytes"},
          {"PK\x03\x04", "not an IDX file: its first bytes are no IDX magic number"},
          {std::string("\0\0\x07\x01", 4), "not an IDX file: its first bytes are no IDX magic number"},
          {std::string("\0\0\x08\0", 4), "IDX file has no dimensions"},
          {header.substr(0, 11), "IDX header needs 12 bytes, 11 stand there"},
          {header + "abcde", "IDX array of shape 2x3 and dtype uint8 needs 6 bytes, 5 stand there"},
          {header + "abcdefg", "IDX array of shape 2x3 and dtype uint8 needs 6 bytes, 7 stand there"},
          {huge, "shape 4294967295x4294967295 holds more elements than can be counted"},
          {packed.substr(0, packed.size() / 2), "gzip data end too early"},
          {packed.substr(0, packed.size() - 2), "gzip data end too early"},
          {tornPacked, "gzip data are damaged"},
          {wrongCheck, "gzip data are damaged"},
          {deflated(header + "abcde", 16 + MAX_WBITS),
           "IDX array of shape 2x3 and dtype uint8 needs 6 bytes, 5 stand there"},
          {deflated(header + "abcdefg", 16 + MAX_WBITS),
           "IDX array of shape 2x3 and dtype uint8 needs 6 bytes, more stand there"},
          {deflated(std::string("\0\0\x08\x01\x7f\xff\xff\xff", 8), 16 + MAX_WBITS),
           "IDX array of shape 2147483647 and dtype uint8 needs 2147483647 bytes, more than 28 compressed "
           "bytes can hold"},
      },
      [](const Bytes& bytes) { readIdx(bytes); });
}

TEST(DamagedFiles, Csv) {
  check(
      {
          {"a,\"b\nc", "line 1: a quoted field has no end"},
          {"a,1\nb\"c,2", "line 2: a quote stands inside an unquoted field"},
          {"\"a\"b,1", "line 1: text stands behind a quoted field, a comma expected"},
      },
      [](const Bytes& bytes) { parseCsv(stringOf(bytes.view)); });
}

TEST(DamagedFiles, AnyByteMayBeWrongOrMissing) {
  const std::string array = withShape("(4,)", "abcd");
  const std::string zip = rawZip({{"a.npy", array}, deflatedMember("b.npy", array)});
  const std::string idx = deflated(std::string("\0\0\x08\x01\0\0\0\x04", 8) + "abcd", 16 + MAX_WBITS);
  for (const std::string& file : {array, zip, idx})
    for (std::size_t i = 0; i < file.size(); ++i)
      for (const int mask : {1, 128, 255}) {
        std::string wrong = file;
        wrong[i] = static_cast<char>(wrong[i] ^ mask);
        for (const std::string& text : {wrong, file.substr(0, i)}) {
          messageOf([&] { readNpz(bytesOf(text)); });
          messageOf([&] { readNpy(bytesOf(text)); });
          messageOf([&] { readIdx(bytesOf(text)); });
        }
      }
}

}  // namespace
}  // namespace lapidary::core
