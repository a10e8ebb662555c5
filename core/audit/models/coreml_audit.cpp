// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/models/coreml_audit.h"

#include <array>
#include <string>

#include "core/audit/parts/path_escape.h"
#include "core/audit/parts/payload_audit.h"
#include "core/audit/parts/wire_walk.h"
#include "core/audit/texts/text_audit.h"
#include "core/files/shown_text.h"
#include "core/support/bytes.h"

namespace lapidary::core {
namespace {

using View = std::span<const std::byte>;
constexpr int deepestPart = 32;

// Fields of the messages, by number.
constexpr std::uint32_t coreDescription = 2, modelCustom = 555, modelLinked = 556, modelProgram = 502,
                        modelPipeline = 202, className = 10, layerCustom = 500, layerBranch = 605,
                        layerLoop = 615, networkLayer = 1, mapValue = 2;
constexpr std::array<std::uint32_t, 2> wrappedPipelines{200, 201};
constexpr std::array<std::uint32_t, 3> networks{303, 403, 500};
constexpr std::uint32_t programFunctions = 2, functionBlocks = 3, blockOperations = 3, operationType = 1,
                        operationInputs = 2, operationBlocks = 4, operationAttributes = 5,
                        argumentBinding = 1, bindingValue = 2, valueBlob = 5, blobName = 1;

class CoreMlAudit {
 public:
  CoreMlAudit(AuditRun& run, const AuditPart& part) : m_run(run), m_part(part) {}

  void all() {
    m_run.add(
        "format-partly", m_part.place,
        "of Core ML the layers that need code of an app, files that the model names, and what is hidden "
        "are searched for, no further");
    auditPayload(m_run, m_part, 0, m_part.view().size(), "the model");
    model(m_part.view(), 0);
  }

 private:
  template <class Visit>
  static void each(View message, std::uint32_t number, Visit&& visit) {
    walkFields(message, [&](const WireEntry& entry) {
      if (entry.field.number == number && entry.field.type == bytesWire) visit(entry.payload);
      return true;
    });
  }

  void model(View message, int depth) {
    if (depth > deepestPart) return;
    m_run.progress().check();
    each(message, coreDescription,
         [&](View text) { auditText(m_run, m_part, offsetOf(text), text.size(), "the description"); });
    each(message, modelCustom, [&](View custom) { own(custom, "the model"); });
    each(message, modelLinked,
         [&](View linked) { tell("coreml-file", linked, "the model is in another file, which it names"); });
    each(message, modelProgram, [&](View program) { functions(program); });
    for (const std::uint32_t number : networks) each(message, number, [&](View found) { network(found, 0); });
    const auto models = [&](View pipeline) {
      each(pipeline, 1, [&](View inner) { model(inner, depth + 1); });
    };
    each(message, modelPipeline, models);
    for (const std::uint32_t number : wrappedPipelines)
      each(message, number, [&](View wrapped) { each(wrapped, 1, models); });
  }

  void network(View message, int depth) {
    if (depth > deepestPart) return;
    each(message, networkLayer, [&](View layer) {
      m_run.progress().check();
      each(layer, layerCustom, [&](View custom) { own(custom, "a layer"); });
      for (const std::uint32_t control : {layerBranch, layerLoop})
        each(layer, control, [&](View inside) {
          walkFields(inside, [&](const WireEntry& entry) {
            if (entry.field.type == bytesWire) network(entry.payload, depth + 1);
            return true;
          });
        });
    });
  }

  void own(View custom, const std::string& what) {
    std::string name;
    each(custom, className, [&](View text) { name = textOf(text); });
    tell("coreml-custom", custom, what + " is of the class " + quotedText(name));
  }

  void functions(View program) {
    each(program, programFunctions, [&](View function) {
      each(function, mapValue, [&](View body) {
        each(body, functionBlocks,
             [&](View named) { each(named, mapValue, [&](View inner) { block(inner, 0); }); });
      });
    });
  }

  void block(View message, int depth) {
    if (depth > deepestPart) return;
    each(message, blockOperations, [&](View operation) {
      m_run.progress().check();
      each(operation, operationType, [&](View type) {
        if (textOf(type).starts_with("custom"))
          tell("coreml-custom", operation, "an operation is " + quotedText(textOf(type)));
      });
      each(operation, operationBlocks, [&](View inner) { block(inner, depth + 1); });
      each(operation, operationAttributes,
           [&](View entry) { each(entry, mapValue, [&](View value) { blob(value); }); });
      each(operation, operationInputs, [&](View entry) {
        each(entry, mapValue, [&](View argument) {
          each(argument, argumentBinding,
               [&](View binding) { each(binding, bindingValue, [&](View value) { blob(value); }); });
        });
      });
    });
  }

  /// Weights beside the model, whose path begins with the folder of the model.
  void blob(View value) {
    each(value, valueBlob, [&](View file) {
      each(file, blobName, [&](View text) {
        constexpr std::string_view folder = "@model_path/";
        std::string_view name = textOf(text);
        if (name.starts_with(folder)) name.remove_prefix(folder.size());
        if (leadsOut(name)) tell("coreml-file", file, "weights are in " + quotedText(textOf(text)));
      });
    });
  }

  std::size_t offsetOf(View bytes) const {
    return static_cast<std::size_t>(bytes.data() - m_part.view().data());
  }
  void tell(std::string_view rule, View bytes, std::string what) {
    m_run.addAt(rule, m_part, offsetOf(bytes), bytes.size(), std::move(what));
  }

  AuditRun& m_run;
  const AuditPart& m_part;
};

}  // namespace

void auditCoreMl(AuditRun& run, const AuditPart& part) { CoreMlAudit(run, part).all(); }

}  // namespace lapidary::core
