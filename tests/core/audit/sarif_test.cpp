// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/sarif.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/audit/rules/audit_rules.h"

namespace lapidary::core {
namespace {

TEST(Sarif, HasWhatTheStandardAsksFor) {
  FileAudit audit;
  audit.path =
      "some folder/m\xc3\xb6"
      "del.pt";
  audit.bytes = 7;
  audit.sha256 = "00";
  audit.findings = {
      findingOf("pickle-dangerous-name", "data.pkl, byte 2", "looks up os.system", ByteRange{2, 1}),
      findingOf("text-long", "", "long")};
  const auto log = nlohmann::json::parse(sarifLog({audit}));
  EXPECT_EQ(log["version"], "2.1.0");
  const auto& run = log["runs"][0];
  EXPECT_EQ(run["tool"]["driver"]["name"], "Lapidary");
  ASSERT_EQ(run["results"].size(), 2u);
  EXPECT_EQ(run["results"][0]["level"], "error");
  EXPECT_EQ(run["results"][1]["level"], "note");
  EXPECT_EQ(run["results"][0]["ruleId"], run["tool"]["driver"]["rules"][0]["id"]);
  const auto& place = run["results"][0]["locations"][0];
  EXPECT_EQ(place["physicalLocation"]["artifactLocation"]["uri"], "some%20folder/m%C3%B6del.pt");
  EXPECT_EQ(place["physicalLocation"]["region"]["byteOffset"], 2);
  EXPECT_EQ(place["logicalLocations"][0]["fullyQualifiedName"], "data.pkl, byte 2");
}

TEST(AuditRules, IdsAreUniqueAndTextsWhole) {
  std::set<std::string_view> ids;
  for (const AuditRule& rule : auditRules()) {
    EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
    EXPECT_TRUE(rule.why.ends_with('.')) << rule.id;
    EXPECT_TRUE(rule.cure.ends_with('.')) << rule.id;
    EXPECT_FALSE(rule.title.ends_with('.')) << rule.id;
  }
}

}  // namespace
}  // namespace lapidary::core
