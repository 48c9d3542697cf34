// How far the gradient of a mini-batch is from the gradient over all examples, by batch size.
//
//   noise(B) = E‖g_B − g‖²,   g = ∇L over all N examples,   g_B = ∇L over a batch of B
//
// Where the loss of a batch is the mean of its examples' losses, g_B is the mean of B of their gradients. Drawn independently
// they give noise(B) = noise(1)/B exactly; drawn without replacement noise(1)/B·(N−B)/(N−1), which is 0 at B = N
// (Bottou, Curtis & Nocedal 2018, arXiv:1606.04838, §2 and appendix B). Claim: the slope of log noise over log B is −1 ± 0.1.
// With batch normalization the loss of a batch is no mean over examples, and none of this is exact.
#pragma once

#include <cmath>
#include <numeric>
#include <vector>

#include "core/logarithm.hpp"
#include "experiments/glyph_task.hpp"

namespace bnlab {

struct GradientNoiseOptions {
  std::vector<Index> batch_sizes{1, 4, 16, 64, 256};
  Index examples = 512;
  Index hidden = 32;  // units of the one hidden layer
  bool batch_norm = false;
  bool replacement = true;
  Index draws = 100;  // batches of each size
  Index steps = 0;    // of training before gradients are compared
};

struct GradientNoise {
  std::vector<double> noise;  // for each batch size
  double slope = 0;  // of log noise over log B, least squares, where there is noise; NaN of fewer than two
  double full = 0;   // ‖g‖²
};

// The slope of the least-squares line through (log x, log y), of those y that are above 0.
inline double log_log_slope(const std::vector<Index>& x, const std::vector<double>& y) {
  double count = 0;
  double sum_x = 0;
  double sum_y = 0;
  double sum_xx = 0;
  double sum_xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!(y[i] > 0)) continue;
    const double u = log_positive(static_cast<double>(x[i]));
    const double v = log_positive(y[i]);
    count += 1;
    sum_x += u;
    sum_y += v;
    sum_xx += u * u;
    sum_xy += u * v;
  }
  return (count * sum_xy - sum_x * sum_y) / (count * sum_xx - sum_x * sum_x);
}

inline GradientNoise measure_gradient_noise(const GradientNoiseOptions& options, std::uint64_t seed) {
  constexpr Index kTrainingBatch = 32;
  const auto data = std::make_shared<const Split>(draw_glyphs({options.examples, 0}, seed));
  const Dataset& set = data->train;
  Trainer<float> trainer = glyph_trainer({{options.hidden}, options.batch_norm}, 0.1,
                                         {std::min(kTrainingBatch, set.count)}, data, seed);
  train(trainer, options.steps);

  const Network<float>& network = trainer.network();
  Tape<float> tape(network, set.count);
  std::vector<float> batch_x(static_cast<std::size_t>(set.count * set.inputs));
  std::vector<std::int32_t> batch_labels(static_cast<std::size_t>(set.count));
  std::vector<Index> members(static_cast<std::size_t>(set.count));
  std::iota(members.begin(), members.end(), Index{0});
  const auto parameters = network.parameters().size();
  // Of the first `batch` members.
  const auto gradient = [&](Index batch, Buffer<float>& to) {
    for (Index i = 0; i < batch; ++i) {
      const auto from = static_cast<std::size_t>(members[static_cast<std::size_t>(i)]);
      std::copy_n(set.x.data() + from * static_cast<std::size_t>(set.inputs), set.inputs,
                  batch_x.data() + i * set.inputs);
      batch_labels[static_cast<std::size_t>(i)] = set.labels[from];
    }
    network_forward(network, tape, batch_x.data(), batch, Mode::kTraining);
    evaluate_loss<float>(Loss::kCrossEntropy, tape, batch, network.outputs(), {batch_labels.data(), nullptr});
    network_backward(network, tape, batch_x.data(), batch, Mode::kTraining, to.data());
  };

  GradientNoise result;
  Buffer<float> all(parameters);
  gradient(set.count, all);
  for (const float g : all) result.full += static_cast<double>(g) * static_cast<double>(g);

  Random random(seed, Stream::kOrder);
  Buffer<float> some(parameters);
  for (const Index batch : options.batch_sizes) {
    double noise = 0;
    for (Index draw = 0; draw < options.draws; ++draw) {
      for (Index i = 0; i < batch; ++i) {
        if (options.replacement) {
          members[static_cast<std::size_t>(i)] =
              static_cast<Index>(random.below(static_cast<std::uint64_t>(set.count)));
        } else {
          const auto from = i + static_cast<Index>(random.below(static_cast<std::uint64_t>(set.count - i)));
          std::swap(members[static_cast<std::size_t>(i)], members[static_cast<std::size_t>(from)]);
        }
      }
      if (!options.replacement && batch == set.count) std::iota(members.begin(), members.end(), Index{0});
      gradient(batch, some);
      for (std::size_t k = 0; k < parameters; ++k) {
        const double away = static_cast<double>(some[k]) - static_cast<double>(all[k]);
        noise += away * away;
      }
    }
    result.noise.push_back(noise / static_cast<double>(options.draws));
  }
  result.slope = log_log_slope(options.batch_sizes, result.noise);
  return result;
}

}  // namespace bnlab
