// SPDX-License-Identifier: GPL-3.0-or-later
// lapidary-cli: cut, measure, explain and run models from a shell.
#include <csignal>
#include <cstdio>

#include "app/common/version.h"
#include "commands.h"
#include "core/support/error.h"
#include "terminal/exit_status.h"
#include "terminal/mpi_ranks.h"
#include "terminal/output_guard.h"
#include "terminal/warnings.h"

namespace lapidary::cli {

/// The parser itself would only say that some command is required.
static void requireKnownCommand(const CLI::App& program, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return;
  std::string known;
  for (const CLI::App* command : program.get_subcommands({})) {
    if (command->get_name() == argv[1]) return;
    known += ' ' + command->get_name();
  }
  throw core::Error(core::ErrorKind::Usage,
                    "there is no command '" + std::string(argv[1]) + "', only" + known);
}

static std::string ownVersion() {
  std::vector<app::Library> own{{"CLI11", CLI11_VERSION}};
  if (const std::string mpi = mpiVersion(); !mpi.empty()) own.push_back({"MPI", mpi});
  return app::versionText("lapidary-cli", own);
}

}  // namespace lapidary::cli

int main(int argc, char** argv) {
  using namespace lapidary;
  std::signal(SIGPIPE, SIG_DFL);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error to tell, not an end
  CLI::App program{"Lapidary: make neural networks smaller and measure what it costs"};
  program.set_version_flag("--version", cli::ownVersion, "Print version, commit and libraries, and exit");
  program.require_subcommand(1);
  program.footer(
      "Exit status: 0 done, 2 wrong usage, 3 unreadable input, 4 could not write, 5 a rank was lost, 6 an "
      "audit found something, 7 a search found no cut.\n"
      "Try: lapidary-cli demo -o demo && lapidary-cli evaluate demo/lenet5.onnx --data demo/digits_test.npz");
  cli::addInspect(program);
  cli::addEvaluate(program);
  cli::addCompress(program);
  cli::addExplain(program);
  cli::addProfile(program);
  cli::addRun(program);
  cli::addDemo(program);
  cli::addPlan(program);
  cli::addSizes(program);
  cli::addUnpack(program);
  cli::addSensitivity(program);
  cli::addSearch(program);
  cli::addRepair(program);
  cli::addDistill(program);
  cli::addAudit(program);
  cli::addRobustness(program);
  cli::addActivations(program);
  cli::addDetector(program);
  cli::addDetect(program);
  cli::addCompletion(program);
  program.parse_complete_callback([&program] {
    for (const CLI::App* command : program.get_subcommands()) cli::requireOwnOutputs(*command);
  });
  try {
    cli::requireKnownCommand(program, argc, argv);
    program.parse(argc, argv);
    const int status = cli::finishOutput();
    return status == cli::statusDone && cli::failsStrictly() ? cli::statusInput : status;
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? cli::statusDone : cli::statusUsage;
  } catch (const cli::FindingsToAnswer&) {
    const int status = cli::finishOutput();
    return status == cli::statusDone ? cli::statusFindings : status;
  } catch (const cli::NothingFound&) {
    const int status = cli::finishOutput();
    return status == cli::statusDone ? cli::statusNothingFound : status;
  } catch (const core::Error& error) {
    std::fprintf(stderr, "lapidary-cli: %s\n", error.what());
    return cli::statusOf(error.kind());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "lapidary-cli: %s\n", error.what());
    return cli::statusInput;
  }
}
