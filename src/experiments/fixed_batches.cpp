// The same batches in every epoch, or new ones: what BN loses when an example always meets the same batch-mates.
//
// Two networks with the same examples and initial weights. One reshuffles before each epoch; the other goes through the first
// epoch's batches again and again. Few examples and wrong labels, so that there is something to learn by heart.
#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/glyph_task.hpp"

namespace bnlab {

namespace {

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const auto data = std::make_shared<const Split>(draw_glyphs(
      {.train = setting.count("examples"), .test = 1000, .label_noise = setting["label_noise"]}, seed));
  const auto compare = [&](std::string_view arm, bool batch_norm, bool reshuffle) {
    BatcherOptions batch;
    batch.size = std::min(setting.count("batch"), data->train.count);
    batch.reshuffle = reshuffle;
    SmallNetwork network;
    network.batch_norm = batch_norm;
    Trainer<float> trainer = glyph_trainer(network, setting["lr"], batch, data, seed);
    const bool well = train(trainer, setting.count("steps"));
    record.set("accuracy", arm,
               well ? glyph_accuracy(trainer.network(), trainer.tape(), Mode::kInference, data->test)
                    : kGlyphChance);
  };
  compare("bn-new", true, true);
  compare("bn-same", true, false);
  compare("none-new", false, true);
  compare("none-same", false, false);
}

}  // namespace

Study fixed_batches() {
  return {
      .id = "E22",
      .name = "fixed-batches",
      .title = "The same batch-mates every epoch",
      .question =
          "What does it cost a network to meet the same batches in every epoch, instead of new ones each "
          "time?",
      .method =
          "Networks of 3×32 ReLU units learn from 240 glyphs with standardised pixels, a fifth of which "
          "carry a wrong label, for 600 steps in batches of 16. One reshuffles before each epoch; another, "
          "with the same initial weights, goes through the first epoch’s batches again and again.",
      .source =
          "Ioffe & Szegedy 2015, “Batch Normalization: Accelerating Deep Network Training by Reducing "
          "Internal Covariate Shift”, arXiv:1502.03167, section 4.2.1",
      .knobs = {{"batch", "Batch size", 16, 2, 64, true, Moves::kByFactors},
                {"steps", "Steps", 600, 10, 2000, true},
                {"label_noise", "Wrong labels, share", 0.2, 0, 0.6},
                {"examples", "Training examples", 240, 64, 1000, true},
                {"lr", "Learning rate", 0.1, 0.001, 1, false, Moves::kByFactors}},
      .axis = {},
      .arms = {{"bn-new", "batch normalization, new batches"},
               {"bn-same", "batch normalization, the same batches"},
               {"none-new", "without, new batches"},
               {"none-same", "without, the same batches"}},
      .metrics = {{"accuracy", "Test accuracy, inference mode", Format::kShare, kGlyphChance}},
      .checks =
          {{.name = "norm",
            .statement = "With batch normalization, batches that stay the same cost 5 points of test "
                         "accuracy or more.",
            .quantity = "Accuracy with new batches minus the same batches, with batch normalization",
            .format = Format::kPoints,
            .bound = at_least(0.05),
            .measure = [](const Record& of) { return of("accuracy", "bn-new") - of("accuracy", "bn-same"); }},
           {.name = "without",
            .statement = "Without, they change it by 4 points at most.",
            .quantity = "Accuracy with new batches minus the same batches, without normalization",
            .format = Format::kPoints,
            .bound = within(-0.04, 0.04),
            .measure =
                [](const Record& of) { return of("accuracy", "none-new") - of("accuracy", "none-same"); }}},
      .seeds = 10,
      .fast_seeds = 5,
      .run = run,
  };
}

}  // namespace bnlab
