// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/models/tflite_audit.h"

#include <algorithm>
#include <array>
#include <set>

#include "core/audit/archives/archive_audit.h"
#include "core/audit/models/flat_table.h"
#include "core/audit/models/tensorflow_ops.h"
#include "core/audit/parts/payload_audit.h"
#include "core/audit/texts/text_audit.h"
#include "core/files/shown_text.h"
#include "core/files/zip_directory.h"
#include "core/support/bytes.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

using namespace std::string_view_literals;

// Fields of the tables, in the order of the schema.
constexpr unsigned modelOperators = 1, modelSubgraphs = 2, modelDescription = 3, modelBuffers = 4,
                   modelMetadata = 6;
constexpr unsigned operatorCustom = 1, bufferData = 0, bufferOffset = 1, bufferSize = 2, metadataName = 0;

/// Makers of models that everybody uses: their operators are parts of known runtimes.
constexpr std::array knownCustom{"TFLite_Detection_PostProcess"sv,
                                 "Convolution2DTransposeBias"sv,
                                 "MaxPoolingWithArgmax2D"sv,
                                 "MaxUnpooling2D"sv,
                                 "TransformLandmarks"sv,
                                 "TransformTensorBilinear"sv,
                                 "Landmarks2TransformMatrix"sv,
                                 "edgetpu-custom-op"sv,
                                 "ethos-u"sv,
                                 "qnn_op"sv};

class TfliteAudit {
 public:
  TfliteAudit(AuditRun& run, const AuditPart& part) : m_run(run), m_part(part) {}

  void all() {
    const std::size_t end = modelEnd();
    auditPayload(m_run, m_part, 0, end, "the model");
    const auto model = FlatTable::root(m_part.view());
    if (!model || !model->vector(modelSubgraphs, 4) || !model->vector(modelBuffers, 4))
      return m_run.add("tflite-damaged", m_part.place, "its tables cannot be followed");
    operators(*model);
    if (const auto text = model->text(modelDescription)) told(*text, "the description");
    metadata(*model);
    buffers(*model, end);
    if (end < m_part.view().size()) auditZip(m_run, m_part, end);
  }

 private:
  /// Where an archive of labels and descriptions begins that stands behind the model; else its end.
  std::size_t modelEnd() const {
    const std::size_t size = m_part.view().size();
    try {
      std::size_t begin = size;
      const ZipDirectory directory = readZipHeaders(m_part.view());
      if (directory.end != size) return size;
      for (const ZipEntry& entry : directory.entries) begin = std::min<std::size_t>(begin, entry.offset);
      return directory.entries.empty() ? size : begin;
    } catch (const Error&) {
      return size;
    }
  }

  std::size_t offsetOf(std::string_view text) const {
    return static_cast<std::size_t>(reinterpret_cast<const std::byte*>(text.data()) - m_part.view().data());
  }
  void told(std::string_view text, const std::string& what) {
    auditText(m_run, m_part, offsetOf(text), text.size(), what);
  }

  void operators(const FlatTable& model) {
    const auto codes = model.vector(modelOperators, 4);
    std::set<std::string> seen;
    for (std::uint32_t i = 0; codes && i < codes->count; ++i) {
      m_run.progress().check();
      const auto code = model.element(*codes, i);
      const auto name = code ? code->text(operatorCustom) : std::nullopt;
      if (!name || name->empty() || !seen.insert(std::string(*name)).second) continue;
      const bool flex = name->starts_with("Flex");
      if (flex && reachesOut(name->substr(4)))
        m_run.addAt("tflite-file-op", m_part, code->position(), 4, "holds the operator " + shownText(*name));
      else if (!flex && std::ranges::find(knownCustom, *name) == knownCustom.end())
        m_run.addAt("tflite-custom-op", m_part, code->position(), 4,
                    "holds the operator " + shownText(*name));
    }
  }

  void metadata(const FlatTable& model) {
    const auto all = model.vector(modelMetadata, 4);
    for (std::uint32_t i = 0; all && i < all->count; ++i) {
      const auto one = model.element(*all, i);
      if (const auto name = one ? one->text(metadataName) : std::nullopt) told(*name, "a name of metadata");
    }
  }

  /// Texts in buffers are metadata and vocabularies; numbers were searched with the whole model.
  void buffers(const FlatTable& model, std::size_t end) {
    const auto all = model.vector(modelBuffers, 4);
    for (std::uint32_t i = 0; i < all->count; ++i) {
      m_run.progress().check();
      const auto buffer = model.element(*all, i);
      if (!buffer)
        return m_run.add("tflite-damaged", m_part.place, "buffer " + std::to_string(i) + " lies nowhere");
      const std::uint64_t offset = buffer->number(bufferOffset, 8), size = buffer->number(bufferSize, 8);
      if (offset > 1 && (offset > end || size > end - offset))
        m_run.add("tflite-damaged", m_part.place, "buffer " + std::to_string(i) + " reaches beyond the end");
      if (buffer->has(bufferData) && !buffer->vector(bufferData, 1))
        m_run.add("tflite-damaged", m_part.place, "buffer " + std::to_string(i) + " reaches beyond the end");
      const auto data = buffer->text(bufferData);
      constexpr std::size_t longestText = 1 << 20;
      if (data && data->size() >= 8 && data->size() <= longestText && isPlain(*data))
        told(*data, "buffer " + std::to_string(i));
    }
  }

  static bool isPlain(std::string_view text) {
    return std::ranges::none_of(
        text, [](char c) { return c >= 0 && c < 32 && c != '\n' && c != '\r' && c != '\t'; });
  }

  AuditRun& m_run;
  const AuditPart& m_part;
};

}  // namespace

void auditTflite(AuditRun& run, const AuditPart& part) { TfliteAudit(run, part).all(); }

}  // namespace lapidary::core
