// SPDX-License-Identifier: GPL-3.0-or-later
// The tables of formats answer for all endings, and no other file of the program lists any.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "core/io/common/data_format.h"
#include "core/io/common/format.h"

namespace lapidary::core {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const fs::path root = LAPIDARY_SOURCE_DIR;

std::string contentOf(const fs::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::set<std::string> knownEndings() {
  std::set<std::string> endings;
  for (const std::string_view ending : modelEndings()) endings.emplace(ending);
  for (const DataFormat& format : dataFormats()) endings.insert(format.endings.begin(), format.endings.end());
  return endings;
}

std::vector<std::string_view> endingsOf(std::string_view format) {
  const auto endings = modelFormat(format).extensions;
  return {endings.begin(), endings.end()};
}

/// The string literals of C++ code, comments and includes left out.
std::vector<std::string> literalsOf(const std::string& code) {
  static const std::regex token(
      R"re(//[^\n]*|/\*[^*]*\*+(?:[^/*][^*]*\*+)*/|#include[^\n]*|'(?:\\.|[^'\\\n])+'|"((?:\\.|[^"\\\n])*)")re");
  std::vector<std::string> literals;
  for (auto it = std::sregex_iterator(code.begin(), code.end(), token); it != std::sregex_iterator(); ++it)
    if ((*it)[1].matched) literals.push_back((*it)[1]);
  return literals;
}

/// Endings that stand by themselves in literals: ".npz", "*.npz" and "an .npz", but not "model.npz".
std::set<std::string> endingsIn(const std::string& code) {
  static const std::regex ending(R"((?:^|[^A-Za-z0-9_\-\]])(\.index\.json|\.[a-z0-9]+)(?![A-Za-z0-9.\-]))");
  const std::set<std::string> known = knownEndings();
  std::set<std::string> found;
  for (const std::string& literal : literalsOf(code))
    for (auto it = std::sregex_iterator(literal.begin(), literal.end(), ending); it != std::sregex_iterator();
         ++it)
      if (known.contains((*it)[1])) found.insert((*it)[1]);
  return found;
}

TEST(Formats, EveryEndingOpensInOneFormatAlone) {
  std::vector<std::string_view> endings = modelEndings();
  EXPECT_THAT(endings, ElementsAre(".onnx", ".lapidary", ".safetensors", ".npz", ".npy", ".index.json", ".pt",
                                   ".pth", ".th", ".jit", ".bin", ".ckpt"));
  std::ranges::sort(endings);
  EXPECT_EQ(std::ranges::adjacent_find(endings), endings.end());
  for (const Format& format : modelFormats()) {
    EXPECT_EQ(&modelFormat(format.name), &format);
    for (const std::string_view ending : format.extensions) {
      EXPECT_EQ(formatForPath("some/model" + std::string(ending)), &format);
      std::string upper(ending);
      std::ranges::transform(upper, upper.begin(), [](char c) { return static_cast<char>(std::toupper(c)); });
      EXPECT_EQ(formatForPath("MODEL" + upper), &format) << upper;
    }
  }
}

TEST(Formats, EndingsThatOthersShareNameNoFormat) {
  const Format& torch = modelFormat("PyTorch");
  EXPECT_TRUE(namesFormat(torch, "a.pt") && namesFormat(torch, "a.TH"));
  EXPECT_FALSE(namesFormat(torch, "a.bin") || namesFormat(torch, "a.ckpt") || namesFormat(torch, "a.onnx"));
  EXPECT_EQ(formatForPath("a.bin"), &torch);
}

TEST(Formats, AreNamedAndListed) {
  EXPECT_THAT(graphEndings(), ElementsAre(".onnx", ".lapidary"));
  EXPECT_EQ(alternatives(graphEndings()), ".onnx or .lapidary");
  EXPECT_EQ(endingFor("NumPy npz"), ".npz");
  EXPECT_THROW(modelFormat("Keras"), Error);
}

TEST(Formats, DataAreToldByTheirEndings) {
  EXPECT_THAT(dataEndings(), ElementsAre(".npz", ".csv", ".tsv"));
  EXPECT_EQ(dataKindForPath("a/B.CSV"), DataKind::List);
  EXPECT_EQ(dataKindForPath("t10k-labels-idx1-ubyte.gz"), DataKind::Packed);
  EXPECT_EQ(dataKindForPath("x.JPeG"), DataKind::Picture);
  for (const char* sound : {"x.wav", "x.wave", "x.FLAC", "x.ogg", "x.oga", "x.opus"})
    EXPECT_EQ(dataKindForPath(sound), DataKind::Sound) << sound;
  EXPECT_EQ(dataKindForPath("t10k-images-idx3-ubyte"), std::nullopt);
}

TEST(Formats, TheScanFindsAList) {
  const std::string list = R"code(f("Models (*.onnx *.pt)"); g(".npz, .csv"); // ".jit")code";
  EXPECT_THAT(endingsIn(list), ElementsAre(".csv", ".npz", ".onnx", ".pt"));
  const std::string none =
      R"code(f("evaluate model.onnx --data test.npz"); g('"', "torch.jit.load", ".zip");)code";
  EXPECT_THAT(endingsIn(none), IsEmpty());
}

TEST(Formats, NoOtherFileListsEndings) {
  std::size_t files = 0;
  for (const char* folder : {"core", "app", "ui"})
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const fs::path extension = entry.path().extension();
      if (extension != ".cpp" && extension != ".h") continue;
      const std::string file = fs::relative(entry.path(), root).generic_string();
      const auto found = endingsIn(contentOf(entry.path()));
      if (file == "core/io/formats.cpp")
        EXPECT_EQ(found, knownEndings());
      else
        EXPECT_LE(found.size(), 1u) << file << " names " << ::testing::PrintToString(found)
                                    << ": ask core/io/common/format.h or data_format.h";
      ++files;
    }
  EXPECT_GT(files, 500u);
}

/// Pages are no code: they name the endings for people, and must not forget one.
TEST(Formats, ManualAndManualPagesNameEveryEnding) {
  for (const char* page : {"resources/manual/en/open.md", "resources/manual/zh_CN/open.md",
                           "app/cli/README.md", "packaging/man/lapidary-cli.1"}) {
    const std::string text = contentOf(root / page);
    const bool all = std::string(page).ends_with("open.md");
    for (const std::string_view ending : all ? modelEndings() : endingsOf("PyTorch"))
      EXPECT_NE(text.find(ending), std::string::npos) << page << " forgets " << ending;
  }
}

}  // namespace
}  // namespace lapidary::core
