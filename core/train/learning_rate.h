// SPDX-License-Identifier: GPL-3.0-or-later
// How fast a training steps, by the step.
#pragma once

#include <cstddef>

namespace lapidary::core {

enum class RateSchedule {
  Constant,
  Step,      ///< times `factor` after every `every` steps
  Cosine,    ///< falls to `least` along half a cosine (Loshchilov, Hutter 2017)
  OneCycle,  ///< rises from base / 25 to base in three tenths of the steps, then falls to base / 250,000,
             ///< both along half a cosine (Smith, Topin 2018)
};

struct LearningRate {
  double base = 0.01;  ///< above 0
  RateSchedule schedule = RateSchedule::Constant;
  std::size_t steps = 0;     ///< of the whole training: Cosine, OneCycle
  std::size_t warmUp = 0;    ///< first steps in which the rate rises evenly to where the schedule is
  double least = 0;          ///< Cosine
  std::size_t every = 1000;  ///< Step: at least 1
  double factor = 0.1;       ///< Step
};

/// The rate of a step, counted from 0; steps beyond the last have the last one's.
double rateAt(const LearningRate& rate, std::size_t step);

}  // namespace lapidary::core
