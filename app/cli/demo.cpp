// SPDX-License-Identifier: GPL-3.0-or-later
// demo: puts the embedded models and data into a folder.
#include <QDir>
#include <QFile>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "commands.h"
#include "core/files/bytes.h"
#include "core/support/error.h"
#include "resources/resources.h"
#include "terminal/output.h"

namespace lapidary::cli {
namespace {

using namespace core;

std::vector<std::string> writeDemo(const std::string& folder) {
  loadResources();
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw Error(ErrorKind::CannotWrite, folder + ": " + error.message());
  std::vector<std::string> written;
  for (const QString& name : QDir(":/demo").entryList(QDir::Files, QDir::Name)) {
    QFile file(":/demo/" + name);
    if (!file.open(QIODevice::ReadOnly))
      throw Error(ErrorKind::InvalidInput, "the embedded " + name.toStdString() + " cannot be read");
    const QByteArray bytes = file.readAll();
    const std::string path = (std::filesystem::path(folder) / name.toStdString()).string();
    writeFileAtomically(path, [&](const Append& append) {
      append(std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size()))));
    });
    written.push_back(path);
  }
  return written;
}

}  // namespace

void addDemo(CLI::App& program) {
  CLI::App* command = program.add_subcommand("demo", "Write the demo's models and data to a folder");
  struct Options {
    std::string out;
    bool json = false;
  };
  const auto options = std::make_shared<Options>();
  command->add_option("-o,--output", options->out, "Folder to write to")->type_name("FOLDER")->required();
  command->add_flag("--json", options->json, "One JSON object on standard output");
  command->footer(
      "Example:\n  lapidary-cli demo -o demo\n  lapidary-cli evaluate demo/lenet5.onnx --data "
      "demo/digits_test.npz");
  command->callback([options] {
    const std::vector<std::string> written = writeDemo(options->out);
    if (options->json) return print({{"files", written}});
    for (const std::string& path : written) printLine(path);
  });
}

}  // namespace lapidary::cli
