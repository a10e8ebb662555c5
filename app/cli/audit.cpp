// audit: what a model file holds that could do harm. Nothing of it is run.
#include <memory>
#include <nlohmann/json.hpp>

#include "commands.h"
#include "core/audit/audit_rules.h"
#include "core/audit/file_audit.h"
#include "core/audit/sarif.h"
#include "core/io/pickle_text.h"
#include "exit_status.h"
#include "output.h"

namespace lapidary::cli {
namespace {

using namespace core;

constexpr std::size_t listedSteps = 100'000;

struct AuditCommand {
  std::vector<std::string> files;
  FileAuditRequest request;  ///< without the path
  std::string sarif, failOn = "high";
  bool json = false, opcodes = false;

  void run() const;
};

std::optional<Severity> severityFrom(const std::string& word) {
  for (const Severity severity :
       {Severity::Note, Severity::Low, Severity::Medium, Severity::High, Severity::Critical})
    if (severityName(severity) == word) return severity;
  return std::nullopt;
}

const char* stateName(SignatureState state) {
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

/// Calls `onStep` for every opcode; what cannot be read is told of last.
template <class OnStep>
std::string listSteps(const FoundPickle& pickle, OnStep&& onStep) {
  PickleScanner scanner(pickle.bytes.view, pickle.offset);
  try {
    for (std::size_t i = 0; i < listedSteps; ++i) {
      const auto step = scanner.next();
      if (!step) return "";
      onStep(*step);
    }
  } catch (const Error& error) {
    return error.what();
  }
  return "only the first " + std::to_string(listedSteps) + " steps are listed";
}

Json picklesJson(const FileAudit& audit) {
  Json pickles = Json::array();
  for (const FoundPickle& pickle : audit.pickles) {
    Json steps = Json::array();
    const std::string end = listSteps(pickle, [&](const PickleStep& step) {
      steps.push_back(
          {{"offset", step.offset}, {"opcode", step.opcode->name}, {"argument", argumentText(step)}});
    });
    pickles.push_back({{"place", pickle.place}, {"steps", steps}});
    if (!end.empty()) pickles.back()["end"] = end;
  }
  return pickles;
}

Json auditJson(const FileAudit& audit, bool opcodes) {
  Json json{{"path", audit.path},
            {"content", audit.content},
            {"bytes", audit.bytes},
            {"sha256", audit.sha256},
            {"signature", stateName(audit.signature)}};
  const auto worst = worstOf(audit.findings);
  json["worst"] = worst ? Json(severityName(*worst)) : Json();
  json["findings"] = Json::array();
  for (const Finding& finding : audit.findings) json["findings"].push_back(findingJson(finding));
  if (opcodes) json["pickles"] = picklesJson(audit);
  return json;
}

void printFinding(const Finding& finding) {
  printLine(std::string(severityName(finding.severity)) + "  " + finding.id + "  " +
            std::string(auditRule(finding.id).title));
  printLine("    " + (finding.place.empty() ? "" : finding.place + ": ") + finding.what);
  printLine("    why:  " + finding.why);
  printLine("    cure: " + finding.cure);
}

void printOpcodes(const FileAudit& audit) {
  for (const FoundPickle& pickle : audit.pickles) {
    printLine("pickle " + (pickle.place.empty() ? audit.path : pickle.place));
    std::vector<std::vector<std::string>> rows;
    const std::string end = listSteps(pickle, [&](const PickleStep& step) {
      rows.push_back(
          {std::string(step.opcode->name) + "  " + argumentText(step), std::to_string(step.offset)});
    });
    for (const auto& row : rows)
      printLine(std::string(row[1].size() < 8 ? 8 - row[1].size() : 0, ' ') + row[1] + "  " + row[0]);
    if (!end.empty()) printLine("    " + end);
  }
}

void printText(const FileAudit& audit, bool opcodes) {
  printLine(audit.path + ": " + audit.content + ", " + bytesText(audit.bytes));
  printLine("sha256 " + audit.sha256);
  if (audit.signature != SignatureState::NotAsked)
    printLine(std::string("signature ") + stateName(audit.signature));
  for (const Finding& finding : audit.findings) printFinding(finding);
  if (audit.findings.empty()) printLine("no findings");
  if (opcodes) printOpcodes(audit);
}

void AuditCommand::run() const {
  const auto limit = failOn == "never" ? std::nullopt : severityFrom(failOn);
  if (!limit && failOn != "never")
    throw Error(ErrorKind::Usage,
                "--fail-on " + failOn + ": note, low, medium, high, critical or never expected");
  std::vector<FileAudit> audits;
  for (const std::string& file : files) {
    FileAuditRequest one = request;
    one.path = file;
    audits.push_back(withContext(file, [&] { return auditFile(one, terminalProgress("auditing")); }));
  }
  if (json && audits.size() == 1)
    print(auditJson(audits.front(), opcodes));
  else if (json) {
    Json all = Json::array();
    for (const FileAudit& audit : audits) all.push_back(auditJson(audit, opcodes));
    print(Json{{"audits", all}});
  } else {
    for (const FileAudit& audit : audits) printText(audit, opcodes);
  }
  if (!sarif.empty()) writeText(sarif, sarifLog(audits));
  for (const FileAudit& audit : audits)
    if (limit && worstOf(audit.findings) >= limit) throw FindingsToAnswer();
}

}  // namespace

void addAudit(CLI::App& program) {
  CLI::App* command = program.add_subcommand(
      "audit", "Look for what could do harm in a model file, without running any of it");
  const auto audit = std::make_shared<AuditCommand>();
  command->add_option("FILE", audit->files, "Model files and archives of any kind")->required();
  command->add_flag("--json", audit->json, "One JSON object on standard output");
  command->add_option("--sarif", audit->sarif, "Write the findings as SARIF 2.1.0 too");
  command->add_flag("--opcodes", audit->opcodes, "List every pickle opcode by opcode");
  command->add_option(
      "--fail-on", audit->failOn,
      "Exit with status 6 from this severity on: note, low, medium, high (default), critical, never");
  command->add_option("--manifest", audit->request.manifest,
                      "Manifest with the file's SHA-256 (default: the one inside of a bundle)");
  command->add_option("--signature", audit->request.signature,
                      "Ed25519 signature of the manifest (default: manifest.sig inside of a bundle)");
  command->add_option("--key", audit->request.key,
                      "Ed25519 public key to verify it with: PEM, raw, hex or base64");
  command->footer(
      "Example:\n  lapidary-cli audit model.pt --opcodes\n  lapidary-cli audit bundle.zip --key maker.pem");
  command->callback([audit] { audit->run(); });
}

}  // namespace lapidary::cli
