// How the learning rate changes with the step t, counted from 0:
//
//   constant   1
//   step       factor^⌊t/steps⌋                       torch.optim.lr_scheduler.StepLR
//   cosine     ½(1 + cos(π·min(t, steps)/steps))      Loshchilov & Hutter 2017, arXiv:1608.03983, without restarts
//
// times min(1, (t+1)/warmup) while it warms up (Goyal et al. 2017, arXiv:1706.02677).
#pragma once

#include <algorithm>

#include "core/types.hpp"
#include "data/circle.hpp"

namespace bnlab {

enum class ScheduleKind { kConstant, kStep, kCosine };

struct Schedule {
  ScheduleKind kind = ScheduleKind::kConstant;
  Index steps = 100;
  double factor = 0.5;
  Index warmup = 0;
};

// By squaring, which every platform rounds alike.
inline double power(double base, Index exponent) {
  double result = 1;
  for (; exponent > 0; exponent /= 2, base *= base)
    if (exponent % 2 == 1) result *= base;
  return result;
}

// The factor on the learning rate of update t.
inline double schedule_factor(const Schedule& schedule, Index t) {
  const double warm =
      t + 1 < schedule.warmup ? static_cast<double>(t + 1) / static_cast<double>(schedule.warmup) : 1.0;
  switch (schedule.kind) {
    case ScheduleKind::kConstant:
      return warm;
    case ScheduleKind::kStep: {
      const Index drops = t / schedule.steps;
      return warm * power(schedule.factor, drops);
    }
    case ScheduleKind::kCosine: {
      const double along =
          static_cast<double>(std::min(t, schedule.steps)) / static_cast<double>(schedule.steps);
      return warm * 0.5 * (1 + on_circle(along / 2).x);
    }
  }
  return warm;
}

}  // namespace bnlab
