// A batch in parts, normalised as one.
#include "nn/sync_batch_norm.hpp"

#include <doctest/doctest.h>

#include "support/batch_norm.hpp"
#include "support/compare.hpp"
#include "support/gradient.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

// A case cut into parts of so many examples each, with statistics of their own.
template <typename T>
struct Parts {
  BatchNormCase<T> whole;
  std::vector<Index> examples;
  std::vector<Index> counts;
  std::vector<T> means;
  std::vector<T> vars;

  Parts(const BatchNormCase<T>& c, std::vector<Index> sizes) : whole(c), examples(std::move(sizes)) {
    const std::size_t channels = size_of(c.shape.channels);
    means.resize(examples.size() * channels);
    vars.resize(examples.size() * channels);
    Index first = 0;
    for (std::size_t k = 0; k < examples.size(); ++k) {
      batch_norm_statistics<T>(shape_of(k), whole.x.data() + first, means.data() + k * channels,
                               vars.data() + k * channels);
      counts.push_back(shape_of(k).reduction());
      first += shape_of(k).size();
    }
  }
  [[nodiscard]] ChannelShape shape_of(std::size_t k) const {
    return {examples[k], whole.shape.channels, whole.shape.spatial};
  }
  void merge(std::vector<T>& mean, std::vector<T>& var) const {
    mean.resize(size_of(whole.shape.channels));
    var.resize(size_of(whole.shape.channels));
    merge_statistics(static_cast<Index>(examples.size()), whole.shape.channels, counts.data(), means.data(),
                     vars.data(), mean.data(), var.data());
  }
};

}  // namespace

TEST_CASE_TEMPLATE("statistics of parts merge into those of the whole", T, float, double) {
  const Tolerance tolerance = sizeof(T) == 4 ? Tolerance{2e-6, 2e-6} : Tolerance{1e-13, 1e-13};
  const struct {
    ChannelShape shape;
    std::vector<Index> parts;
  } rows[] = {{{12, 5, 1}, {3, 7, 2}}, {{9, 3, 1}, {1, 8}}, {{6, 2, 4}, {1, 2, 3}}, {{4, 3, 1}, {4}}};
  for (const auto& [shape, sizes] : rows) {
    const BatchNormCase<T> c = random_case<T>(shape, 1, 2, 3);
    const BatchNormPass<T> p = pass_in_training(c);
    std::vector<T> mean;
    std::vector<T> var;
    Parts<T>(c, sizes).merge(mean, var);
    check_close(mean, p.mean, tolerance, "mean");
    check_close(var, p.var, tolerance, "var");
  }
}

TEST_CASE("by hand: two constant halves have all their variance between them") {
  const Index counts[] = {3, 1};
  const double means[] = {0, 4};
  const double vars[] = {0, 0};
  double mean = 0;
  double var = 0;
  merge_statistics<double>(2, 1, counts, means, vars, &mean, &var);
  CHECK(mean == 1);
  CHECK(var == 3);  // (3·1 + 1·9)/4
}

TEST_CASE("the gradient by hand: of two parts of one example each, which alone would get none") {
  // Of the whole μ 0, σ² 1, ε 3, so √(σ²+ε) = 2 and x̂ ∓½; dβ 4 and dγ 1.
  const double rstd = 0.5;
  const double gamma = 2;
  const double dbeta = 4;
  const double dgamma = 1;
  const double dy[] = {1, 3};
  const double xhat[] = {-0.5, 0.5};
  double dx[2];
  for (std::size_t k = 0; k < 2; ++k)
    sync_batch_norm_dx<double>({1, 1, 1}, 2, dy + k, xhat + k, &rstd, &gamma, &dbeta, &dgamma, dx + k);
  // 2·½·[1−2+½·½, 3−2−½·½].
  CHECK(dx[0] == -0.75);
  CHECK(dx[1] == 0.75);
}

TEST_CASE_TEMPLATE("the gradient of each part is its rows of the whole batch's", T, float, double) {
  const Tolerance tolerance = sizeof(T) == 4 ? Tolerance{1e-5, 1e-5} : Tolerance{1e-13, 1e-13};
  for (const ChannelShape& shape : {ChannelShape{12, 5, 1}, {6, 2, 4}}) {
    for (const bool affine : {true, false}) {
      BatchNormCase<T> c = random_case<T>(shape, 2);
      if (!affine) {
        c.gamma.clear();
        c.beta.clear();
      }
      const BatchNormPass<T> p = pass_in_training(c);
      const Parts<T> parts(c, {1, 2, shape.batch - 3});
      std::vector<T> dx(c.x.size());
      Index first = 0;
      for (std::size_t k = 0; k < 3; ++k) {
        sync_batch_norm_dx(parts.shape_of(k), shape.reduction(), c.dy.data() + first, p.xhat.data() + first,
                           p.rstd.data(), c.gamma_or_null(), p.dbeta.data(), p.dgamma.data(),
                           dx.data() + first);
        first += parts.shape_of(k).size();
      }
      check_close(dx, p.dx, tolerance, "dx");
    }
  }
}

TEST_CASE("gradients of the parts agree with finite differences of the whole") {
  for (const ChannelShape& shape : {ChannelShape{4, 1, 1}, {5, 3, 1}, {4, 2, 3}}) {
    BatchNormCase<double> c = random_case<double>(shape, 3);
    const BatchNormPass<double> p = pass_in_training(c);
    const Parts<double> parts(c, {1, shape.batch - 1});
    std::vector<double> dx(c.x.size());
    Index first = 0;
    for (std::size_t k = 0; k < 2; ++k) {
      sync_batch_norm_dx(parts.shape_of(k), shape.reduction(), c.dy.data() + first, p.xhat.data() + first,
                         p.rstd.data(), c.gamma_or_null(), p.dbeta.data(), p.dgamma.data(),
                         dx.data() + first);
      first += parts.shape_of(k).size();
    }
    const std::vector<double> dy = c.dy;
    c.dy.clear();
    check_gradient(
        c.x, dx, [&] { return probe_loss(dy, pass_in_training(c).y); }, "dx");
  }
}
