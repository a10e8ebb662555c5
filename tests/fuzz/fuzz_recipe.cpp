// SPDX-License-Identifier: GPL-3.0-or-later
// Recipes: what was read is written and read back.
#include <cstdlib>

#include "core/compress/recipe/recipe.h"
#include "tests/fuzz/fuzz.h"

using namespace lapidary;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > fuzz::largestInput) return 0;
  fuzz::attempt([&] {
    const core::Recipe recipe = core::recipeFromJson(std::string(fuzz::textOf(data, size)));
    core::fingerprint(recipe);
    if (core::recipeFromJson(core::toJson(recipe)) != recipe) std::abort();
  });
  return 0;
}
