// SPDX-License-Identifier: GPL-3.0-or-later
// Labels that are numbered otherwise than the model's classes are questioned, once; good ones are not.
#include "ui/window/label_question.h"

#include <gtest/gtest.h>

#include <QSignalSpy>

#include "core/io/numpy/npz.h"
#include "tests/support/temporary_folder.h"
#include "tests/ui/demo.h"

namespace lapidary::ui {
namespace {

/// The demo's model, on its first digits with every label moved on by so many.
std::shared_ptr<const core::Session> sessionWithLabelsMoved(const core::testing::TemporaryFolder& folder,
                                                            std::int64_t by) {
  constexpr std::int64_t count = 100;
  auto arrays =
      core::readNpz(core::mapFile(std::string(LAPIDARY_SOURCE_DIR) + "/resources/demo/digits_test.npz"));
  const core::Tensor &x = arrays.at("x"), y = core::convert(arrays.at("y"), core::DType::Int64);
  core::Shape shape = x.shape();
  const std::size_t bytes = x.bytes().size() / static_cast<std::size_t>(shape[0]) * count;
  shape[0] = count;
  core::TensorBuilder moved(core::DType::Int64, {count});
  for (std::size_t i = 0; i < count; ++i) moved.as<std::int64_t>()[i] = (y.as<std::int64_t>()[i] + by) % 10;
  std::string content;
  core::writeNpz({{"x", core::Tensor(x.dtype(), shape, {x.owner(), x.bytes().first(bytes)})},
                  {"y", std::move(moved).build()}},
                 [&](std::span<const std::byte> part) { content += core::textOf(part); });
  const std::string file = folder.write("moved.npz", content);
  return openModel({"demo:lenet300", QString::fromStdString(file), {}}, nullptr, {}).session;
}

TEST(LabelQuestion, IsRaisedOnceForClassesThatAreExchanged) {
  const core::testing::TemporaryFolder folder;
  Document document;
  LabelQuestion question(document);
  QSignalSpy raised(&question, &LabelQuestion::raised);
  for (const std::int64_t by : {0, 1}) {
    document.open(sessionWithLabelsMoved(folder, by));
    for (int i = 0; i < 2; ++i) document.setOutcome(document.session()->evaluate({}, {.measure = {}}, {}));
    const auto asked = [&] { return raised.size() >= by; };
    EXPECT_TRUE(eventually(asked));
    QTest::qWait(100);  // for what should not come
    ASSERT_TRUE(quiet());
    ASSERT_EQ(raised.size(), by);
  }
  EXPECT_TRUE(raised[0][0].toString().contains("0 → 9")) << raised[0][0].toString().toStdString();
}

}  // namespace
}  // namespace lapidary::ui
