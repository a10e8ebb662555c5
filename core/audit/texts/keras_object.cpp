// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/texts/keras_object.h"

#include <algorithm>
#include <array>

#include "core/audit/texts/code_name.h"
#include "core/files/shown_text.h"

namespace lapidary::core {
namespace {

using namespace std::string_view_literals;

/// Layers whose configuration holds marshalled code, a pickle or the path of one.
constexpr std::array codeLayers{"Lambda"sv,   "__lambda__"sv, "TorchModuleWrapper"sv, "TFSMLayer"sv,
                                "JaxLayer"sv, "FlaxLayer"sv,  "FlaxWrapper"sv};
/// What Keras has itself, and calls where a configuration names it: files are fetched, guards are lifted.
constexpr std::array reachingNames{"get_file"sv,
                                   "load_model"sv,
                                   "load_weights"sv,
                                   "load_data"sv,
                                   "load_img"sv,
                                   "save_model"sv,
                                   "enable_unsafe_deserialization"sv,
                                   "deserialize_keras_object"sv,
                                   "model_from_json"sv,
                                   "register_keras_serializable"sv,
                                   "set_backend"sv,
                                   "import_module"sv,
                                   "audio_dataset_from_directory"sv,
                                   "image_dataset_from_directory"sv,
                                   "text_dataset_from_directory"sv};
constexpr std::array textLayers{"StringLookup"sv, "IntegerLookup"sv, "IndexLookup"sv, "TextVectorization"sv};

bool isOneOf(std::string_view name, auto& table) { return std::ranges::find(table, name) != std::end(table); }

/// The package part of "package>Name"; empty without one.
std::string packageOf(const std::string& registered) {
  const std::size_t mark = registered.find('>');
  return mark == std::string::npos ? "" : registered.substr(0, mark);
}

bool isLoadedModule(const std::string& module) {
  const std::string root = module.substr(0, module.find('.'));
  constexpr std::array known{"keras"sv,     "tensorflow"sv, "tf_keras"sv,  "keras_hub"sv,
                             "keras_nlp"sv, "keras_cv"sv,   "keras_core"sv};
  return isOneOf(root, known) && !runsCode(module + ".x");
}

/// Operators of TensorFlow that a layer may wrap and that reach files or code.
bool reachesFiles(std::string_view function) {
  constexpr std::array starts{"io."sv,   "raw_ops."sv,     "py_function"sv, "numpy_function"sv,
                              "data."sv, "saved_model."sv, "load_"sv,       "compat."sv,
                              "test."sv, "debugging."sv};
  return std::ranges::any_of(starts, [&](std::string_view start) { return function.starts_with(start); }) ||
         function.find("read_file") != std::string_view::npos ||
         function.find("write_file") != std::string_view::npos;
}

}  // namespace

std::optional<KerasFault> kerasFault(const KerasObject& object) {
  const std::string& type = object.className;
  const std::string package = packageOf(object.registeredName);
  if (isOneOf(type, codeLayers))
    return KerasFault{"keras-code", "the configuration has a " + type + " layer"};
  if (!object.module.empty() && !isLoadedModule(object.module) &&
      (object.isWhole || runsCode(object.module + "." + type)))
    return KerasFault{"keras-module", "the configuration takes " + shownText(type) + " from the module " +
                                          shownText(object.module)};
  if (isOneOf(type, reachingNames) || runsCode(type))
    return KerasFault{"keras-module", "the configuration calls " + shownText(type)};
  if (object.function.find("import") != std::string::npos ||
      ((type == "TFOpLambda" || type == "TensorFlowOpLayer" || type == "SlicingOpLambda") &&
       (reachesFiles(object.function) || runsCode(object.function))))
    return KerasFault{"keras-module", "a layer calls the operator " + shownText(object.function)};
  if (runsCode(package + ".x") || (!package.empty() && runsCode(package)))
    return KerasFault{"keras-module", "the configuration takes " + shownText(type) + " from the package " +
                                          shownText(package)};
  if (isOneOf(type, textLayers) && !object.vocabulary.empty())
    return KerasFault{"keras-file", "a " + type + " layer reads " + quotedText(object.vocabulary)};
  return std::nullopt;
}

}  // namespace lapidary::core
