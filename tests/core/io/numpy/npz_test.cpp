// SPDX-License-Identifier: GPL-3.0-or-later
// NumPy arrays, held against NumPy itself where it is installed.
#include "core/io/numpy/npz.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/files/bytes.h"
#include "tests/core/files/raw_zip.h"
#include "tests/support/python_judge.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_bytes.h"

namespace lapidary::core {
namespace {

using namespace testing;
using ::testing::ElementsAre;

std::string npy(const std::string& dictionary, const std::string& data, int version = 1) {
  return "\x93NUMPY" + number(static_cast<unsigned>(version), 2) +
         number(dictionary.size(), version == 1 ? 2 : 4) + dictionary + data;
}

std::string littleFloats(std::initializer_list<float> values) {
  std::string text;
  for (const float value : values) text.append(reinterpret_cast<const char*>(&value), 4);
  return text;
}

TEST(Npy, ReadsEveryVersion) {
  for (const int version : {1, 2, 3}) {
    const Tensor t = readNpy(bytesOf(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }",
                                         littleFloats({1, -2.5}), version)));
    EXPECT_EQ(t.shape(), (Shape{2, 1}));
    EXPECT_THAT(t.as<float>(), ElementsAre(1, -2.5f));
  }
}

TEST(Npy, ReadsKeysInAnyOrderAndOtherQuotes) {
  const Tensor t =
      readNpy(bytesOf(npy("{\"shape\": (3L,),'fortran_order':False , 'descr': \"|u1\"}\n", "abc")));
  EXPECT_THAT(t.as<std::uint8_t>(), ElementsAre('a', 'b', 'c'));
  EXPECT_EQ(readNpy(bytesOf(npy("{'descr': '|i1', 'fortran_order': False, 'shape': ()}", "z"))).rank(), 0u);
}

TEST(Npy, ConvertsBigEndianAndFortranOrder) {
  const Tensor big = readNpy(bytesOf(
      npy("{'descr': '>i2', 'fortran_order': False, 'shape': (2,)}", std::string("\x01\x02\xff\xfe", 4))));
  EXPECT_THAT(big.as<std::int16_t>(), ElementsAre(0x0102, -2));
  const Tensor columns =
      readNpy(bytesOf(npy("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3)}", "adbecf")));
  EXPECT_EQ(stringOf(columns.bytes()), "abcdef");
  const Tensor cube =
      readNpy(bytesOf(npy("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 2, 2)}", "aecgbfdh")));
  EXPECT_EQ(stringOf(cube.bytes()), "abcdefgh");
}

TEST(Npy, MakesBoolsZeroOrOne) {
  const Tensor t = readNpy(
      bytesOf(npy("{'descr': '|b1', 'fortran_order': False, 'shape': (3,)}", std::string("\0\1\7", 3))));
  EXPECT_EQ(stringOf(t.bytes()), std::string("\0\1\1", 3));
}

TEST(Npy, ViewsAlignedBytesAndCopiesOthers) {
  const std::string file = stringOf(writeNpy(Tensor::from<float>({4}, {1, 2, 3, 4})));
  EXPECT_EQ((file.size() - 16) % 64, 0u) << "data start on 64 bytes";
  const Bytes bytes = bytesOf(file);
  EXPECT_EQ(readNpy(bytes).bytes().data(), bytes.view.data() + file.size() - 16);
  const Bytes shifted = bytesOf("x" + file);
  EXPECT_THAT(readNpy({shifted.owner, shifted.view.subspan(1)}).as<float>(), ElementsAre(1, 2, 3, 4));
}

TEST(Npy, WidensWhatNumPyLacks) {
  const Tensor halves = convert(Tensor::from<float>({2}, {1.5f, -3}), DType::BFloat16);
  EXPECT_THAT(readNpy(bytesOf(stringOf(writeNpy(halves)))).as<float>(), ElementsAre(1.5f, -3));
  const Tensor nibbles = convert(Tensor::from<float>({3}, {-8, 7, 1}), DType::Int4);
  EXPECT_THAT(readNpy(bytesOf(stringOf(writeNpy(nibbles)))).as<std::int8_t>(), ElementsAre(-8, 7, 1));
}

std::map<std::string, Tensor> everyDType() {
  std::map<std::string, Tensor> arrays;
  const Tensor values = Tensor::from<float>({2, 3}, {0, 1, 2, 3, 4, 100});
  for (int i = 0; i <= static_cast<int>(DType::Bool); ++i) {
    const auto type = static_cast<DType>(i);
    if (type != DType::BFloat16) arrays[std::string(name(type))] = convert(values, type);
  }
  arrays["scalar"] = Tensor::scalar<double>(7);
  arrays["folder/none"] = Tensor::from<float>({0, 4}, {});
  return arrays;
}

std::string npzOf(const std::map<std::string, Tensor>& arrays, bool deflate) {
  std::string file;
  writeNpz(
      arrays, [&](std::span<const std::byte> bytes) { file += stringOf(bytes); }, deflate);
  return file;
}

TEST(Npz, RoundTripsEveryDType) {
  const auto arrays = everyDType();
  for (const bool deflate : {false, true}) {
    const auto again = readNpz(bytesOf(npzOf(arrays, deflate)));
    ASSERT_EQ(again.size(), arrays.size());
    for (const auto& [key, tensor] : arrays) {
      EXPECT_EQ(again.at(key).dtype(), tensor.dtype()) << key;
      EXPECT_EQ(again.at(key).shape(), tensor.shape()) << key;
      EXPECT_EQ(stringOf(again.at(key).bytes()), stringOf(tensor.bytes())) << key;
    }
    EXPECT_EQ(npzOf(again, deflate), npzOf(arrays, deflate));
  }
}

TEST(Npz, NumPyReadsIt) {
  const TemporaryFolder folder;
  folder.write("a.npz", std::string_view(npzOf(everyDType(), false)));
  folder.write("b.npz", std::string_view(npzOf(everyDType(), true)));
  int status = -1;
  const std::string program = R"(
for f in ('a.npz', 'b.npz'):
  z = numpy.load(f, allow_pickle=False)
  for key in z.files:
    if key == 'scalar': assert z[key].shape == () and z[key] == 7
    elif key == 'folder/none': assert z[key].shape == (0, 4)
    else:
      assert z[key].dtype == numpy.dtype(key), key
      assert (z[key] == numpy.array([[0, 1, 2], [3, 4, 100]]).astype(key)).all(), key
  assert len(z.files) == 14, z.files
)";
  if (!python(folder, "numpy", program, &status)) GTEST_SKIP() << "skipped: no python3 with numpy";
  EXPECT_EQ(status, 0);
}

TEST(Npz, ReadsWhatNumPyWrote) {
  const TemporaryFolder folder;
  int status = -1;
  const std::string program = R"(
a = numpy.arange(24).reshape(2, 3, 4)
arrays = {}
for c in 'f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8'.split():
  for o in '<>': arrays[o + c] = a.astype(o + c)
  arrays['F' + c] = numpy.asfortranarray(a.astype(c))
  arrays['T' + c] = a.astype(c).transpose(2, 0, 1)
numpy.savez('a.npz', **arrays)
numpy.savez_compressed('b.npz', **arrays)
)";
  if (!python(folder, "numpy", program, &status)) GTEST_SKIP() << "skipped: no python3 with numpy";
  ASSERT_EQ(status, 0);
  for (const char* file : {"a.npz", "b.npz"}) {
    const auto arrays = readNpz(mapFile(folder.path(file)));
    EXPECT_EQ(arrays.size(), 44u);
    for (const auto& [key, tensor] : arrays) {
      const std::vector<std::int64_t> values = toInt64(convert(tensor, DType::Int64));
      const bool moved = key[0] == 'T';
      ASSERT_EQ(tensor.shape(), moved ? (Shape{4, 2, 3}) : (Shape{2, 3, 4})) << key;
      for (std::size_t i = 0; i < 24; ++i)
        EXPECT_EQ(values[i], static_cast<std::int64_t>(moved ? i % 6 * 4 + i / 6 : i)) << key;
    }
  }
}

TEST(Npz, LeavesOutWhatIsNoArray) {
  const std::string array = stringOf(writeNpy(Tensor::scalar<float>(1)));
  EXPECT_EQ(readNpz(bytesOf(rawZip({{"readme.txt", "hello"}, {"a.npy", array}}))).size(), 1u);
}

}  // namespace
}  // namespace lapidary::core
