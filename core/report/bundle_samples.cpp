// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/bundle_samples.h"

#include "core/report/html_writer.h"

namespace lapidary::core {

std::string samplesHtml(const SampleCopies& samples) {
  if (samples.empty()) return std::string(noSamplesNote);
  std::string html =
      "<p><b>This bundle holds copies of " + grouped(static_cast<std::int64_t>(samples.size())) +
      (samples.size() == 1 ? " sample" : " samples") + " of the data:</b></p><div class='maps'>";
  for (const auto& [index, picture] : samples)
    html += "<figure>" + embeddedImage(picture, "sample") + "<figcaption>" + std::to_string(index) +
            "</figcaption></figure>";
  return html + "</div>";
}

}  // namespace lapidary::core
