// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/pickle/pickle_audit.h"

#include <set>

#include "core/audit/parts/content_kind.h"
#include "core/audit/parts/encoded_text.h"
#include "core/audit/parts/payload_audit.h"
#include "core/files/shown_text.h"
#include "core/io/torch/pickle_text.h"
#include "core/io/torch/pickle_trust.h"

namespace lapidary::core {
namespace {

using Kind = PickleValue::Kind;
constexpr int deepestPickle = 8;

/// TorchScript's own classes, whose code lies in the archive and is told of there.
bool isOfArchive(const PickleValue& global) { return global.module.starts_with("__torch__"); }

std::string nameOf(const PickleValue& global) { return global.module + '.' + global.text; }

void auditLookups(AuditRun& run, const AuditPart& part, const PickleTrace& pickle) {
  std::set<std::string> told;
  for (const auto& lookup : pickle.lookups) {
    const PickleValue& global = pickle.at(lookup.value);
    if (!lookup.known) {
      run.addAt("pickle-computed-name", part, lookup.offset, 1,
                "looks up a name that only the loading machine knows" +
                    (global.text.empty() ? "" : " (" + global.text + ")"));
      continue;
    }
    if (pickleTrust(global.module, global.text) == PickleTrust::Dangerous &&
        told.insert(nameOf(global)).second)
      run.addAt("pickle-dangerous-name", part, lookup.offset, 1, "looks up " + shownText(nameOf(global)));
  }
}

/// Whoever calls what, once for each callee.
void auditCalls(AuditRun& run, const AuditPart& part, const PickleTrace& pickle) {
  std::set<std::string> told;
  for (const auto& call : pickle.calls) {
    const PickleValue& callee = pickle.at(pickle.at(call.value).items[0]);
    if (callee.kind != Kind::Global) {
      if (callee.kind != Kind::Unknown || pickle.oddities.empty())
        run.addAt("pickle-unknown-call", part, call.offset, 1,
                  "calls what an earlier call gave: " + pickleText(pickle, call.value));
      continue;
    }
    if (pickleTrust(callee.module, callee.text) != PickleTrust::Unknown ||
        !told.insert(nameOf(callee)).second)
      continue;
    if (isOfArchive(callee)) continue;
    const bool makes = call.opcode.starts_with("NEWOBJ");
    run.addAt(makes ? "pickle-unknown-class" : "pickle-unknown-call", part, call.offset, 1,
              (makes ? "makes an object of " : "calls ") + shownText(nameOf(callee)) +
                  (makes ? "" : ": " + pickleText(pickle, call.value)));
  }
}

/// Names that were looked up and are not on the list, called or not.
void auditUncalled(AuditRun& run, const AuditPart& part, const PickleTrace& pickle) {
  std::set<PickleId> called;
  for (const auto& call : pickle.calls) called.insert(pickle.at(call.value).items[0]);
  std::set<std::string> told;
  for (const auto& lookup : pickle.lookups) {
    const PickleValue& global = pickle.at(lookup.value);
    if (!lookup.known || called.contains(lookup.value) || isOfArchive(global)) continue;
    if (pickleTrust(global.module, global.text) == PickleTrust::Unknown && told.insert(nameOf(global)).second)
      run.addAt("pickle-unknown-class", part, lookup.offset, 1, "looks up " + shownText(nameOf(global)));
  }
}

void auditOddities(AuditRun& run, const AuditPart& part, const PickleTrace& pickle) {
  for (const auto& oddity : pickle.oddities)
    run.addAt(oddity.onGlobal ? "pickle-changes-name" : "pickle-odd", part, oddity.offset, 1,
              shownText(oddity.what));
}

bool startsPickle(std::string_view text) {
  return text.size() > 3 && text[0] == '\x80' && text[1] >= 2 && text[1] <= 5 &&
         text.find('.') != std::string_view::npos;
}

/// Bytes that protocol 2 had to write as the text of their Latin-1 characters, as bytes again.
std::optional<std::string> fromLatin1(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x80) {
      bytes += text[i];
    } else if ((lead == 0xc2 || lead == 0xc3) && i + 1 < text.size()) {
      bytes += static_cast<char>((lead & 3) << 6 | (static_cast<unsigned char>(text[++i]) & 0x3f));
    } else {
      return std::nullopt;
    }
  }
  return bytes;
}

void auditNested(AuditRun& run, const AuditPart& part, std::size_t at, std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  const PickleTrace inner = tracePickle(bytes, 0, run.progress());
  if (!inner.fault.empty() && inner.lookups.empty()) return;
  run.addAt("pickle-nested", part, at, 1,
            "holds a string that is a pickle of " + std::to_string(inner.steps) + " steps");
  auditPickles(run, {Bytes{nullptr, bytes}, part.placeOf(at) + ", pickle within", "", "", part.depth + 1, {}},
               0);
}

/// Strings that are pickles themselves, or something else that somebody unpacks, decodes and runs.
void auditStrings(AuditRun& run, const AuditPart& part, const PickleTrace& pickle) {
  if (part.depth >= deepestPickle) return;
  for (const PickleValue& value : pickle.values) {
    if (value.kind != Kind::Text && value.kind != Kind::ByteString) continue;
    const auto latin =
        value.kind == Kind::Text && value.text.starts_with('\xc2') ? fromLatin1(value.text) : std::nullopt;
    const std::string& text = latin ? *latin : value.text;
    if (startsPickle(text))
      auditNested(run, part, value.offset, text);
    else
      auditEncodedValue(run, part, value.offset, text, "a string");
  }
}

/// What joblib writes between the opcodes.
void auditArrays(AuditRun& run, const AuditPart& part, const PickleTrace& pickle) {
  for (const auto& array : pickle.arrays) {
    if (!array.pickled)
      auditPayload(run, part, array.offset, array.length, "the numbers");
    else if (part.depth < deepestPickle)
      auditPickle(run, part, array.offset);
  }
}

}  // namespace

PickleTrace auditPickle(AuditRun& run, const AuditPart& part, std::size_t offset) {
  PickleTrace pickle = tracePickle(part.view(), offset, run.progress());
  run.keepPickle(part, offset);
  auditLookups(run, part, pickle);
  auditCalls(run, part, pickle);
  auditUncalled(run, part, pickle);
  auditOddities(run, part, pickle);
  auditStrings(run, part, pickle);
  auditArrays(run, part, pickle);
  if (!pickle.fault.empty()) run.addAt("pickle-damaged", part, pickle.end, 1, pickle.fault);
  return pickle;
}

PickledStretch auditPickles(AuditRun& run, const AuditPart& part, std::size_t offset) {
  const auto bytes = part.view();
  PickledStretch stretch{offset, true};
  do {
    const PickleTrace pickle = auditPickle(run, part, stretch.end);
    stretch = {pickle.end, pickle.fault.empty()};
  } while (stretch.whole && stretch.end < bytes.size() &&
           contentKind(bytes.subspan(stretch.end)) == ContentKind::Pickle);
  return stretch;
}

}  // namespace lapidary::core
