// SPDX-License-Identifier: GPL-3.0-or-later
// The configuration that trainers of Hugging Face's transformers keep beside a model
// (preprocessor_config.json), as a preprocess document.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/data/preprocess.h"

namespace lapidary::core {

/// By keys that no document of ours has.
bool isProcessorConfig(const nlohmann::json& document);

/// Throws Error(InvalidInput) naming the key. What has no effect here is listed.
PreprocessDocument fromProcessorConfig(const nlohmann::json& document);

}  // namespace lapidary::core
