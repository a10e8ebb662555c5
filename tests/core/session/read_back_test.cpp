// SPDX-License-Identifier: GPL-3.0-or-later
// A bundle that the disk gives back otherwise than it was packed is refused, with samples and without.
#include "core/session/read_back.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "core/files/archive.h"
#include "core/session/bundle.h"
#include "tests/core/session/bundle_members.h"
#include "tests/core/session/spoiler.h"
#include "tests/support/demo_digits.h"
#include "tests/support/messages.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_bytes.h"
#include "tests/support/uniform_recipe.h"

namespace lapidary::core {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::messageOf;
using testing::Spoiler;
using testing::stringOf;
using testing::TemporaryFolder;

const BundleExtras withSamples{true, {}, {}}, plain{};

bool isSample(const std::string& name) { return name.starts_with("samples/"); }

/// The same zip, sound in itself, with a byte of one member changed; without the member where it is left out.
void repack(const std::string& path, const std::string& spoiled, bool leftOut) {
  const ArchiveReader reader(mapFile(path));
  ArchiveWriter writer;
  for (const ArchiveMember& member : reader.members()) {
    const Bytes content = reader.read(member.name, member.bytes);
    std::vector<std::byte> bytes(content.view.begin(), content.view.end());
    if (member.name == spoiled) {
      if (leftOut) continue;
      bytes[bytes.size() / 2] ^= std::byte{1};
    }
    writer.add(member.name, bytes, true);
  }
  const Bytes zip = writer.finish();
  writeFileAtomically(path, [&](const Append& append) { append(zip.view); });
}

class BundleReadBack : public ::testing::Test {
 protected:
  /// Made once for all tests: what was measured is remembered.
  static const Session& session() {
    static const Session made = [] {
      Model model = readModel(demo + "lenet300.onnx");
      auto data = digits(model);
      return Session(std::move(model), std::move(data), {});
    }();
    return made;
  }
  static Recipe recipe() {
    return uniformRecipe(session().model(), {0.5, false, {Scheme::Symmetric, 4, Granularity::Channel, 0}});
  }
  std::string path(const std::string& name) const { return m_folder.path(name); }

  /// What the save says of a file that is changed before it is read back, where an older one stands.
  std::string refusal(const BundleExtras& extras, const Spoiler::Change& change) {
    std::ofstream(path("x.zip")) << "old";
    Spoiler spoiler(m_folder.path(), change);
    std::string message = "no error";
    try {
      session().save(recipe(), path("x.zip"), extras, spoiler.progress());
    } catch (const Error& error) {
      message = error.what();
      EXPECT_EQ(error.kind(), ErrorKind::CannotWrite) << message;
    }
    EXPECT_TRUE(spoiler.done()) << "nothing was read back";
    EXPECT_EQ(stringOf(mapFile(path("x.zip")).view), "old");
    const std::filesystem::directory_iterator files(m_folder.path());
    EXPECT_EQ(std::distance(begin(files), end(files)), 1) << "something was left over";
    return message;
  }

  TemporaryFolder m_folder;
};

TEST_F(BundleReadBack, ASpoiledModelIsRefused) {
  for (const BundleExtras& extras : {plain, withSamples}) {
    const std::string message =
        refusal(extras, [](const std::string& file) { repack(file, "model.onnx", false); });
    EXPECT_THAT(message, HasSubstr("x.zip"));
    EXPECT_THAT(message, EndsWith("what was written does not read back as shown: model.onnx in the bundle"));
  }
}

TEST_F(BundleReadBack, EveryOtherSpoiledMemberIsRefusedToo) {
  session().save(recipe(), path("whole.zip"), withSamples, {});
  std::vector<std::string> names = membersOf(path("whole.zip"));
  std::filesystem::remove(path("whole.zip"));
  ASSERT_EQ(std::ranges::count_if(names, isSample), 8);
  std::erase_if(
      names, [](const std::string& name) { return name.starts_with("heatmaps/") || name == "model.onnx"; });
  names.erase(std::ranges::find_if(names, isSample) + 1, std::ranges::find(names, "manifest.json"));
  for (const std::string& name : names)
    EXPECT_THAT(refusal(withSamples, [&](const std::string& file) { repack(file, name, false); }),
                HasSubstr(name + " in the bundle"));
}

TEST_F(BundleReadBack, AMemberThatIsMissingAndAZipThatIsDamagedAreRefused) {
  EXPECT_THAT(refusal(withSamples, [](const std::string& file) { repack(file, "report.html", true); }),
              EndsWith("does not read back as shown: the list of the bundle's files"));
  EXPECT_THAT(refusal(plain, [](const std::string& file) { std::filesystem::resize_file(file, 1000); }),
              HasSubstr("reading back the bundle"));
  EXPECT_THAT(refusal(plain,
                      [](const std::string& file) {
                        const auto model = static_cast<std::streamoff>(1000);  // it stands first
                        std::fstream bundle(file, std::ios::in | std::ios::out | std::ios::binary);
                        bundle.seekp(model);
                        bundle << "a failing disk writes other bytes";
                      }),
              HasSubstr("model.onnx"));
}

TEST_F(BundleReadBack, ASpoiledModelFileIsRefusedAsNotWritten) {
  std::ofstream(path("x.onnx")) << "old";
  Spoiler spoiler(m_folder.path(), [](const std::string& file) { std::filesystem::resize_file(file, 1000); });
  try {
    session().save(recipe(), path("x.onnx"), spoiler.progress());
    FAIL() << "a file cut short was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::CannotWrite) << error.what();
    EXPECT_THAT(error.what(), HasSubstr("x.onnx"));
  }
  EXPECT_TRUE(spoiler.done());
  EXPECT_EQ(stringOf(mapFile(path("x.onnx")).view), "old");
}

TEST_F(BundleReadBack, SamplesChangeReportAndManifestAlone) {
  session().save(recipe(), path("plain.zip"), plain, {});
  session().save(recipe(), path("samples.zip"), withSamples, {});
  std::vector<std::string> names = membersOf(path("samples.zip"));
  std::erase_if(names, isSample);
  EXPECT_EQ(names, membersOf(path("plain.zip")));
  for (const std::string& name : names) {
    const bool same = memberOf(path("samples.zip"), name) == memberOf(path("plain.zip"), name);
    EXPECT_EQ(same, name != "report.html" && name != "manifest.json") << name;
  }
  const auto manifest = nlohmann::json::parse(memberOf(path("samples.zip"), "manifest.json"));
  EXPECT_EQ(manifest["files"].size(), names.size() - 1 + 8);
  EXPECT_EQ(manifest["data"]["copied"], true);
}

TEST_F(BundleReadBack, ABundleInCapitalsIsABundle) {
  const SavedFile saved = session().save(recipe(), path("x.ZIP"), withSamples, {});
  EXPECT_EQ(saved.path, path("x.ZIP"));
  EXPECT_THAT(membersOf(path("x.ZIP")), ::testing::Contains(HasSubstr("samples/sample")));
}

TEST_F(BundleReadBack, ExtrasOfAnotherFileAreRefusedBeforeAnythingIsWritten) {
  for (const char* name : {"x.onnx", "x.npz", "x.zip.lapidary"})
    EXPECT_THAT(messageOf([&] { session().save({}, path(name), withSamples, {}); }),
                EndsWith("only a bundle holds more than the model; the ending must be .zip"));
  EXPECT_TRUE(std::filesystem::is_empty(m_folder.path()));
}

/// Gives each pixel above zero: pictures in, and no scores of classes out.
Model pixelModel() {
  auto graph = std::make_shared<Graph>();
  for (const char* name : {"image", "pixels"}) {
    Value value;
    value.name = name;
    value.dtype = DType::Float32;
    value.shape = {Dimension{std::nullopt, "N"}, {1, ""}, {28, ""}, {28, ""}};
    graph->values.push_back(std::move(value));
  }
  graph->nodes = {{"relu", "Relu", "", {ValueId{0}}, {ValueId{1}}, {}}};
  graph->values[1].producer = NodeId{0};
  graph->inputs = {ValueId{0}};
  graph->outputs = {ValueId{1}};
  Model model;
  model.graph = graph;
  model.source.opsets = {{"", 13}};
  model.source.irVersion = 7;
  return model;
}

TEST_F(BundleReadBack, SamplesWithoutHeatmapsAreRefusedBeforeAnythingIsWritten) {
  const Model model = pixelModel();
  const Session noise(model, digits(model), {});
  ASSERT_EQ(noise.qualityKind(), QualityKind::Noise);
  EXPECT_THAT(messageOf([&] { noise.save({}, path("x.zip"), withSamples, {}); }),
              HasSubstr("those need outputs that are scores of classes; write it without the samples"));
  EXPECT_TRUE(std::filesystem::is_empty(m_folder.path()));
}

TEST_F(BundleReadBack, SamplesThatAreNoPicturesAreRefusedBeforeAnythingIsWritten) {
  const Session alone(readModel(demo + "lenet300.onnx"), nullptr, {});
  EXPECT_THAT(messageOf([&] { alone.save({}, path("x.zip"), withSamples, {}); }),
              EndsWith("there are no pictures among the data that a bundle could hold"));
  EXPECT_TRUE(std::filesystem::is_empty(m_folder.path()));
}

}  // namespace
}  // namespace lapidary::core
