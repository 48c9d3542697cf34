// One neuron, and what the noise of batch statistics does to its γ.
//
// Inputs h are standard normal, targets h + noise; the neuron says γx̂. Over batches, the γ with the least mean squared error is
// E[h·x̂] = E[σ_B], the mean standard deviation of a batch: less than 1, as a batch lies closer to its own mean than to
// the true one. To first order that is 1 − 3/(4B). By the true mean and variance x̂ = h, so that γ is 1; with a decay λ it is
// 1/(1+λ), which for λ = 3/(4B) is the same to first order in 1/B (Luo et al.).
#include <cmath>
#include <vector>

#include "core/random.hpp"
#include "experiments/catalogue.hpp"
#include "nn/batch_norm.hpp"

namespace bnlab {

namespace {

double imitating_decay(double batch) { return 0.75 / batch; }

// E[σ_B] = √(2/B)·Γ(B/2)/Γ((B−1)/2). The ratio is 1/√π for B = 2 and √π/2 for B = 3, and grows by B/(B−1) from B to B + 2.
double mean_deviation(Index batch) {
  const double root_of_pi = std::sqrt(3.14159265358979323846);
  Index b = batch % 2 == 0 ? 2 : 3;
  double ratio = b == 2 ? 1 / root_of_pi : root_of_pi / 2;
  for (; b < batch; b += 2) ratio *= static_cast<double>(b) / static_cast<double>(b - 1);
  return std::sqrt(2 / static_cast<double>(batch)) * ratio;
}

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const Index steps = setting.count("steps");
  for (std::size_t at = 0; at < setting.points().size(); ++at) {
    const double size = setting.points()[at];
    const auto batch = static_cast<Index>(size);
    const ChannelShape shape{batch, 1, 1};
    // Both learn from the same batches.
    const auto learn = [&](std::string_view arm, bool by_batch, double decay) {
      Random random(seed, Stream::kData, static_cast<std::uint64_t>(batch));
      std::vector<double> h(static_cast<std::size_t>(batch));
      std::vector<double> target(h.size());
      std::vector<double> xhat(h.size());
      double gamma = 1;
      double sum = 0;
      for (Index step = 0; step < 2 * steps; ++step) {
        for (std::size_t i = 0; i < h.size(); ++i) {
          h[i] = random.normal();
          target[i] = h[i] + setting["noise"] * random.normal();
        }
        double mean = 0;
        double var = 1;
        if (by_batch) batch_norm_statistics(shape, h.data(), &mean, &var);
        double rstd = 1 / std::sqrt(var);
        double gradient = decay * gamma;
        for (std::size_t i = 0; i < h.size(); ++i) {
          xhat[i] = (h[i] - mean) * rstd;
          gradient += (gamma * xhat[i] - target[i]) * xhat[i] / size;
        }
        gamma -= setting["lr"] * gradient;
        if (step >= steps) sum += gamma;
      }
      record.set("gamma", arm, at, sum / static_cast<double>(steps));
    };
    learn("bn", true, 0);
    learn("population", false, 0);
    learn("decay", false, imitating_decay(size));
    record.set("gamma", "theory", at, mean_deviation(batch));
  }
}

double gamma_of(const Record& record, std::string_view arm, double batch) {
  return record.at("gamma", arm, batch);
}

}  // namespace

Study neuron_decay() {
  return {
      .id = "E21d",
      .name = "neuron-decay",
      .title = "What batch noise does to one neuron's γ",
      .question =
          "A neuron learns its γ from batches of B. Does the noise of their statistics act as a decay of γ, "
          "as theory has it for a single layer?",
      .method =
          "One linear neuron, standard normal inputs, targets equal to them but for noise, mean squared "
          "error. γ is learned by SGD, normalising by the batch or by the true mean and variance, the "
          "latter with and without a decay of 3/(4B), and averaged over the second half of training.",
      .source =
          "Luo, Wang, Shao & Peng 2019, “Towards Understanding Regularization in Batch Normalization”, "
          "arXiv:1809.00846",
      .knobs = {{"noise", "Noise of the targets", 0.5, 0, 2},
                {"lr", "Learning rate", 0.02, 0.001, 0.2, false, Moves::kByFactors},
                {"steps", "Steps averaged, after as many to settle", 4000, 100, 20000, true,
                 Moves::kByFactors, 2000}},
      .axis = {"batch", "Batch size B", {2, 4, 8, 16, 64}, 2, 256, true, Moves::kByFactors, {}},
      .arms = {{"bn", "batch normalization"},
               {"population", "true mean and variance"},
               {"decay", "true mean and variance, decay 3/(4B)"},
               {"theory", "mean standard deviation of a batch"}},
      .metrics = {{"gamma", "γ learned"}},
      .checks =
          {{.name = "theory",
            .statement =
                "In batches of 8, batch normalization learns the γ that theory gives, to within 0.02.",
            .quantity = "γ with batch normalization minus the mean standard deviation of a batch, B = 8",
            .bound = within(-0.02, 0.02),
            .measure = [](const Record& of) { return gamma_of(of, "bn", 8) - gamma_of(of, "theory", 8); }},
           {.name = "smaller",
            .statement = "In batches of 8, the γ of batch normalization is 0.05 or more below what the true "
                         "mean and variance give.",
            .quantity = "γ with the true mean and variance minus batch normalization, B = 8",
            .bound = at_least(0.05),
            .measure =
                [](const Record& of) { return gamma_of(of, "population", 8) - gamma_of(of, "bn", 8); }},
           {.name = "as-decay",
            .statement =
                "In batches of 8, a decay of 3/(4B) gives the same γ as batch normalization, to within 0.03.",
            .quantity = "γ with the decay minus batch normalization, B = 8",
            .bound = within(-0.03, 0.03),
            .measure = [](const Record& of) { return gamma_of(of, "decay", 8) - gamma_of(of, "bn", 8); }},
           {.name = "pairs",
            .statement =
                "In batches of two, a decay of 3/(4B) imitates it no longer: γ is larger by 0.1 or more.",
            .quantity = "γ with the decay minus batch normalization, B = 2",
            .bound = at_least(0.1),
            .measure = [](const Record& of) { return gamma_of(of, "decay", 2) - gamma_of(of, "bn", 2); }}},
      .seeds = 10,
      .fast_seeds = 5,
      .run = run,
  };
}

}  // namespace bnlab
