// SPDX-License-Identifier: GPL-3.0-or-later
// Saved sessions: JSON, or an archive (see archiveOf; text that begins with a brace is JSON).
#include <QString>

#include "core/support/buffer_pool.h"
#include "tests/core/io/onnx/onnx_builder.h"
#include "tests/fuzz/fuzz.h"
#include "ui/files/session_file.h"

using namespace lapidary;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > fuzz::largestInput) return 0;
  core::refuseBuffersAbove(fuzz::largestArray);
  static const core::Model model = core::testing::read(core::testing::smallModel());
  core::Bytes file = fuzz::bytesOf(data, size);
  if (!fuzz::textOf(data, size).starts_with("{")) file = fuzz::archiveOf(data, size);
  const QString path = QString::fromStdString(
      fuzz::fileOf({reinterpret_cast<const char*>(file.view.data()), file.view.size()}));
  fuzz::attempt([&] {
    ui::SavedSession session = ui::readSession(path);
    fuzz::attempt([&] { ui::restoreRepaired(session, model, path, {}); });
    ui::writeSession(session, path);
    ui::readSession(path);
  });
  return 0;
}
