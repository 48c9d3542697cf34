// Running statistics lag behind.
//
// The running mean and variance start at 0 and 1 and keep the weight (1−k)^t of that start after t batches, while the weights
// under them move. With inputs far from mean 0 and variance 1 and a small k, a network that is right in training mode is
// wrong in inference mode for its first hundreds of steps. Statistics taken afresh (PreciseBN) show that nothing else is amiss.
#include <algorithm>
#include <numeric>

#include "engine_float.hpp"
#include "experiments/both_modes.hpp"
#include "experiments/catalogue.hpp"

namespace bnlab {

namespace {

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const GlyphExamples data = raw_glyphs(seed, setting["scale"], setting["shift"]);
  const Index batch = setting.count("batch");
  const auto spec_with = [](double momentum) {
    BatchNormSpec norm;
    norm.options.running_momentum = momentum;
    return glyph_classifier(norm);
  };
  Trainer<float> trainer =
      classifier_trainer(spec_with(setting["momentum"]), setting["lr"], batch, data.train, seed);
  Network<float>& network = trainer.network();
  // Training never looks at running statistics, so the same batches serve two kinds of them.
  Network<float> quick(spec_with(std::min(1.0, 10 * setting["momentum"])));
  quick.buffers() = network.buffers();
  Tape<float> tape(network, kAtOnce);

  const std::vector<double>& points = setting.points();
  std::vector<std::size_t> in_time(points.size());
  std::iota(in_time.begin(), in_time.end(), std::size_t{0});
  std::stable_sort(in_time.begin(), in_time.end(),
                   [&](std::size_t a, std::size_t b) { return points[a] < points[b]; });
  for (const std::size_t at : in_time) {
    bool well = true;
    while (well && static_cast<double>(trainer.steps()) < points[at]) {
      well = !trainer.step().diverged;
      if (well) network_update_running(quick, trainer.tape(), batch);
    }
    quick.parameters() = network.parameters();
    const auto set = [&](std::string_view arm, double share) {
      record.set("accuracy", arm, at, well ? share : kGlyphChance);
    };
    set("recalibrated", recalibrated_accuracy(network, tape, data.train, data.test));
    set("inference", accuracy(network, tape, Mode::kInference, data.test));
    set("training", accuracy(network, tape, Mode::kTraining, data.test));
    set("quick", accuracy(quick, tape, Mode::kInference, data.test));
  }
}

double gain(const Record& of, double step) {
  return of.at("accuracy", "recalibrated", step) - of.at("accuracy", "inference", step);
}

}  // namespace

Study ema_lag() {
  return {
      .id = "E19",
      .name = "ema-lag",
      .title = "How long do running statistics lag?",
      .question =
          "Running statistics are an average over the past. How long is a network wrong in inference mode "
          "only because they are late?",
      .method =
          "A network of 3×64 ReLU units with batch normalization learns from glyphs whose raw pixels were "
          "moved to 10x + 5, far from the mean 0 and variance 1 that running statistics start with. Its test "
          "accuracy is read in training mode, in inference mode, and in inference mode with statistics taken "
          "afresh over the training set; a second set of running statistics has a momentum ten times as "
          "large.",
      .source = "Wu & Johnson 2021, “Rethinking ‘Batch’ in BatchNorm”, arXiv:2105.07576, section 3",
      .knobs = {{"momentum", "Momentum k, the new batch’s weight", 0.01, 0.001, 1, false, Moves::kByFactors,
                 0.008},
                {"scale", "Inputs: times", 10, 0.1, 100, false, Moves::kByFactors},
                {"shift", "Inputs: plus", 5, -50, 50},
                {"lr", "Learning rate", 0.1, 0.001, 1, false, Moves::kByFactors},
                {"batch", "Batch size", 64, 2, 256, true, Moves::kByFactors}},
      .axis = {.name = "step",
               .label = "Training steps",
               .points = {10, 30, 60, 100, 200, 300, 600},
               .min = 1,
               .max = 2000,
               .whole = true,
               .moves = Moves::kByFactors,
               .fast = {100, 600}},
      .arms = {{"recalibrated", "inference, statistics taken afresh"},
               {"inference", "inference, running statistics"},
               {"training", "training mode"},
               {"quick", "inference, momentum ten times as large"}},
      .metrics = {{"accuracy", "Test accuracy", Format::kShare, 0.1}},
      .checks =
          {{.name = "early",
            .statement =
                "After 100 steps statistics taken afresh are worth 20 points of accuracy in inference mode "
                "or more.",
            .quantity = "Accuracy with statistics taken afresh minus running ones, step 100",
            .format = Format::kPoints,
            .bound = at_least(0.2),
            .measure = [](const Record& of) { return gain(of, 100); }},
           {.name = "late",
            .statement = "After 600 steps they are worth 3 points at most.",
            .quantity = "Accuracy with statistics taken afresh minus running ones, step 600",
            .format = Format::kPoints,
            .bound = at_most(0.03),
            .measure = [](const Record& of) { return gain(of, 600); }},
           {.name = "only-late",
            .statement =
                "With statistics taken afresh inference mode is as good as training mode, give or take 5 "
                "points: nothing but the statistics was amiss.",
            .quantity = "Accuracy with statistics taken afresh minus training mode, step 100",
            .format = Format::kPoints,
            .bound = within(-0.05, 0.05),
            .measure =
                [](const Record& of) {
                  return of.at("accuracy", "recalibrated", 100) - of.at("accuracy", "training", 100);
                }},
           {.name = "momentum",
            .statement =
                "Momentum sets how fast they follow: ten times as large, it gains 20 points after 100 steps "
                "or more.",
            .quantity = "Accuracy in inference mode with tenfold momentum minus without, step 100",
            .format = Format::kPoints,
            .bound = at_least(0.2),
            .measure =
                [](const Record& of) {
                  return of.at("accuracy", "quick", 100) - of.at("accuracy", "inference", 100);
                }}},
      .seeds = 10,
      .fast_seeds = 5,
      .run = run,
  };
}

}  // namespace bnlab
