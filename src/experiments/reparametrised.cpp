// γ′ and β′ in the place of batch normalization.
//
//   γ′ = γ/√(σ²+ε)      β′ = β − γ′μ      give      γ′x + β′ = γ·(x−μ)/√(σ²+ε) + β
//
// So a layer that only scales and shifts is the same map on the batch that μ and σ² are of (E2). Its gradients are not, and after
// the first step neither is the map: nothing keeps what comes out of the layer where it was.
#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/deep_network.hpp"

namespace bnlab {

namespace {

// A layer γ′x + β′: frozen at mean 0 and variance 1, batch normalization does nothing else.
BatchNormSpec scale_and_shift() {
  BatchNormSpec norm;
  norm.frozen = true;
  norm.options.eps = 0;
  return norm;
}

// Sets γ′ and β′ to what makes the network the one of `usual` on the batch last taped there, layer by layer.
void take_over(const Network<float>& usual, const Tape<float>& tape, Network<float>& affine) {
  affine.parameters() = usual.parameters();
  for (std::size_t i = 0; i < affine.layers().size(); ++i) {
    const LayerPlan& plan = affine.layers()[i];
    if (plan.gamma == kAbsent) continue;
    const TapeRecord<float>& of = tape.records()[i];
    for (Index c = 0; c < plan.out.channels; ++c) {
      affine.parameter(plan.gamma)[c] *= of.rstd[c];
      affine.parameter(plan.beta)[c] -= affine.parameter(plan.gamma)[c] * of.mean[c];
    }
  }
}

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const auto data =
      share_glyphs({.train = 1500, .test = 600, .standardize = setting.on("standardize")}, seed);
  for (std::size_t at = 0; at < setting.points().size(); ++at) {
    const Training training{setting.points()[at], 64, setting.count("steps")};
    DeepNetwork shape;
    shape.depth = setting.count("depth");
    record.set("accuracy", "none", at, deep_accuracy(shape, training, data, seed));
    shape.norm = BatchNormSpec{};
    record.set("accuracy", "bn", at, deep_accuracy(shape, training, data, seed));

    Trainer<float> usual = deep_trainer(shape, training, data, seed);
    const Trainer<float>::Batch first = usual.draw_batch();
    network_forward(usual.network(), usual.tape(), first.x, first.count, Mode::kTraining);
    shape.norm = scale_and_shift();
    Trainer<float> affine = deep_trainer(shape, training, data, seed);
    take_over(usual.network(), usual.tape(), affine.network());
    record.set("accuracy", "affine", at,
               train(affine, training.steps)
                   ? glyph_accuracy(affine.network(), affine.tape(), Mode::kInference, data->test)
                   : kGlyphChance);
  }
}

}  // namespace

Study reparametrised() {
  return {
      .id = "E14b",
      .name = "reparametrised",
      .title = "The same map without normalising",
      .question =
          "Batch normalization scales and shifts. Could one not learn scale and shift, γ′ and β′, and leave "
          "the "
          "normalising out?",
      .method =
          "Networks of 6×32 ReLU units learn glyphs for 250 steps in batches of 64: without normalization, "
          "with "
          "batch normalization, and with γ′x + β′ in its place, which starts as the same map on the first "
          "batch.",
      .source = "Goodfellow, Bengio & Courville 2016, “Deep Learning”, section 8.7.1",
      .knobs = {{"depth", "Hidden layers", 6, 1, 12, true},
                {"steps", "Training steps", 250, 0, 600, true},
                {"standardize", "Standardised pixels", 1, 0, 1, true}},
      .axis = {"lr", "Learning rate", {0.03, 0.1, 0.3, 1}, 0.001, 10, false, Moves::kByFactors, {0.03, 1}},
      .arms = {{"none", "no normalization"},
               {"bn", "batch normalization"},
               {"affine", "γ′x + β′ in its place"}},
      .metrics = {{"accuracy", "Test accuracy, inference mode", Format::kShare, kGlyphChance}},
      .checks =
          {{.name = "no-gain-at-small-lr",
            .statement =
                "At learning rates up to 0.1 normalising gains less than 5 points over the same map without.",
            .quantity = "Accuracy with batch normalization minus γ′x + β′, learning rates ≤ 0.1",
            .format = Format::kPoints,
            .bound = at_most(0.05),
            .measure =
                [](const Record& of) {
                  return of.mean("accuracy", "bn", 0, 0.1) - of.mean("accuracy", "affine", 0, 0.1);
                }},
           {.name = "ahead-at-large-lr",
            .statement =
                "At a learning rate of 1 and more, batch normalization is ahead of it by 30 points or more.",
            .quantity = "Accuracy with batch normalization minus γ′x + β′, learning rates ≥ 1",
            .format = Format::kPoints,
            .bound = at_least(0.3),
            .measure =
                [](const Record& of) {
                  return of.mean("accuracy", "bn", 1) - of.mean("accuracy", "affine", 1);
                }},
           {.name = "no-better-than-none",
            .statement =
                "There γ′ and β′ without normalising do not do better than a network without normalization.",
            .quantity = "Accuracy with γ′x + β′ minus none, learning rates ≥ 1",
            .format = Format::kPoints,
            .bound = at_most(0.05),
            .measure =
                [](const Record& of) {
                  return of.mean("accuracy", "affine", 1) - of.mean("accuracy", "none", 1);
                }}},
      .seeds = 10,
      .fast_seeds = 6,
      .run = run,
  };
}

}  // namespace bnlab
