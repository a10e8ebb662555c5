// SPDX-License-Identifier: GPL-3.0-or-later
// The rules' texts stand in core; translations/ has them in the context "AuditRules".
#include "ui/audit/audit_texts.h"

#include <QCoreApplication>

#include "core/audit/rules/audit_rules.h"
#include "ui/look/theme.h"

namespace lapidary::ui {

namespace {

struct AuditTr {
  Q_DECLARE_TR_FUNCTIONS(Audit)
};

QString translated(std::string_view text) {
  return QCoreApplication::translate("AuditRules", std::string(text).c_str());
}

}  // namespace

QString severityText(core::Severity severity) {
  switch (severity) {
    case core::Severity::Note:
      return AuditTr::tr("Note");
    case core::Severity::Low:
      return AuditTr::tr("Low");
    case core::Severity::Medium:
      return AuditTr::tr("Medium");
    case core::Severity::High:
      return AuditTr::tr("High");
    case core::Severity::Critical:
      return AuditTr::tr("Critical");
  }
  return {};
}

QColor severityColor(core::Severity severity) {
  const auto& theme = Theme::instance();
  if (severity >= core::Severity::High) return theme.color(Role::Loss);
  return theme.color(severity == core::Severity::Medium ? Role::Text : Role::Muted);
}

QString ruleTitle(const core::Finding& finding) { return translated(core::auditRule(finding.id).title); }
QString ruleWhy(const core::Finding& finding) { return translated(finding.why); }
QString ruleCure(const core::Finding& finding) { return translated(finding.cure); }

}  // namespace lapidary::ui
