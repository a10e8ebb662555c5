// SPDX-License-Identifier: GPL-3.0-or-later
// Of every model at hand, in every format: what belongs to layers and what is left is all there is.
#include <gtest/gtest.h>

#include <filesystem>

#include "core/io/common/format.h"
#include "core/model/parameter_account.h"

namespace lapidary::core {
namespace {

namespace fs = std::filesystem;

bool isOurs(const std::string& path) {
  const Format* format = formatForPath(path);
  return format != nullptr && namesFormat(*format, path);
}

void expectAgreement(const Model& model, const std::string& path) {
  const ParameterAccount account = accountOf(model);
  std::int64_t layers = 0, left = 0;
  for (const Layer& layer : model.layers) layers += layer.parameters();
  for (const OutsideTensor& tensor : account.tensors) left += tensor.parameters;
  EXPECT_EQ(account.total, model.parameters()) << path;
  EXPECT_EQ(account.inLayers, layers) << path;
  EXPECT_EQ(account.outside, left) << path;
  EXPECT_EQ(layers + left, model.parameters()) << path;
}

TEST(ParameterCount, LayersAndTheRestMakeTheTotal) {
  std::size_t counted = 0;
  for (const fs::path& root : {fs::path(LAPIDARY_SOURCE_DIR) / "resources", fs::path(LAPIDARY_ASSETS_DIR)}) {
    if (!fs::exists(root)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      if (!entry.is_regular_file() || !isOurs(entry.path())) continue;
      try {
        expectAgreement(readModel(entry.path()), entry.path());
        ++counted;
      } catch (const Error&) {
        // Data in a format that models have too, or a file that is refused for other reasons.
      }
    }
  }
  EXPECT_GE(counted, 2u);
}

}  // namespace
}  // namespace lapidary::core
