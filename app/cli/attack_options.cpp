// SPDX-License-Identifier: GPL-3.0-or-later
#include "attack_options.h"

namespace lapidary::cli {

using namespace core;

RobustnessRequest AttackOptions::read() const {
  RobustnessRequest made = request;
  made.methods.clear();
  for (const std::string& word : attacks) made.methods.push_back(*attackMethodNamed(word));
  made.norm = norm == "l2" ? AttackNorm::L2 : AttackNorm::LInf;
  if (!unit.empty()) made.unit = unit == "pixel" ? StrengthUnit::Pixel : StrengthUnit::Input;
  return made;
}

void addAttack(CLI::App& command, AttackOptions& options) {
  RobustnessRequest& request = options.request;
  command
      .add_option("--attack", options.attacks, "fgsm, pgd, noise (uniform), gaussian; several with commas")
      ->delimiter(',')
      ->check(CLI::IsMember({"fgsm", "pgd", "noise", "gaussian"}))
      ->capture_default_str();
  command
      .add_option("--strengths", request.strengths,
                  "Largest changes, like 1,2,4,8 (default: 1 to 16 levels of pixels, or hundredths)")
      ->delimiter(',')
      ->check(CLI::NonNegativeNumber);
  command
      .add_option("--unit", options.unit,
                  "pixel: levels of 0 to 255; input: what the model reads (default: pixel for pictures)")
      ->check(CLI::IsMember({"pixel", "input"}));
  command.add_option("--norm", options.norm, "What the strength bounds: linf or l2")
      ->check(CLI::IsMember({"linf", "l2"}))
      ->capture_default_str();
  command.add_option("--steps", request.steps, "Of pgd")->check(CLI::Range(1, 1000))->capture_default_str();
  command.add_option("--samples", request.samples, "The first of a stratified order")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command.add_option("--seed", request.seed, "Of random starts and noise")->capture_default_str();
}

}  // namespace lapidary::cli
