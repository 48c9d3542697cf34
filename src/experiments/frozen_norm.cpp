// Fine-tuning in tiny batches with frozen statistics.
//
// A network trained on pictures x in batches of 64 goes on learning from scale·x + shift, two at a time. In training mode a
// batch of two turns every value into −1 or +1, and what the network had learned does not fit that. Frozen, batch
// normalization goes on by the running statistics it has, in training too: a fixed affine map with a learned γ and β, as
// detection networks are fine-tuned with.
#include "engine_float.hpp"
#include "experiments/both_modes.hpp"
#include "experiments/catalogue.hpp"

namespace bnlab {

namespace {

constexpr Index kUsualBatch = 64;

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const GlyphExamples old_world = raw_glyphs(seed);
  const GlyphExamples new_world = raw_glyphs(seed, setting["scale"], setting["shift"]);
  const auto accuracy_of = [&](const Network<float>& network) {
    Tape<float> tape(network, kAtOnce);
    return accuracy(network, tape, Mode::kInference, new_world.test);
  };

  Trainer<float> first =
      classifier_trainer(glyph_classifier(BatchNormSpec{}), 0.1, kUsualBatch, old_world.train, seed);
  train(first, setting.count("steps"));
  record.set("accuracy", "before", accuracy_of(first.network()));

  const auto fine_tune = [&](std::string_view arm, bool frozen, Index batch, double momentum) {
    BatchNormSpec norm;
    norm.options.running_momentum = momentum;
    norm.frozen = frozen;
    Trainer<float> second =
        classifier_trainer(glyph_classifier(norm), setting["lr"], batch, new_world.train, seed);
    second.network().parameters() = first.network().parameters();
    second.network().buffers() = first.network().buffers();
    train(second, setting.count("examples") / batch);
    record.set("accuracy", arm, accuracy_of(second.network()));
  };
  const Index batch = setting.count("batch");
  fine_tune("training", false, batch, setting["momentum"]);
  fine_tune("frozen", true, batch, setting["momentum"]);
  // So few steps that a long average would lag.
  fine_tune("large", false, kUsualBatch, 0.1);
}

}  // namespace

Study frozen_norm() {
  return {
      .id = "E28",
      .name = "frozen-norm",
      .title = "Fine-tuning two pictures at a time",
      .question =
          "A trained network is to learn new pictures in tiny batches. Should batch normalization use the "
          "batch, or the running statistics it has?",
      .method =
          "A network of 3×64 ReLU units with batch normalization is trained on glyphs in batches of 64, then "
          "fine-tuned on the same pictures moved to 1.5x + 0.3, in batches of two.",
      .source = "Wu & Johnson 2021, “Rethinking ‘Batch’ in BatchNorm”, arXiv:2105.07576, section 4",
      .knobs = {{"batch", "Batch size", 2, 2, 64, true},
                {"examples", "Pictures to fine-tune on", 1600, 64, 6400, true},
                {"lr", "Learning rate", 0.01, 0.001, 0.5, false, Moves::kByFactors},
                {"momentum", "Momentum k of the small batches", 0.02, 0.001, 1, false, Moves::kByFactors},
                {"scale", "New pictures: times", 1.5, 0.1, 10},
                {"shift", "New pictures: plus", 0.3, -10, 10},
                {"steps", "Training steps before", 600, 0, 2000, true}},
      .axis = {},
      .arms = {{"before", "before fine-tuning"},
               {"training", "training mode"},
               {"frozen", "frozen"},
               {"large", "training mode, B = 64"}},
      .metrics = {{"accuracy", "Test accuracy on the new pictures, inference mode", Format::kShare, 0.1}},
      .checks =
          {{.name = "frozen-ahead",
            .statement = "In tiny batches, frozen statistics end 30 points or more above training mode.",
            .quantity = "Accuracy with frozen statistics minus training mode",
            .format = Format::kPoints,
            .bound = at_least(0.3),
            .measure =
                [](const Record& of) { return of("accuracy", "frozen") - of("accuracy", "training"); }},
           {.name = "training-spoils",
            .statement = "In tiny batches, training mode is worse after fine-tuning than before, by 10 "
                         "points or more.",
            .quantity = "Accuracy after fine-tuning in training mode minus before",
            .format = Format::kPoints,
            .bound = at_most(-0.1),
            .measure =
                [](const Record& of) { return of("accuracy", "training") - of("accuracy", "before"); }},
           {.name = "frozen-learns",
            .statement = "Frozen, it is better than before, by 5 points or more.",
            .quantity = "Accuracy after fine-tuning with frozen statistics minus before",
            .format = Format::kPoints,
            .bound = at_least(0.05),
            .measure = [](const Record& of) { return of("accuracy", "frozen") - of("accuracy", "before"); }},
           {.name = "large-learns",
            .statement =
                "The batch is to blame and not the pictures: in batches of 64 training mode gains 10 points "
                "or more from as many of them.",
            .quantity = "Accuracy after fine-tuning in training mode with B = 64 minus before",
            .format = Format::kPoints,
            .bound = at_least(0.1),
            .measure = [](const Record& of) { return of("accuracy", "large") - of("accuracy", "before"); }}},
      .seeds = 10,
      .fast_seeds = 5,
      .run = run,
  };
}

}  // namespace bnlab
