// SPDX-License-Identifier: GPL-3.0-or-later
// Arrays and tables as people have them: parts of data, labels of any form, columns by their names.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "core/data/dataset.h"
#include "core/files/image.h"
#include "core/io/numpy/npz.h"
#include "tests/support/messages.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_bytes.h"

namespace lapidary::core {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Kind = DataWarningKind;
using Source = std::shared_ptr<const DataSource>;
using Arrays = std::map<std::string, Tensor>;

std::string npzOf(const Arrays& arrays, const std::map<std::string, OtherArray>& others = {}) {
  std::string file;
  writeNpz(
      arrays, [&](std::span<const std::byte> bytes) { file += stringOf(bytes); }, false, others);
  return file;
}

Source npzData(const Arrays& arrays, const std::map<std::string, OtherArray>& others = {}) {
  return openNpzData(bytesOf(npzOf(arrays, others)), "data.npz");
}

std::string refusalOf(const Arrays& arrays) {
  return messageOf([&] { npzData(arrays); });
}

/// Every value is `value`.
Tensor filled(Shape shape, float value = 0) {
  TensorBuilder builder(DType::Float32, std::move(shape));
  std::ranges::fill(builder.as<float>(), value);
  return std::move(builder).build();
}

template <class T>
Tensor labels(std::initializer_list<T> values) {
  return Tensor::from<T>({static_cast<std::int64_t>(values.size())}, values);
}

std::vector<std::int64_t> labelsOf(const DataSource& data) {
  std::vector<std::int64_t> all;
  for (std::size_t i = 0; i < data.size(); ++i) all.push_back(data.label(i));
  return all;
}

std::vector<Kind> warnedKinds(const DataSource& data) {
  std::vector<Kind> kinds;
  for (const DataWarning& warning : data.warnings()) kinds.push_back(warning.kind);
  return kinds;
}

Model tableModel(const std::vector<std::pair<std::string, Shape>>& inputs) {
  auto graph = std::make_shared<Graph>();
  for (const auto& [name, shape] : inputs) {
    graph->inputs.push_back(ValueId{static_cast<std::uint32_t>(graph->values.size())});
    Value& value = graph->values.emplace_back();
    value.name = name;
    value.dtype = DType::Float32;
    value.shape.emplace();
    value.shape->push_back({std::nullopt, "N"});
    for (const std::int64_t size : shape) value.shape->push_back({size, ""});
  }
  Model model;
  model.graph = graph;
  return model;
}

float firstValue(const Source& data, const Model& model) {
  const std::size_t first[] = {0};
  return Dataset(data, {}, model).inputs(first)[0].as<float>()[0];
}

Arrays keras() {
  return {{"x_train", filled({3, 4}, 1)},
          {"y_train", labels<std::int64_t>({0, 1, 2})},
          {"x_test", filled({2, 4}, 2)},
          {"y_test", labels<std::int64_t>({2, 1})}};
}

TEST(DataParts, TheTestPartIsTakenAndSaid) {
  const Source data = npzData(keras());
  EXPECT_EQ(data->size(), 2u);
  EXPECT_THAT(labelsOf(*data), ElementsAre(2, 1));
  EXPECT_EQ(firstValue(data, tableModel({{"in", {4}}})), 2);
  EXPECT_THAT(data->warnings(), ElementsAre(DataWarning{Kind::ChosenPart, "test 2, train 3", 2}));
}

TEST(DataParts, AreToldWithTheirSamples) {
  const DataParts parts = npzData(keras())->parts();
  EXPECT_EQ(parts.samples, (std::map<DataPart, std::size_t>{{DataPart::Test, 2}, {DataPart::Train, 3}}));
  EXPECT_EQ(parts.taken, DataPart::Test);
  EXPECT_TRUE(npzData({{"x", filled({2, 4})}})->parts().samples.empty());
  const TemporaryFolder folder;
  const std::string path = folder.write("d.npz", npzOf(keras()));
  EXPECT_EQ(openData(path)->path(), path + ":test") << "which part it is, though nobody chose";
  EXPECT_EQ(openData(path + ":train")->parts().taken, DataPart::Train);
}

/// A file that is called so comes before a part; words that are no parts stay in the name.
TEST(DataParts, APlaceIsAFileAndAPart) {
  const TemporaryFolder folder;
  const std::string path = folder.write("d.npz:train", npzOf({{"x", filled({2, 4})}}));
  EXPECT_FALSE(dataPlace(path).part);
  EXPECT_EQ(openData(path)->size(), 2u);
  const DataPlace gone = dataPlace("a:b/gone.npz:dev");
  EXPECT_EQ(gone.file, "a:b/gone.npz");
  EXPECT_EQ(gone.part, DataPart::Validation);
  EXPECT_EQ(pathOf(gone), "a:b/gone.npz:val");
  EXPECT_EQ(dataPlace("images:labels").file, "images:labels");
}

TEST(DataParts, AnotherIsChosenByName) {
  const TemporaryFolder folder;
  const std::string path = folder.write("d.npz", npzOf(keras()));
  const Source data = openData(path + ":train");
  EXPECT_EQ(data->size(), 3u);
  EXPECT_EQ(data->path(), path + ":train");
  EXPECT_THAT(data->warnings(), IsEmpty()) << "as it was asked for";
  EXPECT_EQ(openData(path + ":TEST")->size(), 2u);
  EXPECT_EQ(folder.withoutPath(messageOf([&] { openData(path + ":val"); })),
            "reading DIR/d.npz: there is no part 'val', only test, train");
  EXPECT_THAT(messageOf([&] { openData(path + ":else"); }),
              HasSubstr("train, val or test of a file expected"));
  const std::string plain = folder.write("p.npz", npzOf({{"x", filled({2, 4})}}));
  EXPECT_EQ(folder.withoutPath(messageOf([&] { openData(plain + ":test"); })),
            "reading DIR/p.npz: the arrays are not in parts: names such as x_train, y_train, x_test, y_test "
            "expected, 'x' found");
}

TEST(DataParts, MedMnistAndOtherSpellings) {
  const Source med = npzData({{"train_images", filled({3, 4})},
                              {"train_labels", Tensor::from<std::uint8_t>({3, 1}, {0, 1, 1})},
                              {"val_images", filled({1, 4})},
                              {"val_labels", Tensor::from<std::uint8_t>({1, 1}, {0})},
                              {"test_images", filled({2, 4}, 7)},
                              {"test_labels", Tensor::from<std::uint8_t>({2, 1}, {1, 0})}});
  EXPECT_THAT(labelsOf(*med), ElementsAre(1, 0));
  EXPECT_THAT(med->warnings(), ElementsAre(DataWarning{Kind::ChosenPart, "test 2, val 1, train 3", 2}));
  const Source camel = npzData({{"trainX", filled({3, 4})},
                                {"trainY", labels<std::int64_t>({0, 1, 2})},
                                {"testX", filled({2, 4})},
                                {"testY", labels<std::int64_t>({2, 1})}});
  EXPECT_THAT(labelsOf(*camel), ElementsAre(2, 1));
  const Source validation = npzData({{"X_train", filled({3, 4})}, {"X_valid", filled({2, 4})}});
  EXPECT_EQ(validation->size(), 2u) << "where there is no test part";
  EXPECT_FALSE(validation->labelled());
  const Source alone = npzData({{"x_test", filled({2, 4})}, {"y_test", labels<std::int64_t>({2, 1})}});
  EXPECT_THAT(labelsOf(*alone), ElementsAre(2, 1));
  EXPECT_THAT(alone->warnings(), IsEmpty()) << "nothing was chosen";
}

TEST(DataParts, WhatBelongsToNoneIsNamed) {
  Arrays arrays = keras();
  arrays.emplace("mean", Tensor::scalar(1.0f));
  const Source data = npzData(arrays);
  EXPECT_THAT(warnedKinds(*data), ElementsAre(Kind::ChosenPart, Kind::OtherArrays));
  EXPECT_EQ(data->warnings()[1].detail, "'mean'");
  arrays["x_test_mask"] = filled({2, 4});
  EXPECT_EQ(npzData(arrays)->warnings()[1].detail, "'mean', 'x_test_mask'");
}

TEST(LabelArrays, NumbersOfEveryType) {
  const Tensor x = filled({3, 4});
  const auto read = [&](Tensor y) { return labelsOf(*npzData({{"x", x}, {"y", std::move(y)}})); };
  EXPECT_THAT(read(labels<double>({0, 2, 1})), ElementsAre(0, 2, 1));
  EXPECT_THAT(read(labels<float>({0, 2, 1})), ElementsAre(0, 2, 1));
  EXPECT_THAT(read(convert(labels<float>({0, 2, 1}), DType::Float16)), ElementsAre(0, 2, 1));
  EXPECT_THAT(read(labels<std::uint16_t>({0, 2, 1})), ElementsAre(0, 2, 1));
  EXPECT_THAT(read(convert(labels<std::uint8_t>({0, 1, 1}), DType::Bool)), ElementsAre(0, 1, 1));
  EXPECT_THAT(read(Tensor::from<double>({3, 1}, {0, 2, 1})), ElementsAre(0, 2, 1));
  EXPECT_THAT(read(Tensor::from<std::int64_t>({3, 1, 1}, {0, 2, 1})), ElementsAre(0, 2, 1));
  EXPECT_THAT(read(Tensor::from<double>({1, 3}, {0, 2, 1})), ElementsAre(0, 2, 1)) << "of MATLAB";
}

TEST(LabelArrays, OneHotRowsOfEveryType) {
  const Tensor x = filled({2, 4});
  const Tensor hot = Tensor::from<float>({2, 3}, {0, 0, 1, 1, 0, 0});
  for (const DType type : {DType::Float32, DType::Float64, DType::Float16, DType::Int32, DType::UInt8,
                           DType::Bool, DType::Int64})
    EXPECT_THAT(labelsOf(*npzData({{"x", x}, {"y", convert(hot, type)}})), ElementsAre(2, 0))
        << static_cast<int>(type);
}

TEST(LabelArrays, WhatIsNeitherIsRefusedWithItsPlace) {
  const std::string in = "reading data.npz: array 'y': ";
  const Tensor x = filled({2, 4});
  const auto refusal = [&](Tensor y) { return refusalOf({{"x", x}, {"y", std::move(y)}}); };
  EXPECT_EQ(refusal(labels<float>({1, 0.25})),
            in + "label 0.25 of sample 1 is no class: a whole number from 0 expected");
  EXPECT_EQ(refusal(labels<float>({1, NAN})),
            in + "label nan of sample 1 is no class: a whole number from 0 expected");
  EXPECT_EQ(refusal(labels<double>({-1, 0})),
            in + "label -1 of sample 0 is no class: a whole number from 0 expected");
  EXPECT_EQ(refusal(Tensor::from<float>({2, 2}, {1, 0, 0.25, 0.75})),
            in + "the row of sample 1 holds 0.25, one 1 among zeros expected; take the class of the largest "
                 "(numpy.argmax over axis 1)");
  EXPECT_EQ(refusal(Tensor::from<std::uint8_t>({2, 3}, {1, 0, 0, 1, 0, 1})),
            in +
                "the row of sample 1 holds 2 ones, a single one expected: several classes for one sample are "
                "not measured; keep one class for each sample");
  EXPECT_THAT(refusal(Tensor::from<std::uint8_t>({2, 3}, {1, 0, 0, 0, 0, 0})), HasSubstr("holds 0 ones"));
  EXPECT_THAT(refusal(filled({2, 3, 3})), HasSubstr("one whole number or one one-hot row a sample expected"));
  EXPECT_EQ(refusal(labels<std::int64_t>({1, 0, 2})), in + "3 labels for 2 samples");
}

OtherArray words(const std::string& descr, Shape shape, const std::string& bytes) {
  return {descr, std::move(shape), bytesOf(bytes)};
}

TEST(LabelArrays, WordsAreSortedClasses) {
  const Tensor x = filled({3, 4});
  const Source data = npzData({{"x", x}}, {{"y", words("|S3", {3}, std::string("dogcatdog"))}});
  EXPECT_THAT(labelsOf(*data), ElementsAre(1, 0, 1));
  EXPECT_THAT(data->classNames(), ElementsAre("cat", "dog"));
  EXPECT_THAT(data->warnings(), ElementsAre(DataWarning{Kind::SortedClasses, "0 'cat', 1 'dog'", 2}));
  const std::string wide("\xe9\0\0\0\0\0\0\0b\0\0\0b\0\0\0\xe9\0\0\0\0\0\0\0", 24);
  const Source unicode = npzData({{"x", x}}, {{"y", words("<U2", {3}, wide)}});
  EXPECT_THAT(unicode->classNames(), ElementsAre("bb", "\xc3\xa9"));
  EXPECT_THAT(labelsOf(*unicode), ElementsAre(1, 0, 1));
}

TEST(OtherArrays, AreLeftAsideAndNamed) {
  const Source data = npzData({{"x", filled({2, 4})},
                               {"y", labels<std::int64_t>({0, 1})},
                               {"ids", filled({2, 1}, 5)},
                               {"classes", filled({10, 3})},
                               {"scale", Tensor::scalar(2.0f)}},
                              {{"names", words("|S1", {2}, "ab")}});
  EXPECT_EQ(data->size(), 2u);
  ASSERT_THAT(warnedKinds(*data), ElementsAre(Kind::OtherArrays));
  EXPECT_EQ(data->warnings()[0].detail, "'classes', 'scale', 'names'");
  const auto unused = unusedArrays(tableModel({{"in", {4}}}), *data);
  EXPECT_THAT(unused, ElementsAre(DataWarning{Kind::OtherArrays, "'ids'", 1}));
  EXPECT_EQ(firstValue(data, tableModel({{"in", {4}}})), 0);
  const Model both = tableModel({{"x", {4}}, {"ids", {1}}});
  EXPECT_THAT(unusedArrays(both, *data), IsEmpty());
  const std::size_t first[] = {0};
  EXPECT_EQ(Dataset(data, {}, both).inputs(first)[1].as<float>()[0], 5);
}

TEST(OtherArrays, NamesOfSamplesAndLabels) {
  const Source named = npzData({{"images", filled({2, 4}, 3)}, {"labels", labels<std::int64_t>({0, 1})}});
  EXPECT_THAT(labelsOf(*named), ElementsAre(0, 1));
  EXPECT_EQ(firstValue(named, tableModel({{"in", {4}}})), 3);
  EXPECT_THAT(named->warnings(), IsEmpty());
  const Source unnamed = npzData({{"arr_0", filled({2, 4}, 3)}, {"arr_1", labels<std::int64_t>({0, 1})}});
  EXPECT_THAT(labelsOf(*unnamed), ElementsAre(0, 1));
  EXPECT_THAT(warnedKinds(*unnamed), ElementsAre(Kind::GuessedArrays));
  EXPECT_EQ(refusalOf({{"images", filled({2, 4})}, {"labels", labels<std::int64_t>({0, 1, 2})}}),
            "reading data.npz: array 'labels': 3 labels for 2 samples");
}

std::string grayFile(std::uint8_t level) {
  return stringOf(encodePng({4, 4, 1, std::vector<std::uint8_t>(16, level)}));
}

/// Pictures 0.png to 3.png, the last in a folder, and tables of them.
class FileTable : public ::testing::Test {
 protected:
  FileTable() {
    for (const char* name : {"0.png", "1.png", "2.png", "sub/3.png"})
      m_folder.write(
          name,
          grayFile(static_cast<std::uint8_t>(std::string(name).ends_with("3.png") ? 3 : name[0] - '0')));
  }

  Source table(const std::string& text, const std::string& name = "t.csv") {
    return openData(m_folder.write(name, text));
  }
  std::string refusal(const std::string& text) {
    return m_folder.withoutPath(messageOf([&] { table(text); }));
  }

  TemporaryFolder m_folder;
};

TEST_F(FileTable, ColumnsAreFoundByTheirNames) {
  for (const char* header : {"file_name,label", "File Name,Label", "image_path,class", "filename,target",
                             "filepath,category", "image,labels", "path,class_id", "img,y"}) {
    const Source data = table(std::string(header) + "\n0.png,2\n1.png,0\n");
    EXPECT_EQ(data->size(), 2u) << header;
    EXPECT_THAT(labelsOf(*data), ElementsAre(2, 0)) << header;
    EXPECT_THAT(data->warnings(), IsEmpty()) << header;
  }
  const Source other = table("label,id,file_name\n2,7,0.png\n0,8,sub\\3.png\n");
  EXPECT_THAT(labelsOf(*other), ElementsAre(2, 0));
  EXPECT_EQ(other->picture(1).pixels[0], 3) << "a name that was written on Windows";
  EXPECT_THAT(other->warnings(), ElementsAre(DataWarning{Kind::OtherColumns, "'id'", 1}));
  const Source pandas = table(",image_id,label,\n7,0,2,\n8,sub/3,0,\n");
  EXPECT_EQ(pandas->picture(1).pixels[0], 3) << "ids lack endings";
  EXPECT_THAT(pandas->warnings(), ElementsAre(DataWarning{Kind::OtherColumns, "'column 1'", 1}));
  EXPECT_THAT(labelsOf(*table("class,file,label\n9,0.png,2\n9,1.png,0\n")), ElementsAre(2, 0))
      << "the surer name of several";
}

TEST_F(FileTable, FormsOfText) {
  for (const char* text : {"\xef\xbb\xbf"
                           "file,label\r\n0.png,2\r\n1.png,0\r\n",
                           "file;label\n0.png;2\n1.png;0\n", "file\tlabel\n0.png\t2\n1.png\t0\n",
                           "file, label\n0.png, 2\n1.png, 0\n",
                           "\"file\",\"label\"\n\"0.png\",\"2\"\n\"1.png\",\"0\"\n", "0.png 2\n1.png 0\n",
                           "file,label\n0.png,2.0\n1.png,0.0\n", "sep=;\nfile;label\n0.png;2\n1.png;0\n"}) {
    const Source data = table(text);
    EXPECT_THAT(labelsOf(*data), ElementsAre(2, 0)) << text;
    EXPECT_TRUE(data->classNames().empty()) << text;
  }
  EXPECT_THAT(labelsOf(*table("file\tlabel\n0.png\t2\n", "t.tsv")), ElementsAre(2));
}

TEST_F(FileTable, UnknownNamesAreReadByWhatStandsBelow) {
  const Source data = table("pic,breed\n0.png,poodle\n1.png,beagle\n2.png,poodle\nsub/3.png,beagle\n");
  EXPECT_EQ(data->size(), 4u);
  EXPECT_THAT(labelsOf(*data), ElementsAre(1, 0, 1, 0));
  EXPECT_THAT(data->warnings(), ElementsAre(DataWarning{Kind::SortedClasses, "0 'beagle', 1 'poodle'", 2}));
  const Source captions = table("file_name,text\n0.png,one\n1.png,two\n2.png,three\nsub/3.png,four\n");
  EXPECT_FALSE(captions->labelled()) << "no value comes back";
  EXPECT_THAT(captions->warnings(), ElementsAre(DataWarning{Kind::NoLabelColumn, "'text'", 1}));
}

TEST_F(FileTable, TheRowsOfTheTestPartAreTaken) {
  const std::string text =
      "file_name,label,split\ngone.png,a,train\n0.png,b,test\n1.png,c,test\n2.png,a,validation\n";
  const Source data = table(text);
  EXPECT_EQ(data->size(), 2u);
  EXPECT_THAT(labelsOf(*data), ElementsAre(1, 2)) << "classes of all rows";
  EXPECT_THAT(warnedKinds(*data), ElementsAre(Kind::ChosenPart, Kind::SortedClasses));
  EXPECT_EQ(data->warnings()[0].detail, "test 2, val 1, train 1");
  const Source other = openData(m_folder.path("t.csv") + ":val");
  EXPECT_EQ(other->size(), 1u);
  EXPECT_THAT(warnedKinds(*other), ElementsAre(Kind::SortedClasses));
  EXPECT_THAT(table("file_name,label,split\n0.png,1,test\n")->warnings(), IsEmpty());
  EXPECT_THAT(warnedKinds(*table("file_name,label,split\n0.png,1,left\n1.png,0,right\n")),
              ElementsAre(Kind::OtherColumns))
      << "which says no part";
}

TEST_F(FileTable, RowsOfOtherPartsMayLackLabels) {
  const std::string text = "file,label,split\n0.png,,test\n1.png,dog,train\n2.png,cat,train\n";
  EXPECT_EQ(refusal(text), "reading DIR/t.csv: line 2: the label is empty");
  const Source data = openData(m_folder.path("t.csv") + ":train");
  EXPECT_THAT(labelsOf(*data), ElementsAre(1, 0));
}

TEST_F(FileTable, StandsInItsFolder) {
  m_folder.write("metadata.csv", std::string_view("file_name,label\n0.png,2\nsub/3.png,0\n"));
  const Source data = openData(m_folder.path());
  EXPECT_EQ(data->kind(), "csv");
  EXPECT_THAT(labelsOf(*data), ElementsAre(2, 0)) << "a single folder is no class";
  EXPECT_THAT(warnedKinds(*data), ElementsAre(Kind::TableInFolder));
  m_folder.write("more/4.png", grayFile(4));
  EXPECT_EQ(openData(m_folder.path())->kind(), "folder") << "two are";
}

TEST_F(FileTable, NothingIsGuessedWrong) {
  const std::string in = "reading DIR/t.csv: ";
  EXPECT_EQ(refusal("7,0.png,1\n8,1.png,0\n"),
            in +
                "line 1: 3 fields stand there, file,label expected; name the columns in the first line, such "
                "as file_name,label");
  EXPECT_EQ(refusal("label,pixel0,pixel1\n1,0,255\n"),
            in + "line 1: no column is called as files are; name the columns in the first line, such as "
                 "file_name,label");
  EXPECT_EQ(refusal("file,label\n0.png,0.5\n1.png,1\n"),
            in + "line 2: label 0.5 is no class: a whole number from 0 or a name expected");
  EXPECT_EQ(refusal("file,label\n0.png,-1\n"),
            in + "line 2: label -1 is negative, a class index from 0 or a name expected");
  EXPECT_EQ(refusal("file,label\n0.png,1\n1.png\n"),
            in + "line 3: 1 fields stand there, 2 as in the first row expected");
  EXPECT_EQ(refusal("file,label\ngone.png,1\n"), in + "line 2: 'gone.png' is not a file in the CSV's folder");
}

TEST_F(FileTable, PicturesThatLoseSomethingAreCounted) {
  m_folder.write("clear.png", stringOf(encodePng({1, 1, 4, {1, 2, 3, 0}})));
  const Source data = table("file,label\n0.png,1\nclear.png,0\n");
  EXPECT_THAT(data->warnings(), ElementsAre(DataWarning{Kind::TransparentPictures, "'clear.png'", 1}));
}

TEST(FolderOfOthers, IsRefusedWithWhatItHolds) {
  const TemporaryFolder folder;
  folder.write("a.heic", std::string_view("x"));
  folder.write("b.HEIC", std::string_view("x"));
  EXPECT_THAT(messageOf([&] { openData(folder.path()); }), HasSubstr("it holds 2 .heic: convert them"));
  folder.write("c.png", std::string_view(grayFile(1)));
  const Source data = openData(folder.path());
  EXPECT_THAT(data->warnings(), ElementsAre(DataWarning{Kind::OtherFiles, "2 .heic", 2}));
}

}  // namespace
}  // namespace lapidary::core
