// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/sarif.h"

#include <nlohmann/json.hpp>
#include <set>

#include "core/audit/rules/audit_rules.h"
#include "core/support/json_text.h"

namespace lapidary::core {
namespace {

using Json = nlohmann::ordered_json;

const char* levelOf(Severity severity) {
  if (severity >= Severity::High) return "error";
  return severity == Severity::Medium ? "warning" : "note";
}

/// On the scale from 0 to 10 that code hosts sort by.
const char* scoreOf(Severity severity) {
  constexpr const char* scores[]{"0.0", "3.0", "5.5", "8.0", "9.5"};
  return scores[static_cast<std::size_t>(severity)];
}

Json ruleJson(const AuditRule& rule) {
  return {{"id", rule.id},
          {"shortDescription", {{"text", rule.title}}},
          {"fullDescription", {{"text", rule.why}}},
          {"help", {{"text", rule.cure}}},
          {"defaultConfiguration", {{"level", levelOf(rule.severity)}}},
          {"properties", {{"security-severity", scoreOf(rule.severity)}, {"tags", {"security"}}}}};
}

/// RFC 3986: what a path may hold unescaped.
std::string uriOf(const std::string& path) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string uri;
  for (const char c : path) {
    const auto code = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~/").find(c) != std::string_view::npos;
    if (plain)
      uri += c;
    else
      uri += {'%', digits[code >> 4], digits[code & 15]};
  }
  return uri;
}

Json locationJson(const std::string& path, const Finding& finding) {
  Json physical{{"artifactLocation", {{"uri", uriOf(path)}}}};
  if (finding.bytes)
    physical["region"] = {{"byteOffset", finding.bytes->offset}, {"byteLength", finding.bytes->length}};
  Json location{{"physicalLocation", physical}};
  if (!finding.place.empty())
    location["logicalLocations"] = Json::array({{{"fullyQualifiedName", finding.place}}});
  return location;
}

Json resultJson(const std::string& path, const Finding& finding) {
  return {{"ruleId", finding.id},
          {"level", levelOf(finding.severity)},
          {"message", {{"text", finding.what + ". " + finding.why + " " + finding.cure}}},
          {"locations", Json::array({locationJson(path, finding)})}};
}

}  // namespace

std::string sarifLog(const std::vector<FileAudit>& audits) {
  Json results = Json::array(), artifacts = Json::array(), rules = Json::array();
  std::set<std::string> broken;
  for (const FileAudit& audit : audits) {
    artifacts.push_back({{"location", {{"uri", uriOf(audit.path)}}},
                         {"length", audit.bytes},
                         {"hashes", {{"sha-256", audit.sha256}}}});
    for (const Finding& finding : audit.findings) {
      results.push_back(resultJson(audit.path, finding));
      if (broken.insert(finding.id).second) rules.push_back(ruleJson(auditRule(finding.id)));
    }
  }
  const Json driver{{"name", "Lapidary"}, {"version", LAPIDARY_VERSION}, {"rules", rules}};
  const Json run{{"tool", {{"driver", driver}}}, {"artifacts", artifacts}, {"results", results}};
  const Json log{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                 {"version", "2.1.0"},
                 {"runs", Json::array({run})}};
  return jsonText(log, {.indent = 2, .replaceBadText = true}) + "\n";
}

}  // namespace lapidary::core
