// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/save_target.h"

#include <vector>

#include "core/files/path_ending.h"
#include "core/io/common/format.h"

namespace lapidary::core {
namespace {

constexpr std::string_view bundleEnding = ".zip";

bool isOnnx(const Format& format) { return format.name == "ONNX"; }

/// Those of the table of formats that are written; with a graph also ONNX and the bundle, which need one.
std::string writtenEndings(bool graph) {
  std::vector<std::string_view> endings;
  for (const Format& format : modelFormats())
    if (format.write != nullptr && (graph || !isOnnx(format)))
      endings.emplace_back(format.extensions.front());
  if (graph) endings.emplace_back(bundleEnding);
  return alternatives(endings);
}

}  // namespace

bool isBundlePath(const std::string& path) { return endingOf(path) == bundleEnding; }

void requireSavable(const std::string& path) {
  const Format* format = formatForPath(path);
  if (isBundlePath(path) || (format != nullptr && format->write != nullptr)) return;
  throw Error(ErrorKind::Usage, path + ": the ending must be " + writtenEndings(true));
}

void requireSavableWithoutGraph(const std::string& path) {
  requireSavable(path);
  const bool bundle = isBundlePath(path);
  if (!bundle && !isOnnx(*formatForPath(path))) return;
  throw Error(ErrorKind::Usage, path + ": the model holds weights without a graph, which " +
                                    (bundle ? "a bundle" : "ONNX") + " needs; the ending must be " +
                                    writtenEndings(false));
}

}  // namespace lapidary::core
