// Whether gradients depend on the inputs before any training.
//
// Bjorck et al. 2018 (“Understanding Batch Normalization”, arXiv:1806.02375, table 1) found that in a deep network without
// batch normalization, as it is initialised, all examples of a batch pull the weights the same way, as if the gradient did not
// see the input; with it, they pull in different ways.
#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/deep_network.hpp"
#include "probe/agreement.hpp"

namespace bnlab {

namespace {

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const Index batch = setting.count("batch");
  const auto data = share_glyphs({.train = batch, .test = 0, .standardize = !setting.on("raw")}, seed);
  for (std::size_t i = 0; i < setting.points().size(); ++i) {
    const auto measure = [&](std::string_view arm, const std::optional<LayerSpec>& norm) {
      Network<float> network(deep_network(
          {.depth = static_cast<Index>(setting.points()[i]), .width = setting.count("width"), .norm = norm}));
      network.initialize(seed);
      Tape<float> tape(network, batch);
      Buffer<float> gradients(network.parameters().size());
      network_forward(network, tape, data->train.x.data(), batch, Mode::kTraining);
      evaluate_loss(Loss::kCrossEntropy, tape, batch, network.outputs(),
                    {data->train.labels.data(), nullptr});
      network_backward(network, tape, data->train.x.data(), batch, Mode::kTraining, gradients.data());
      const auto agreement = [&](std::size_t layer) {
        const LayerPlan& plan = network.layers()[layer];
        const float* const x = layer == 0 ? data->train.x.data() : tape.records()[layer - 1].y;
        return gradient_agreement(x, tape.records()[layer].dy, batch, plan.in.size(), plan.out.size());
      };
      const std::vector<std::size_t> hidden = hidden_linear_layers(network);
      record.set("first", arm, i, agreement(hidden.front()));
      record.set("middle", arm, i, agreement(hidden[hidden.size() / 2]));
      record.set("last", arm, i, agreement(network.layers().size() - 1));
    };
    measure("none", std::nullopt);
    measure("bn", BatchNormSpec{});
  }
}

}  // namespace

Study input_independence() {
  return {
      .id = "E8b",
      .name = "input-independence",
      .title = "Do gradients see the input before any training?",
      .question =
          "In deep networks without batch normalization, it is said, the first gradient hardly depends on "
          "the "
          "input: all examples pull the weights the same way. Do they here?",
      .method =
          "128 standardised glyphs with their labels are passed through ReLU networks of 64 units per layer, "
          "as "
          "He initialises them. Each example has a part in the gradient of each weight; agreement is the "
          "absolute value of their sum by the sum of their absolute values, each added up over the weights "
          "of a "
          "layer. It is 1 where all parts have the same sign.",
      .source =
          "Bjorck et al. 2018, “Understanding Batch Normalization”, arXiv:1806.02375, table 1, on "
          "convolutional "
          "networks of up to 110 layers",
      .knobs = {{"width", "Units per layer", 64, 4, 256, true},
                {"batch", "Batch size", 128, 4, 512, true},
                {"raw", "Pixels as they come", 0, 0, 1, true}},
      .axis = {.name = "depth",
               .label = "Hidden layers",
               .points = {4, 10, 20, 50},
               .min = 1,
               .max = 100,
               .whole = true,
               .moves = Moves::kByFactors,
               .fast = {20}},
      .arms = {{"none", "without"}, {"bn", "batch normalization"}},
      .metrics = {{"first", "Agreement of examples on the first layer’s gradient"},
                  {"middle", "Agreement on the gradient of the layer in the middle"},
                  {"last", "Agreement on the output layer’s gradient"}},
      .checks =
          {{.name = "input-independent",
            .statement = "Without batch normalization, examples agree on the gradient in the middle of "
                         "twenty layers to "
                         "0.75 or more: it hardly depends on the input.",
            .quantity = "Agreement without, middle of 20 layers",
            .kind = Kind::kOpen,
            .bound = at_least(0.75),
            .measure = [](const Record& of) { return of.at("middle", "none", 20); }},
           {.name = "first-layer-depends",
            .statement =
                "In the first of twenty layers most of it cancels, with or without batch normalization: "
                "agreement is 0.3 at most.",
            .quantity = "Agreement on the first of 20 layers, the larger of the two",
            .bound = at_most(0.3),
            .measure =
                [](const Record& of) {
                  return std::fmax(of.at("first", "none", 20), of.at("first", "bn", 20));
                }},
           {.name = "bn-agrees-less",
            .statement =
                "In the middle, examples agree less with batch normalization than without, by 0.05 or more.",
            .quantity = "Agreement without batch normalization minus with it, middle of 20 layers",
            .bound = at_least(0.05),
            .measure =
                [](const Record& of) { return of.at("middle", "none", 20) - of.at("middle", "bn", 20); }}},
      .seeds = 20,
      .fast_seeds = 10,
      .run = run,
  };
}

}  // namespace bnlab
