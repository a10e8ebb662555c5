// SPDX-License-Identifier: GPL-3.0-or-later
// unpack: the file that a .lapidary file holds, byte for byte.
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "commands.h"
#include "core/io/lapidary/lapidary.h"
#include "core/support/error.h"
#include "terminal/output.h"

namespace lapidary::cli {
namespace {

using namespace core;

struct UnpackCommand {
  std::string file, out;
  bool json = false;

  void run() const {
    const Bytes bytes = mapFile(file);
    const std::string ending(withContext(file, [&] { return packedEnding(bytes); }));
    const std::string target =
        out.empty() ? std::filesystem::path(file).replace_extension(ending).string() : out;
    if (!target.ends_with(ending))
      throw Error(ErrorKind::Usage, target + ": the file packed in " + file + " is of the kind " + ending +
                                        ": give it that ending");
    std::uint64_t written = 0;
    writeFileAtomically(target, [&](const Append& append) {
      const Append counted = [&](std::span<const std::byte> part) { written += part.size(), append(part); };
      withContext(file, [&] { unpackLapidary(bytes, counted, terminalProgress("unpacking")); });
    });
    if (json)
      print(Json{{"bytes_in", bytes.view.size()}, {"bytes_out", written}, {"out", target}});
    else
      printLine(bytesText(bytes.view.size()) + " -> " + bytesText(written) + "  " + target);
  }
};

}  // namespace

void addUnpack(CLI::App& program) {
  CLI::App* command =
      program.add_subcommand("unpack", "Give back the ONNX or safetensors file that a .lapidary file holds");
  const auto unpack = std::make_shared<UnpackCommand>();
  command->add_option("FILE", unpack->file, "A .lapidary file")->type_name("FILE")->required();
  command->add_flag("--json", unpack->json, "One JSON object on standard output");
  command->add_option("-o,--output", unpack->out, "Where to (default: beside it, with its own ending)")
      ->type_name("FILE");
  command->footer("Example:\n  lapidary-cli unpack small.lapidary -o small.onnx");
  command->callback([unpack] { unpack->run(); });
}

}  // namespace lapidary::cli
