// How loss and gradient change along the gradient (Santurkar et al. 2018, arXiv:1805.11604, figure 4): on one batch, from θ, at
// θ_η = θ − η·∇L(θ) for several η:
//
//   range            the greatest L(θ_η) minus the least
//   predictiveness   the greatest ‖∇L(θ) − ∇L(θ_η)‖
//   smoothness       the greatest ‖∇L(θ) − ∇L(θ_η)‖/‖θ − θ_η‖: an effective β, for a function is called β-smooth whose gradient changes
//                    by no more than β times the distance
//   steepness        the greatest |L(θ) − L(θ_η)|/‖θ − θ_η‖: an effective Lipschitz constant of L itself
//
// Where a step leads to values that are not finite, all four are infinite.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "probe/batch_gradient.hpp"

namespace bnlab {

struct Landscape {
  struct Point {
    double lr = 0;  // η
    double loss = 0;
    double change = 0;  // ‖∇L(θ) − ∇L(θ_η)‖
  };

  double loss = 0;           // L(θ)
  double gradient_norm = 0;  // ‖∇L(θ)‖
  std::vector<Point> points;

  [[nodiscard]] double range() const {
    const auto [least, greatest] = std::minmax_element(
        points.begin(), points.end(), [](const Point& a, const Point& b) { return a.loss < b.loss; });
    return std::isfinite(greatest->loss) ? greatest->loss - least->loss : greatest->loss;
  }
  [[nodiscard]] double predictiveness() const {
    return greatest_of([](const Point& point) { return point.change; });
  }
  [[nodiscard]] double relative_predictiveness() const { return predictiveness() / gradient_norm; }
  [[nodiscard]] double smoothness() const {
    return greatest_of([this](const Point& point) { return point.change / (point.lr * gradient_norm); });
  }
  [[nodiscard]] double steepness() const {
    return greatest_of(
        [this](const Point& point) { return std::abs(point.loss - loss) / (point.lr * gradient_norm); });
  }

 private:
  template <typename Of>
  [[nodiscard]] double greatest_of(Of&& of) const {
    double greatest = 0;
    for (const Point& point : points) greatest = std::max(greatest, of(point));
    return greatest;
  }
};

// At least one η; all above 0.
template <typename T>
Landscape look_along_gradient(BatchGradient<T>& gradient_of, std::span<const double> lrs) {
  const Buffer<T> here = gradient_of.network().parameters();
  const auto size = static_cast<Index>(here.size());
  Buffer<T> moved = here;
  Buffer<T> gradient;
  Buffer<T> gradient_there;
  Landscape result;
  result.loss = gradient_of.at(moved, gradient);
  for (const double lr : lrs) {
    for (std::size_t i = 0; i < here.size(); ++i) moved[i] = here[i] - static_cast<T>(lr) * gradient[i];
    const double loss = gradient_of.at(moved, gradient_there);
    const GradientChange change = gradient_change(size, gradient.data(), gradient_there.data());
    result.gradient_norm = change.before;
    const bool finite = std::isfinite(loss) && std::isfinite(change.distance);
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    result.points.push_back({lr, finite ? loss : kInfinity, finite ? change.distance : kInfinity});
  }
  return result;
}

}  // namespace bnlab
