#include "nn/loss.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "support/compare.hpp"
#include "support/golden.hpp"
#include "support/gradient.hpp"
#include "support/values.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

// A loss and its gradient; `targets` are classes for cross entropy.
template <typename T>
double evaluate(Loss loss, Index batch, Index outputs, const std::vector<T>& prediction,
                const std::vector<T>& targets, std::vector<T>& gradient) {
  gradient.assign(prediction.size(), T(-99));
  switch (loss) {
    case Loss::kCrossEntropy: {
      std::vector<std::int32_t> classes;
      for (const T target : targets) classes.push_back(static_cast<std::int32_t>(target));
      return cross_entropy(batch, outputs, prediction.data(), classes.data(), gradient.data());
    }
    case Loss::kBceWithLogits:
      return bce_with_logits(batch * outputs, prediction.data(), targets.data(), gradient.data());
    case Loss::kMse:
      return mse(batch * outputs, prediction.data(), targets.data(), gradient.data());
  }
  return 0;
}

constexpr struct {
  const char* name;
  Loss loss;
} kLosses[] = {
    {"cross_entropy", Loss::kCrossEntropy}, {"bce_with_logits", Loss::kBceWithLogits}, {"mse", Loss::kMse}};

// Targets that suit a loss.
template <typename T>
std::vector<T> random_targets(Loss loss, Index batch, Index outputs) {
  Random random(5, Stream::kData);
  std::vector<T> targets;
  for (Index i = 0; i < (loss == Loss::kCrossEntropy ? batch : batch * outputs); ++i) {
    if (loss == Loss::kCrossEntropy)
      targets.push_back(static_cast<T>(random.below(static_cast<std::uint64_t>(outputs))));
    if (loss == Loss::kBceWithLogits) targets.push_back(static_cast<T>(random.uniform()));
    if (loss == Loss::kMse) targets.push_back(static_cast<T>(random.normal()));
  }
  return targets;
}

}  // namespace

TEST_CASE_TEMPLATE("by hand", T, float, double) {
  std::vector<T> gradient;
  // Equal logits: log K, and softmax 1/K.
  const double equal = evaluate<T>(Loss::kCrossEntropy, 2, 4, std::vector<T>(8, T(3)), {1, 2}, gradient);
  CHECK(equal == doctest::Approx(std::log(4.0)));
  CHECK(gradient == std::vector<T>{0.125, -0.375, 0.125, 0.125, 0.125, 0.125, -0.375, 0.125});

  // Logit 0 is ½: log 2 whatever the target.
  const double undecided = evaluate<T>(Loss::kBceWithLogits, 1, 2, {0, 0}, {1, 0.25}, gradient);
  CHECK(undecided == doctest::Approx(std::log(2.0)));
  CHECK(gradient == std::vector<T>{-0.25, 0.125});

  const double squares = evaluate<T>(Loss::kMse, 2, 2, {1, 2, 3, 4}, {0, 2, 5, 3}, gradient);
  CHECK(squares == 1.5);
  CHECK(gradient == std::vector<T>{0.5, 0, -1, 0.5});
}

TEST_CASE_TEMPLATE("losses and gradients are PyTorch's", T, float, double) {
  const Golden golden("losses.txt");
  const Tolerance tolerance = sizeof(T) == 4 ? Tolerance{1e-7, 2e-6} : Tolerance{1e-15, 1e-14};
  for (const auto& row : kLosses) {
    const char* name = row.name;
    const Loss loss = row.loss;
    const std::string at = name;
    const std::vector<Index>& shape = golden.shape(at + "/prediction");
    std::vector<T> gradient;
    const double value = evaluate(loss, shape[0], shape[1], golden.values<T>(at + "/prediction"),
                                  golden.values<T>(at + "/target"), gradient);
    const std::string typed = at + "/" + dtype_name<T>() + "/";
    check_close(std::vector<double>{value}, golden.values<double>(typed + "loss"), tolerance, typed + "loss");
    check_close(gradient, golden.values<T>(typed + "gradient"), tolerance, typed + "gradient");
  }
}

TEST_CASE("gradients agree with finite differences at every size") {
  for (const auto& row : kLosses) {
    const char* name = row.name;
    const Loss loss = row.loss;
    for (const Index batch : {1, 2, 3, 7}) {
      for (const Index outputs : {1, 2, 3, 5, 9}) {
        CAPTURE(name);
        CAPTURE(batch);
        CAPTURE(outputs);
        std::vector<double> prediction = random_values<double>(batch * outputs, 1, 0, 2);
        const std::vector<double> targets = random_targets<double>(loss, batch, outputs);
        std::vector<double> gradient;
        evaluate(loss, batch, outputs, prediction, targets, gradient);
        std::vector<double> unused;
        check_gradient(
            prediction, gradient, [&] { return evaluate(loss, batch, outputs, prediction, targets, unused); },
            name);
      }
    }
  }
}

TEST_CASE_TEMPLATE("logits of any size neither overflow nor underflow", T, float, double) {
  constexpr Tolerance kNothing{1e-37, 0};
  std::vector<T> gradient;
  const auto check = [&](double loss, double expected, const std::vector<T>& slope, const char* what) {
    check_close(std::vector<double>{loss}, std::vector<double>{expected}, kNothing, what);
    check_close(gradient, slope, kNothing, what);
  };
  const T huge = T(1e4);
  check(evaluate<T>(Loss::kCrossEntropy, 1, 3, {huge, 0, -huge}, {0}, gradient), 0, {0, 0, 0},
        "certain and right");
  check(evaluate<T>(Loss::kCrossEntropy, 1, 3, {huge, 0, -huge}, {2}, gradient), 2e4, {1, 0, -1},
        "certain and wrong");
  check(evaluate<T>(Loss::kBceWithLogits, 1, 2, {huge, -huge}, {1, 0}, gradient), 0, {0, 0},
        "certain and right");
  check(evaluate<T>(Loss::kBceWithLogits, 1, 2, {huge, -huge}, {0, 1}, gradient), 1e4, {0.5, -0.5},
        "both wrong");
}

TEST_CASE("adding one number to all logits changes nothing") {
  const std::vector<double> logits = random_values<double>(12, 1);
  std::vector<double> moved = logits;
  for (double& z : moved) z += 37;
  std::vector<double> a;
  std::vector<double> b;
  const double before = evaluate<double>(Loss::kCrossEntropy, 3, 4, logits, {0, 3, 2}, a);
  CHECK(evaluate<double>(Loss::kCrossEntropy, 3, 4, moved, {0, 3, 2}, b) ==
        doctest::Approx(before).epsilon(1e-13));
  check_close(b, a, {1e-14, 0}, "gradient");
  // The gradient of each example sums to zero.
  for (std::size_t i = 0; i < 12; i += 4) CHECK(std::abs(a[i] + a[i + 1] + a[i + 2] + a[i + 3]) < 1e-15);
}

TEST_CASE_TEMPLATE("a prediction that is not a number makes a loss that is none", T, float, double) {
  for (const auto& row : kLosses) {
    const char* name = row.name;
    const Loss loss = row.loss;
    CAPTURE(name);
    for (std::size_t place = 0; place < 15; ++place) {
      std::vector<T> prediction = random_values<T>(15, 1);
      prediction[place] = std::numeric_limits<T>::quiet_NaN();
      std::vector<T> gradient;
      CHECK(std::isnan(evaluate(loss, 3, 5, prediction, random_targets<T>(loss, 3, 5), gradient)));
    }
  }
}
