// What is done to examples wherever they come from: a test set held out, wrong labels mixed in, features moved and scaled.
//
// The test set takes the same share of each class, to within one example; which ones is drawn from the seed. What stays
// keeps its order. Only training labels are falsified, and only the training set says how to standardise both.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "core/random.hpp"
#include "data/dataset.hpp"

namespace bnlab {

// In the order in which it is done.
struct PreparationOptions {
  double test = 0;         // share of the examples held out
  double label_noise = 0;  // share of the training examples whose class becomes another
  double scale = 1;        // x becomes scale·x + shift
  double shift = 0;
  double stretch = 1;  // multiplies the first feature and divides the second
  bool standardize = false;
};

// How many of `count` examples are a share of them.
inline Index examples_in(double share, Index count) {
  return static_cast<Index>(std::floor(share * static_cast<double>(count) + 0.5));
}

namespace prepare_detail {

// Parts of the data stream apart from the one that draws examples, so that neither moves the others.
constexpr std::uint64_t kSplitPart = 1;
constexpr std::uint64_t kNoisePart = 2;

inline std::vector<Index> shuffled(Index count, Random& random) {
  std::vector<Index> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), Index{0});
  random.shuffle(order.data(), count);
  return order;
}

// Which examples are held out: at even distances along all examples, class after class, in random order within each.
inline std::vector<bool> choose(const Dataset& data, Index held_out, std::uint64_t seed) {
  Random random(seed, Stream::kData, kSplitPart);
  std::vector<Index> order = shuffled(data.count, random);
  if (data.classes > 0) {
    std::vector<Index> begin(static_cast<std::size_t>(data.classes) + 1);
    for (const std::int32_t label : data.labels) ++begin[static_cast<std::size_t>(label) + 1];
    std::partial_sum(begin.begin(), begin.end(), begin.begin());
    std::vector<Index> by_class(order.size());
    for (const Index i : order)
      by_class[static_cast<std::size_t>(
          begin[static_cast<std::size_t>(data.labels[static_cast<std::size_t>(i)])]++)] = i;
    order = std::move(by_class);
  }
  std::vector<bool> chosen(order.size());
  const auto chosen_before = [&](Index k) { return std::int64_t{k} * held_out / data.count; };
  for (Index k = 0; k < data.count; ++k)
    chosen[static_cast<std::size_t>(order[static_cast<std::size_t>(k)])] =
        chosen_before(k + 1) > chosen_before(k);
  return chosen;
}

// Moves the chosen rows out of `rows`, the others up.
template <typename V>
std::vector<V> extract(std::vector<V>& rows, const std::vector<bool>& chosen, Index width) {
  std::vector<V> out;
  if (rows.empty()) return out;
  out.reserve(static_cast<std::size_t>(std::count(chosen.begin(), chosen.end(), true) * width));
  auto from = rows.begin();
  auto to = rows.begin();
  for (const bool is_chosen : chosen) {
    const auto end = from + width;
    if (is_chosen)
      out.insert(out.end(), from, end);
    else
      to = std::copy(from, end, to);
    from = end;
  }
  rows.erase(to, rows.end());
  return out;
}

inline Split split(Dataset all, double share, std::uint64_t seed) {
  Split result;
  result.test.inputs = all.inputs;
  result.test.classes = all.classes;
  result.test.outputs = all.outputs;
  if (const Index held_out = examples_in(share, all.count); held_out > 0) {
    const std::vector<bool> chosen = choose(all, held_out, seed);
    result.test.count = held_out;
    result.test.x = extract(all.x, chosen, all.inputs);
    result.test.labels = extract(all.labels, chosen, 1);
    result.test.values = extract(all.values, chosen, all.outputs);
    all.count -= held_out;
  }
  result.train = std::move(all);
  return result;
}

inline void falsify(Dataset& train, double share, std::uint64_t seed) {
  const Index wrong = examples_in(share, train.count);
  if (wrong == 0) return;
  Random random(seed, Stream::kData, kNoisePart);
  const std::vector<Index> order = shuffled(train.count, random);
  for (Index k = 0; k < wrong; ++k) {
    std::int32_t& label = train.labels[static_cast<std::size_t>(order[static_cast<std::size_t>(k)])];
    const std::uint64_t away = 1 + random.below(static_cast<std::uint64_t>(train.classes) - 1);
    label = static_cast<std::int32_t>((static_cast<std::uint64_t>(label) + away) %
                                      static_cast<std::uint64_t>(train.classes));
  }
}

// x becomes f(x, feature) throughout.
template <typename F>
void transform(Dataset& data, F&& f) {
  float* x = data.x.data();
  for (Index i = 0; i < data.count; ++i)
    for (Index j = 0; j < data.inputs; ++j, ++x)
      *x = static_cast<float>(f(static_cast<double>(*x), static_cast<std::size_t>(j)));
}

// Returns how many features are constant.
inline Index standardize(Dataset& train, Dataset& test) {
  const auto width = static_cast<std::size_t>(train.inputs);
  const double count = static_cast<double>(train.count);
  std::vector<double> mean(width);
  std::vector<double> rstd(width);
  std::vector<bool> varies(width);
  const float* first = train.x.data();
  const auto each = [&](auto&& f) {
    const float* x = train.x.data();
    for (Index i = 0; i < train.count; ++i)
      for (std::size_t j = 0; j < width; ++j, ++x) f(*x, j);
  };
  each([&](float x, std::size_t j) {
    mean[j] += static_cast<double>(x) / count;
    if (x != first[j]) varies[j] = true;
  });
  each([&](float x, std::size_t j) {
    const double centered = static_cast<double>(x) - mean[j];
    rstd[j] += centered * centered / count;
  });
  // Left at 0, a constant feature drops out of both sets' products: 0 times its weight.
  for (std::size_t j = 0; j < width; ++j) rstd[j] = varies[j] ? 1 / std::sqrt(rstd[j]) : 0;
  for (Dataset* data : {&train, &test})
    transform(*data, [&](double x, std::size_t j) { return (x - mean[j]) * rstd[j]; });
  return static_cast<Index>(std::count(varies.begin(), varies.end(), false));
}

}  // namespace prepare_detail

// The caller sees to it that the shares leave examples to train on, that there are two classes where labels are
// falsified, and two features where they are stretched.
inline Split prepare(Dataset all, const PreparationOptions& options, std::uint64_t seed) {
  namespace detail = prepare_detail;
  Split result = detail::split(std::move(all), options.test, seed);
  detail::falsify(result.train, options.label_noise, seed);
  for (Dataset* data : {&result.train, &result.test}) {
    if (options.scale != 1 || options.shift != 0)
      detail::transform(*data, [&](double x, std::size_t) { return options.scale * x + options.shift; });
    if (options.stretch != 1)
      detail::transform(*data, [&](double x, std::size_t j) {
        return j == 0 ? x * options.stretch : j == 1 ? x / options.stretch : x;
      });
  }
  if (options.standardize) result.constant_features = detail::standardize(result.train, result.test);
  return result;
}

}  // namespace bnlab
