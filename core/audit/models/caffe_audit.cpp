// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/models/caffe_audit.h"

#include <string>

#include "core/audit/parts/payload_audit.h"
#include "core/audit/parts/wire_walk.h"
#include "core/audit/texts/text_audit.h"
#include "core/files/shown_text.h"
#include "core/support/bytes.h"

namespace lapidary::core {
namespace {

using View = std::span<const std::byte>;

// Fields of the messages, by number; types of layers before 2015 are numbers, Python not among them.
constexpr std::uint32_t netOldLayer = 2, netLayer = 100, layerName = 1, layerType = 2, layerWritten = 113,
                        layerPython = 130, pythonModule = 1, pythonClass = 2, pythonTexts = 3,
                        writtenFile = 1, oldType = 5, oldTypeOfWriting = 10;

class CaffeAudit {
 public:
  CaffeAudit(AuditRun& run, const AuditPart& part) : m_run(run), m_part(part) {}

  void all() {
    m_run.add(
        "format-partly", m_part.place,
        "of Caffe's networks the layers that run Python or write files, and what is hidden, are searched "
        "for, no further");
    auditPayload(m_run, m_part, 0, m_part.view().size(), "the model");
    walkFields(m_part.view(), [&](const WireEntry& entry) {
      m_run.progress().check();
      if (entry.field.number == netLayer) layer(entry);
      if (entry.field.number == netOldLayer) oldLayer(entry);
      return true;
    });
  }

 private:
  void layer(const WireEntry& entry) {
    std::string name, type, python, file;
    walkFields(entry.payload, [&](const WireEntry& part) {
      if (part.field.number == layerName) name = part.text();
      if (part.field.number == layerType) type = part.text();
      if (part.field.number == layerPython) python = pythonOf(part.payload);
      if (part.field.number == layerWritten)
        walkFields(part.payload, [&](const WireEntry& given) {
          if (given.field.number == writtenFile) file = given.text();
          return true;
        });
      return true;
    });
    if (type == "Python" || !python.empty())
      tell("caffe-python-layer", entry, "layer " + quotedText(name) + " calls " + quotedText(python));
    if (type == "HDF5Output") tell("caffe-file-layer", entry, writes(name, file));
  }

  void oldLayer(const WireEntry& entry) {
    walkFields(entry.payload, [&](const WireEntry& part) {
      if (part.field.number == oldType && part.field.type == varintWire &&
          part.field.value == oldTypeOfWriting)
        tell("caffe-file-layer", entry, writes("", ""));
      return true;
    });
  }

  static std::string writes(const std::string& name, const std::string& file) {
    return "layer " + quotedText(name) + " writes " + (file.empty() ? "a file" : quotedText(file));
  }

  std::string pythonOf(View message) {
    std::string module, type;
    walkFields(message, [&](const WireEntry& part) {
      if (part.field.number == pythonModule) module = part.text();
      if (part.field.number == pythonClass) type = part.text();
      if (part.field.number == pythonTexts && !part.payload.empty())
        auditText(m_run, m_part, offsetOf(part.payload), part.payload.size(), "a parameter of Python");
      return true;
    });
    return module + "." + type;
  }

  std::size_t offsetOf(View bytes) const {
    return static_cast<std::size_t>(bytes.data() - m_part.view().data());
  }
  void tell(std::string_view rule, const WireEntry& entry, std::string what) {
    m_run.addAt(rule, m_part, offsetOf(entry.payload), entry.payload.size(), std::move(what));
  }

  AuditRun& m_run;
  const AuditPart& m_part;
};

}  // namespace

void auditCaffe(AuditRun& run, const AuditPart& part) { CaffeAudit(run, part).all(); }

}  // namespace lapidary::core
