// SPDX-License-Identifier: GPL-3.0-or-later
// audit: what a model file holds that could do harm. Nothing of it is run.
#include "core/session/audit.h"

#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "commands.h"
#include "core/audit/audit_json.h"
#include "core/audit/file_audit.h"
#include "core/audit/pickle/pickle_steps.h"
#include "core/audit/rules/audit_rules.h"
#include "core/audit/sarif.h"
#include "core/session/behaviour.h"
#include "core/support/parallel.h"
#include "evaluation_warnings.h"
#include "terminal/exit_status.h"
#include "terminal/output.h"
#include "terminal/warnings.h"

namespace lapidary::cli {
namespace {

using namespace core;

/// A file and, where a recipe was given, what comparing the cut's behaviour found.
struct AuditedFile {
  FileAudit audit;
  std::optional<BehaviourComparison> behaviour;
};

struct AuditCommand {
  std::vector<std::string> files;
  DataOptions data;
  std::string recipe;
  unsigned threads = 0;
  FileAuditRequest request;  ///< without the path
  std::string sarif, failOn = "high";
  bool json = false, opcodes = false, allowUnknown = false;

  void run() const;

 private:
  bool hasToAnswer(const Finding& finding) const;
  AuditedFile one(const std::string& file) const;
  BehaviourComparison behaviour(const std::string& file) const;
  Json jsonOf(const AuditedFile& audited) const;
};

constexpr std::array severities{Severity::Note, Severity::Low, Severity::Medium, Severity::High,
                                Severity::Critical};

/// Nothing for "never".
std::optional<Severity> severityFrom(const std::string& word) {
  for (const Severity severity : severities)
    if (severityName(severity) == word) return severity;
  return std::nullopt;
}

std::vector<std::string> failOnWords() {
  std::vector<std::string> words;
  for (const Severity severity : severities) words.emplace_back(severityName(severity));
  words.emplace_back("never");
  return words;
}

void printFinding(const Finding& finding) {
  printLine(std::string(severityName(finding.severity)) + "  " + finding.id + "  " +
            std::string(auditRule(finding.id).title));
  printLine("    " + (finding.place.empty() ? "" : finding.place + ": ") + finding.what);
  printLine("    why:  " + finding.why);
  printLine("    cure: " + finding.cure);
}

void printOpcodes(const FileAudit& audit) {
  constexpr std::size_t offsetWidth = 8;
  for (const FoundPickle& pickle : audit.pickles) {
    printLine("pickle " + (pickle.place.empty() ? audit.path : pickle.place));
    const ListedPickle list = listPickle(pickle);
    for (const ListedStep& step : list.steps) {
      const std::string offset = std::to_string(step.offset);
      std::string line = std::string(offset.size() < offsetWidth ? offsetWidth - offset.size() : 0, ' ') +
                         offset + "  " + step.opcode;
      if (!step.argument.empty()) line += "  " + step.argument;
      if (step.mark > StepMark::Allowed) line += "    <-- " + step.meaning;
      printLine(line);
    }
    if (!list.end.empty()) printLine("    " + list.end);
  }
}

/// That the comparison was made, and what came of it: silence would read as if nothing had been done.
std::string comparedText(const BehaviourComparison& compared) {
  const auto count = [](std::size_t number) { return countText(static_cast<std::int64_t>(number)); };
  const double changed =
      static_cast<double>(compared.changed) / static_cast<double>(std::max<std::size_t>(1, compared.samples));
  std::string text = "behaviour: the cut was compared with the original on " + count(compared.samples) +
                     " samples; " + count(compared.changed) + " of them (" + percentText(changed) +
                     ") get another class";
  if (compared.searched > 0)
    text +=
        "; patterns that bring it to one class were searched for " + count(compared.searched) + " classes";
  if (compared.findings.empty()) return text + "; nothing beyond what its drop explains was found";
  return text + "; " + count(compared.findings.size()) +
         (compared.findings.size() == 1 ? " finding of it is" : " findings of it are") + " listed";
}

Json comparedJson(const BehaviourComparison& compared) {
  return {{"samples", compared.samples},
          {"changed", compared.changed},
          {"searched_classes", compared.searched},
          {"findings", compared.findings.size()}};
}

void printText(const AuditedFile& audited, bool opcodes) {
  const FileAudit& audit = audited.audit;
  printLine(audit.path + ": " + audit.content + ", " + bytesText(audit.bytes));
  printLine("sha256 " + audit.sha256);
  if (audit.signature != SignatureState::NotAsked)
    printLine(std::string("signature ") + signatureStateName(audit.signature));
  for (const Finding& finding : audit.findings) printFinding(finding);
  if (audit.findings.empty()) printLine("no findings");
  if (audited.behaviour) printLine(comparedText(*audited.behaviour));
  if (opcodes) printOpcodes(audit);
}

BehaviourComparison AuditCommand::behaviour(const std::string& file) const {
  CommonOptions common;
  common.model = file;
  common.threads = threads;
  const Opened opened = openSession(common, data);
  warnOfLabels(*opened.session);
  return compareBehaviour(*opened.session, readRecipe(recipe), {}, terminalProgress("comparing"));
}

AuditedFile AuditCommand::one(const std::string& file) const {
  FileAuditRequest named = request;
  named.path = file;
  const unsigned workers = threads == 0 ? hardwareWorkers() : threads;
  AuditedFile audited;
  audited.audit =
      withContext(file, [&] { return auditModelFile(named, workers, terminalProgress("auditing")); });
  if (recipe.empty()) return audited;
  audited.behaviour = behaviour(file);
  auto& findings = audited.audit.findings;
  findings.insert(findings.end(), audited.behaviour->findings.begin(), audited.behaviour->findings.end());
  sortBySeverity(findings);
  return audited;
}

Json AuditCommand::jsonOf(const AuditedFile& audited) const {
  Json made = auditJson(audited.audit, opcodes);
  if (audited.behaviour) made["behaviour"] = comparedJson(*audited.behaviour);
  return made;
}

/// What nobody looked into is no file without findings, whatever severity is asked for.
bool AuditCommand::hasToAnswer(const Finding& finding) const {
  if (finding.id == "unknown-content") return !allowUnknown;
  const auto limit = severityFrom(failOn);
  return limit && finding.severity >= *limit;
}

void AuditCommand::run() const {
  if (recipe.empty() != data.data.empty())
    throw Error(ErrorKind::Usage, "--recipe and --data go together: behaviour is that of a cut, on samples");
  std::vector<AuditedFile> audited;
  for (const std::string& file : files) audited.push_back(one(file));
  if (json && audited.size() == 1)
    print(jsonOf(audited.front()));
  else if (json) {
    Json all = Json::array();
    for (const AuditedFile& file : audited) all.push_back(jsonOf(file));
    print(Json{{"audits", all}});
  } else {
    for (const AuditedFile& file : audited) printText(file, opcodes);
  }
  std::vector<FileAudit> audits;
  for (AuditedFile& file : audited) audits.push_back(std::move(file.audit));
  if (!sarif.empty()) writeText(sarif, sarifLog(audits));
  for (const FileAudit& audit : audits)
    for (const Finding& finding : audit.findings)
      if (hasToAnswer(finding)) throw FindingsToAnswer();
}

}  // namespace

void addAudit(CLI::App& program) {
  CLI::App* command = program.add_subcommand(
      "audit", "Look for what could do harm in a model file, without running any of it");
  const auto audit = std::make_shared<AuditCommand>();
  command->add_option("FILE", audit->files, "Model files and archives of any kind")
      ->type_name("FILE")
      ->required();
  command->add_flag("--json", audit->json, "One JSON object on standard output");
  command->add_flag_callback("--strict", beStrict, "Exit with status 3 where anything was warned of");
  command->add_option("--sarif", audit->sarif, "Write the findings as SARIF 2.1.0 too")->type_name("FILE");
  command->add_flag("--opcodes", audit->opcodes, "List every pickle opcode by opcode");
  command->add_option("--fail-on", audit->failOn, "Exit with status 6 from this severity on")
      ->check(CLI::IsMember(failOnWords()))
      ->capture_default_str();
  command->add_flag(
      "--allow-unknown", audit->allowUnknown,
      "Let a file pass of which nothing is known; else the status is 6, whatever --fail-on says");
  addData(*command, audit->data);
  addRecipe(*command, audit->recipe);
  command->add_option("--threads", audit->threads, "Number of threads (default: all processors)")
      ->check(CLI::Range(1u, 1024u));
  command
      ->add_option("--manifest", audit->request.manifest,
                   "Manifest with the file's SHA-256 (default: the one inside of a bundle)")
      ->type_name("FILE");
  command
      ->add_option("--signature", audit->request.signature,
                   "Ed25519 signature of the manifest (default: manifest.sig inside of a bundle)")
      ->type_name("FILE");
  command
      ->add_option("--key", audit->request.key,
                   "Ed25519 public key to verify it with: PEM, DER, raw, hex or base64")
      ->type_name("FILE");
  command->footer(
      "Example:\n  lapidary-cli audit model.pt --opcodes\n  lapidary-cli audit bundle.zip --key maker.pem\n"
      "With --recipe and --data the cut's behaviour is compared with the original's:\n"
      "  lapidary-cli audit model.onnx --recipe cut.json --data digits.npz");
  command->callback([audit] { audit->run(); });
}

}  // namespace lapidary::cli
