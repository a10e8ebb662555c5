// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/interop/quantizations.h"

#include <algorithm>

#include "core/io/common/format.h"
#include "core/model/weight_matrix.h"

namespace lapidary::tests {

using namespace core;

NamedQuantizations quantizations() {
  NamedQuantizations all;
  const auto add = [&](Scheme scheme, int bits) {
    for (const Granularity per : {Granularity::Tensor, Granularity::Channel, Granularity::Group})
      all.push_back({std::string(name(scheme)) + std::to_string(bits) + "_" + std::string(name(per)),
                     {.scheme = scheme, .bits = bits, .granularity = per, .groupSize = 16}});
  };
  for (const Scheme scheme : {Scheme::Symmetric, Scheme::Affine, Scheme::MinMax, Scheme::BitPlane,
                              Scheme::PowerOfTwo, Scheme::Codebook})
    for (const int bits : {4, 8, 12})
      if (bits < 9 || scheme != Scheme::Codebook) add(scheme, bits);
  for (const Scheme scheme :
       {Scheme::Binary, Scheme::Ternary, Scheme::NormalFloat, Scheme::Float8E4M3, Scheme::Float8E5M2})
    add(scheme, fixedBits(scheme));
  return all;
}

Recipe recipeOf(const Model& model, const Quantize& quantize) {
  Recipe recipe;
  for (const Layer& layer : model.layers)
    if (!model.graph->value(layer.weight).producer.valid()) recipe.set(layer.name, {{}, quantize});
  return recipe;
}

Model withScaledInputs(Model cut) {
  for (auto& [weight, encoding] : cut.encodings) {
    WeightEncoding scaled = *encoding;
    const auto inputs = weightMatrix(scaled.codes.shape(), std::max(0, scaled.axis)).inputs;
    std::vector<float> scales(inputs);
    for (std::size_t i = 0; i < inputs; ++i) scales[i] = 0.5f + 0.1f * static_cast<float>(i % 9);
    scaled.inputScale = Tensor::from<float>({static_cast<std::int64_t>(inputs)}, scales);
    encoding = std::make_shared<const WeightEncoding>(std::move(scaled));
  }
  return cut;
}

Model asRead(const Model& model, const std::string& path) {
  writeModel(model, path);
  return readModel(path);
}

NamedQuantizations kindsOfQuantization() {
  const auto of = [](Scheme scheme, int bits, Granularity per) {
    return Quantize{.scheme = scheme, .bits = bits, .granularity = per, .groupSize = 16};
  };
  return {{"symmetric8", of(Scheme::Symmetric, 8, Granularity::Channel)},
          {"symmetric4", of(Scheme::Symmetric, 4, Granularity::Channel)},
          {"symmetric4_groups", of(Scheme::Symmetric, 4, Granularity::Group)},
          {"symmetric8_groups", of(Scheme::Symmetric, 8, Granularity::Group)},
          {"affine4", of(Scheme::Affine, 4, Granularity::Tensor)},
          {"affine8_groups", of(Scheme::Affine, 8, Granularity::Group)},
          {"minmax8", of(Scheme::MinMax, 8, Granularity::Channel)},
          {"minmax4_groups", of(Scheme::MinMax, 4, Granularity::Group)},
          {"symmetric12", of(Scheme::Symmetric, 12, Granularity::Channel)},
          {"codebook4", of(Scheme::Codebook, 4, Granularity::Channel)},
          {"binary", of(Scheme::Binary, fixedBits(Scheme::Binary), Granularity::Channel)},
          {"float8", of(Scheme::Float8E4M3, fixedBits(Scheme::Float8E4M3), Granularity::Channel)}};
}

}  // namespace lapidary::tests
