// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of every kind that can be read.
#include "core/files/image.h"
#include "core/files/picture_form.h"
#include "tests/fuzz/fuzz.h"

using namespace lapidary;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > fuzz::largestInput) return 0;
  fuzz::attempt([&] {
    core::pictureForm(fuzz::bytesOf(data, size));
    const core::Picture picture = core::decodePicture(fuzz::bytesOf(data, size));
    core::scaled(picture, 5, 3);
    core::scaled(picture, 5, 3, core::Resampling::Lanczos);
  });
  return 0;
}
