// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/audit_json.h"

#include <nlohmann/json.hpp>

#include "core/audit/pickle/pickle_steps.h"
#include "core/audit/rules/audit_rules.h"
#include "core/support/json_text.h"

namespace lapidary::core {
namespace {

using Json = nlohmann::ordered_json;

Json findingJson(const Finding& finding) {
  Json json{{"id", finding.id},
            {"severity", severityName(finding.severity)},
            {"title", auditRule(finding.id).title},
            {"place", finding.place},
            {"what", finding.what},
            {"why", finding.why},
            {"cure", finding.cure}};
  if (finding.bytes) {
    json["offset"] = finding.bytes->offset;
    json["length"] = finding.bytes->length;
  }
  return json;
}

Json pickleJson(const FoundPickle& pickle) {
  const ListedPickle list = listPickle(pickle);
  Json json{{"place", pickle.place}, {"steps", Json::array()}};
  for (const ListedStep& step : list.steps) {
    Json one{{"offset", step.offset}, {"opcode", step.opcode}, {"argument", step.argument}};
    if (!step.meaning.empty()) one["meaning"] = step.meaning;
    json["steps"].push_back(std::move(one));
  }
  if (!list.end.empty()) json["end"] = list.end;
  return json;
}

}  // namespace

const char* signatureStateName(SignatureState state) {
  switch (state) {
    case SignatureState::NotAsked:
      return "not asked";
    case SignatureState::Missing:
      return "missing";
    case SignatureState::Invalid:
      return "invalid";
    case SignatureState::Valid:
      return "valid";
  }
  return "";
}

Json auditJson(const FileAudit& audit, bool opcodes) {
  Json json{{"path", audit.path},
            {"content", audit.content},
            {"bytes", audit.bytes},
            {"sha256", audit.sha256},
            {"signature", signatureStateName(audit.signature)}};
  const auto worst = worstOf(audit.findings);
  json["worst"] = worst ? Json(severityName(*worst)) : Json();
  json["findings"] = Json::array();
  for (const Finding& finding : audit.findings) json["findings"].push_back(findingJson(finding));
  if (!opcodes) return json;
  json["pickles"] = Json::array();
  for (const FoundPickle& pickle : audit.pickles) json["pickles"].push_back(pickleJson(pickle));
  return json;
}

std::string auditJsonText(const FileAudit& audit) {
  return jsonText(auditJson(audit, true), {.indent = 2, .replaceBadText = true}) + "\n";
}

}  // namespace lapidary::core
