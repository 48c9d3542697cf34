// Work to be timed: a network trained on a given number of examples, few or many at a time.
//
// The arithmetic per example is the same for every batch size, but large batches keep a processor busier: each weight that is
// fetched serves the whole batch, and each step's fixed costs, the update of all weights for one, are shared. The engine has no
// clock; whoever asks takes the time.
#include <algorithm>

#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/glyph_task.hpp"

namespace bnlab {

namespace {

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  constexpr Index kDrawn = 256;
  const Index examples = setting.count("examples");
  const Index hidden = setting.count("hidden");
  const std::vector<double>& points = setting.points();
  for (std::size_t at = 0; at < points.size(); ++at) {
    BatcherOptions batch;
    batch.size = static_cast<Index>(points[at]);
    batch.last = LastBatch::kDrop;
    const auto data = std::make_shared<const Split>(draw_glyphs({std::max(kDrawn, batch.size), 0}, seed));
    Trainer<float> trainer = glyph_trainer({{hidden, hidden, hidden}}, setting["lr"], batch, data, seed);
    // Rounded up to whole batches. The last 256 examples, or the last batch, say how far it has got.
    double loss = 0;
    Index counted = 0;
    for (Index done = 0; done < examples; done += batch.size) {
      const double of_batch = trainer.step().loss;
      if (done + kDrawn < examples && done + batch.size < examples) continue;
      loss += of_batch;
      ++counted;
    }
    record.set("loss", "training", at, loss / static_cast<double>(counted));
  }
}

}  // namespace

Study throughput() {
  return {
      .id = "E16b",
      .name = "throughput",
      .title = "How long do the same examples take?",
      .question =
          "The arithmetic for an example is the same in a batch of one and in a batch of 256. Is the time "
          "the same, on your machine, now?",
      .method =
          "A network with three hidden layers of ReLU units is trained on 8192 glyphs in all, in batches of "
          "each size, one measurement after another. The time is that of the machine it runs on, and "
          "whatever else that machine is doing is in it too.",
      .source =
          "Goodfellow, Bengio & Courville 2016, “Deep Learning”, section 8.1.3: larger batches make better "
          "use of the processor",
      .knobs = {{"hidden", "Units of each of three hidden layers", 64, 4, 256, true, Moves::kByFactors},
                {"examples", "Examples for each measurement", 8192, 1024, 100'000, true, Moves::kByFactors,
                 2048},
                {"lr", "Learning rate", 0.01, 0.001, 1, false, Moves::kByFactors}},
      .axis = {.name = "batch",
               .label = "Batch size B",
               .points = {1, 2, 4, 8, 16, 32, 64, 128, 256},
               .min = 1,
               .max = 4096,
               .whole = true,
               .moves = Moves::kByFactors,
               .fast = {1, 8, 64, 256}},
      .arms = {{"training", "training"}},
      .metrics = {{.name = "milliseconds",
                   .label = "Milliseconds for all examples",
                   .moves = Moves::kByFactors},
                  {.name = "loss", .label = "Training loss at the end"}},
      .checks = {{.name = "faster",
                  .statement = "The same examples take less time in batches of 64 than one at a time.",
                  .quantity = "Time one at a time over time in batches of 64",
                  .kind = Kind::kOpen,
                  .statistic = Statistic::kRatio,
                  .format = Format::kTimes,
                  .bound = at_least(1),
                  .measure =
                      [](const Record& of) {
                        return of.at("milliseconds", "training", 1) / of.at("milliseconds", "training", 64);
                      }},
                 {.name = "five-times",
                  .statement =
                      "In batches of 64 they take a fifth of the time or less, as is usual with general "
                      "libraries.",
                  .quantity = "Time one at a time over time in batches of 64",
                  .kind = Kind::kOpen,
                  .statistic = Statistic::kRatio,
                  .format = Format::kTimes,
                  .bound = at_least(5),
                  .measure =
                      [](const Record& of) {
                        return of.at("milliseconds", "training", 1) / of.at("milliseconds", "training", 64);
                      }},
                 {.name = "small-learn-more",
                  .statement =
                      "Small batches take more steps, and so learn more from the same examples: batches of 8 "
                      "end with half the loss of batches of 256, or less.",
                  .quantity = "Loss at the end with B = 8 over B = 256",
                  .statistic = Statistic::kRatio,
                  .format = Format::kTimes,
                  .bound = at_most(0.5),
                  .measure =
                      [](const Record& of) {
                        return of.at("loss", "training", 8) / of.at("loss", "training", 256);
                      }}},
      .seeds = 5,
      .fast_seeds = 5,
      .timed = true,
      .run = run,
  };
}

}  // namespace bnlab
