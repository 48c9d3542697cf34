// How small may a batch be where layers are convolutions?
//
// A channel's statistics go over all examples and all places: over B·H·W values, which share one γ and one β. Here even a batch
// of one gives the layers 144, 36 and 9 values per channel, so that batch normalization learns from it, and what ruins a fully
// connected network (E18) is felt only mildly.
#include <algorithm>
#include <cmath>
#include <variant>

#include "engine_float.hpp"
#include "experiments/both_modes.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/normalizations.hpp"

namespace bnlab {

namespace {

constexpr double kUsualBatch = 32;

NetworkSpec convolutional_classifier(std::string_view arm, const Normalizations& choice) {
  NetworkSpec spec{{1, kGlyphSide, kGlyphSide}, {}};
  const auto add = [&](Index channels, Index stride) {
    const std::optional<LayerSpec> norm = normalization(arm, choice);
    Conv2dSpec convolution;
    convolution.units = channels;
    convolution.stride = stride;
    convolution.bias = !norm.has_value();
    spec.layers.emplace_back(convolution);
    if (norm.has_value()) spec.layers.push_back(*norm);
    spec.layers.emplace_back(ActivationSpec{});
  };
  add(8, 1);
  add(16, 2);
  add(16, 2);
  spec.layers.emplace_back(FlattenSpec{});
  spec.layers.emplace_back(LinearSpec{10, true, {}});
  return spec;
}

// The greatest |mean of x̂| in the first batch normalization, of the last batch of training.
struct Means {
  double channel = 0;  // over a channel's examples and places
  double place = 0;    // over the examples at one place of a channel
};

Means greatest_means(Trainer<float>& trainer) {
  const std::vector<LayerPlan>& layers = trainer.network().layers();
  const auto first = std::find_if(layers.begin(), layers.end(), [](const LayerPlan& plan) {
    return std::holds_alternative<BatchNormSpec>(plan.spec);
  });
  const float* xhat = trainer.tape().records()[static_cast<std::size_t>(first - layers.begin())].xhat;
  const Index batch = trainer.last_batch().count;
  const Index places = first->out.spatial();
  Means greatest;
  for (Index channel = 0; channel < first->out.channels; ++channel) {
    double of_channel = 0;
    for (Index place = 0; place < places; ++place) {
      double of_place = 0;
      for (Index i = 0; i < batch; ++i)
        of_place += static_cast<double>(xhat[(i * first->out.channels + channel) * places + place]);
      of_place /= static_cast<double>(batch);
      greatest.place = std::max(greatest.place, std::abs(of_place));
      of_channel += of_place / static_cast<double>(places);
    }
    greatest.channel = std::max(greatest.channel, std::abs(of_channel));
  }
  return greatest;
}

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const GlyphExamples data =
      glyph_examples({.train = 1500, .test = 1000, .standardize = setting.on("standardize")}, seed);
  for (std::size_t at = 0; at < setting.points().size(); ++at) {
    const auto batch = static_cast<Index>(setting.points()[at]);
    const Index steps = setting.count("examples") / batch;
    const double lr = setting["lr"] * setting.points()[at] / kUsualBatch;
    const Normalizations choice{
        .running_momentum = running_momentum_for(batch), .groups = 4, .renorm = renorm_schedule(steps)};
    for (const Arm& arm : setting.study().arms) {
      Trainer<float> trainer =
          classifier_trainer(convolutional_classifier(arm.name, choice), lr, batch, data.train, seed);
      record.set("accuracy", arm.name, at, accuracy_after(trainer, steps, data.test));
      const bool diverged = trainer.steps() < steps;
      if (arm.name != "bn" || diverged) continue;
      const Means means = greatest_means(trainer);
      record.set("channel_mean", arm.name, at, means.channel);
      record.set("place_mean", arm.name, at, means.place);
    }
  }
}

double at(const Record& record, std::string_view arm, double batch) {
  return record.at("accuracy", arm, batch);
}

}  // namespace

Study batch_size_conv() {
  return {
      .id = "E18b",
      .name = "batch-size-conv",
      .title = "How small may a batch be where layers are convolutions?",
      .question =
          "A convolution's channel has a value at every place of every picture. Does batch normalization "
          "still need many pictures per batch?",
      .method =
          "Three 3×3 convolutions of 8, 16 and 16 channels with strides 1, 2 and 2 and a linear layer see "
          "the same 2,000 glyphs of 12×12 pixels whatever the batch size B; the learning rate is "
          "proportional to B. Running statistics have momentum 0.1, and 0.02 where B ≤ 4. Batch Renorm's "
          "bounds open after a tenth of training to r ≤ 3, |d| ≤ 5.",
      .source =
          "Ioffe & Szegedy 2015, “Batch Normalization”, arXiv:1502.03167, section 3.2; Wu & He 2018, “Group "
          "Normalization”, arXiv:1803.08494, figure 1",
      .knobs = {{"examples", "Examples seen in training", 2000, 500, 10000, true, Moves::kLinearly, 700},
                {"lr", "Learning rate at B = 32", 0.2, 0.01, 1, false, Moves::kByFactors},
                {"standardize", "Standardised inputs", 1, 0, 1, true}},
      .axis = {"batch", "Batch size", {1, 2, 8, 32}, 1, 128, true, Moves::kByFactors, {1, 2, 32}},
      .arms = {{"bn", "batch normalization"},
               {"renorm", "Batch Renorm"},
               {"gn", "group normalization, 4 groups"},
               {"none", "no normalization"}},
      .metrics = {{"accuracy", "Test accuracy, inference mode", Format::kShare, kGlyphChance},
                  {"channel_mean", "Greatest |mean of x̂| over a channel"},
                  {"place_mean", "Greatest |mean of x̂| at one place"}},
      .checks =
          {{.name = "one-example",
            .statement =
                "With one picture per batch, convolutions with batch normalization learn: half or more are "
                "right.",
            .quantity = "Accuracy with batch normalization, B = 1",
            .format = Format::kShare,
            .bound = at_least(0.4),
            .measure = [](const Record& of) { return at(of, "bn", 1); }},
           {.name = "mild",
            .statement = "From batches of 32 to batches of 2, convolutions with batch normalization lose 10 "
                         "points at most.",
            .quantity = "Accuracy with batch normalization, B = 32 minus B = 2",
            .format = Format::kPoints,
            .bound = at_most(0.1),
            .measure = [](const Record& of) { return at(of, "bn", 32) - at(of, "bn", 2); }},
           {.name = "beside-gn",
            .statement =
                "In convolutions, batches of two put group normalization at most 10 points ahead of batch "
                "normalization.",
            .quantity = "Accuracy with group minus batch normalization, B = 2",
            .format = Format::kPoints,
            .bound = at_most(0.1),
            .measure = [](const Record& of) { return at(of, "gn", 2) - at(of, "bn", 2); }},
           {.name = "renorm-idle",
            .statement = "In convolutions, batches of two leave Batch Renorm within 10 points of batch "
                         "normalization.",
            .quantity = "Accuracy with Batch Renorm minus batch normalization, B = 2",
            .format = Format::kPoints,
            .bound = within(-0.1, 0.1),
            .measure = [](const Record& of) { return at(of, "renorm", 2) - at(of, "bn", 2); }},
           {.name = "per-channel",
            .statement = "Over all examples and places of a channel, x̂ has mean 0, whatever the batch size.",
            .quantity = "Greatest |mean of x̂| over a channel, all batch sizes",
            .kind = Kind::kExact,
            .statistic = Statistic::kEvery,
            .bound = at_most(1e-5),
            .measure =
                [](const Record& of) {
                  const std::span<const double> means = of.row("channel_mean", "bn");
                  return *std::max_element(means.begin(), means.end());
                }},
           {.name = "not-per-place",
            .statement = "At single places of a channel, x̂ need not have mean 0: some mean is 0.2 or more "
                         "away from it.",
            .quantity = "Greatest |mean of x̂| at one place, B = 32",
            .bound = at_least(0.2),
            .measure = [](const Record& of) { return of.at("place_mean", "bn", 32); }}},
      .seeds = 8,
      .fast_seeds = 5,
      .run = run,
  };
}

}  // namespace bnlab
