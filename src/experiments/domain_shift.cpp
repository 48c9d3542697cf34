// The world after training looks different.
//
// The network learns from pictures x and is then asked about scale·x + shift. In inference mode batch normalization goes by
// the mean and variance of the world it was trained in. Taken afresh over new pictures, for which no labels are needed, they
// make good what an affine change did to the first layer, and with it to all later ones; weights stay as they are. Networks
// without running statistics have nothing to take afresh.
#include "engine_float.hpp"
#include "experiments/both_modes.hpp"
#include "experiments/catalogue.hpp"

namespace bnlab {

namespace {

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const GlyphExamples data = raw_glyphs(seed);
  const double scale = setting["scale"];
  const double shift = setting["shift"];
  struct Arm {
    std::string_view before;
    std::string_view after;
    std::string_view recalibrated;
    std::optional<LayerSpec> norm;
  };
  const Arm arms[] = {{"bn", "bn-moved", "bn-afresh", BatchNormSpec{}},
                      {"ln", "ln-moved", "", GroupNormSpec{.groups = 1, .per_feature = true}},
                      {"none", "none-moved", "", std::nullopt}};
  for (const Arm& arm : arms) {
    Trainer<float> trainer = classifier_trainer(glyph_classifier(arm.norm), setting["lr"],
                                                setting.count("batch"), data.train, seed);
    train(trainer, setting.count("steps"));
    Network<float>& network = trainer.network();
    Tape<float> tape(network, kAtOnce);
    record.set("accuracy", arm.before, accuracy(network, tape, Mode::kInference, data.test));
    record.set("accuracy", arm.after, accuracy(network, tape, Mode::kInference, data.test, scale, shift));
    if (!arm.recalibrated.empty())
      record.set("accuracy", arm.recalibrated,
                 recalibrated_accuracy(network, tape, data.test, data.test, scale, shift));
  }
}

}  // namespace

Study domain_shift() {
  return {
      .id = "E26",
      .name = "domain-shift",
      .title = "The same pictures in another light",
      .question =
          "A trained network is shown pictures with other brightness and contrast. How much accuracy does it "
          "lose, and do new statistics alone bring it back?",
      .method =
          "Networks of 3×64 ReLU units learn from glyphs with raw pixels x for 600 steps, and are tested on "
          "2x + 1. Batch normalization’s running statistics are then taken afresh over the new pictures, "
          "whose labels are not used; layer normalization and no normalization have none.",
      .source = "Wu & Johnson 2021, “Rethinking ‘Batch’ in BatchNorm”, arXiv:2105.07576, section 5",
      .knobs = {{"scale", "New pictures: times", 2, 0.1, 10, false, Moves::kByFactors},
                {"shift", "New pictures: plus", 1, -10, 10},
                {"steps", "Steps", 600, 0, 2000, true, Moves::kLinearly, 300},
                {"lr", "Learning rate", 0.1, 0.001, 1, false, Moves::kByFactors},
                {"batch", "Batch size", 64, 2, 256, true, Moves::kByFactors}},
      .axis = {},
      .arms = {{"bn", "batch normalization, pictures as in training"},
               {"bn-moved", "batch normalization, new pictures"},
               {"bn-afresh", "batch normalization, new pictures, statistics taken afresh"},
               {"ln", "layer normalization, pictures as in training"},
               {"ln-moved", "layer normalization, new pictures"},
               {"none", "without normalization, pictures as in training"},
               {"none-moved", "without normalization, new pictures"}},
      .metrics = {{"accuracy", "Test accuracy, inference mode", Format::kShare, kGlyphChance}},
      .checks =
          {{.name = "norm-loses",
            .statement = "On the new pictures batch normalization loses 30 points of accuracy or more.",
            .quantity = "Accuracy on pictures as in training minus new ones, batch normalization",
            .format = Format::kPoints,
            .bound = at_least(0.3),
            .measure = [](const Record& of) { return of("accuracy", "bn") - of("accuracy", "bn-moved"); }},
           {.name = "recovered",
            .statement = "Statistics taken afresh bring it back to within 3 points of what it was.",
            .quantity = "Accuracy with statistics taken afresh minus what it was",
            .format = Format::kPoints,
            .bound = within(-0.03, 0.03),
            .measure = [](const Record& of) { return of("accuracy", "bn-afresh") - of("accuracy", "bn"); }},
           {.name = "regained",
            .statement = "They are worth 30 points or more.",
            .quantity = "Accuracy on new pictures with statistics taken afresh minus without",
            .format = Format::kPoints,
            .bound = at_least(0.3),
            .measure =
                [](const Record& of) { return of("accuracy", "bn-afresh") - of("accuracy", "bn-moved"); }},
           {.name = "others-lose",
            .statement = "Layer normalization and no normalization lose 30 points or more too, and have no "
                         "statistics to take afresh.",
            .quantity = "Accuracy on pictures as in training minus new ones, the lesser loss of the two",
            .format = Format::kPoints,
            .bound = at_least(0.3),
            .measure =
                [](const Record& of) {
                  return std::min(of("accuracy", "ln") - of("accuracy", "ln-moved"),
                                  of("accuracy", "none") - of("accuracy", "none-moved"));
                }}},
      .seeds = 10,
      .fast_seeds = 5,
      .run = run,
  };
}

}  // namespace bnlab
