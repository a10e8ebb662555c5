// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/student/student_spec.h"

#include <cmath>

#include "core/support/error.h"

namespace lapidary::core {
namespace {

constexpr std::int64_t mostWidth = 65'536, mostLayers = 64;

void require(bool holds, const std::string& what) {
  if (!holds) throw Error(ErrorKind::InvalidInput, "student: " + what);
}

void requireRange(const std::string& key, std::int64_t value, std::int64_t least, std::int64_t most) {
  require(value >= least && value <= most, key + " is " + std::to_string(value) + ", it may be " +
                                               std::to_string(least) + " to " + std::to_string(most));
}

void requireWidths(const std::string& key, const std::vector<std::int64_t>& widths) {
  require(widths.size() <= static_cast<std::size_t>(mostLayers),
          key + " has " + std::to_string(widths.size()) + " entries, at most " + std::to_string(mostLayers));
  for (const std::int64_t width : widths) requireRange(key, width, 1, mostWidth);
}

void requireTransformer(const StudentSpec& spec) {
  requireRange("width", spec.width, 1, mostWidth);
  requireRange("depth", spec.depth, 1, mostLayers);
  requireRange("heads", spec.heads, 1, spec.width);
  requireRange("patch", spec.patch, 1, mostWidth);
  requireRange("feed_forward", spec.feedForward, 1, mostWidth);
  require(spec.width % spec.heads == 0, "width " + std::to_string(spec.width) + " is no multiple of " +
                                            std::to_string(spec.heads) + " heads");
}

}  // namespace

void validate(const StudentSpec& spec) {
  switch (spec.kind) {
    case StudentKind::Mlp:
      return requireWidths("hidden", spec.widths);
    case StudentKind::Cnn:
      require(!spec.widths.empty(), "channels is empty, at least one block is needed");
      requireWidths("channels", spec.widths);
      requireRange("kernel", spec.kernel, 1, 31);
      require(spec.kernel % 2 == 1, "kernel is " + std::to_string(spec.kernel) + ", it has to be odd");
      return requireRange("pool", spec.pool, 1, 16);
    case StudentKind::Transformer:
      return requireTransformer(spec);
    case StudentKind::Narrow:
    case StudentKind::Shallow:
      return require(std::isfinite(spec.keep) && spec.keep > 0 && spec.keep <= 1,
                     "keep is a share above 0 and at most 1");
    case StudentKind::File:
      return require(!spec.path.empty(), "path names no file");
  }
}

}  // namespace lapidary::core
