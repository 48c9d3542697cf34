// Thousands of random experiments under random operations. Whatever is asked, in whatever order: an answer comes, or an
// error that names its argument; a question and a refusal leave no trace; running statistics stay finite.
//
// Every model has a twin of which only those changes are asked that its model took, and nothing else. Both must train alike to
// the last bit, so whatever a question or a refusal disturbs, batch order and dropout's numbers included, shows.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <initializer_list>

#include "core/random.hpp"
#include "support/request.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

using Fields = std::map<std::string, Request::Argument>;

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed, Stream::kData) {}

  // From `low` to `high`, both included.
  Index between(Index low, Index high) {
    return low + static_cast<Index>(random_.below(static_cast<std::uint64_t>(high - low + 1)));
  }
  bool chance(double p) { return random_.uniform() < p; }
  template <typename V>
  V one_of(std::initializer_list<V> values) {
    return values.begin()[between(0, static_cast<Index>(values.size()) - 1)];
  }
  std::string word(std::initializer_list<const char*> words) { return one_of(words); }
  double number(Index low, Index high) { return static_cast<double>(between(low, high)); }
  double normal() { return random_.normal(); }

 private:
  Random random_;
};

struct Shape {
  Index channels;
  Index height = 1;
  Index width = 1;

  [[nodiscard]] Index size() const { return channels * height * width; }
  [[nodiscard]] bool picture() const { return height * width > 1; }
};

struct Layer {
  std::string kind;
  Shape in;
  Fields fields;
};

// The fields that may change while the model trains.
void draw_options(Dice& dice, Layer& layer) {
  Fields& fields = layer.fields;
  const std::string& kind = layer.kind;
  const auto maybe = [&](const char* name, Request::Argument value) {
    fields.erase(name);
    if (dice.chance(0.3)) fields[name] = std::move(value);
  };
  const bool relative = kind == "batch_renorm" || kind == "lp_norm";
  if (kind == "batch_norm" || relative) {
    maybe("eps", dice.one_of({1e-30, 1e-8, 1e-3, 1e6}));
    maybe("momentum", dice.one_of({0.0, 0.1, 0.5, 1.0}));
    maybe("initial_gamma", dice.one_of({0.0, -1.0, 0.1}));
    maybe("single_value", dice.word({"error", "show"}));
  }
  if (kind == "batch_norm") {
    maybe("convention", dice.word({"pytorch", "keras", "onnx"}));
    maybe("ghost", dice.number(0, 7));
    maybe("frozen", dice.chance(0.5));
    if (dice.chance(0.1)) fields["momentum"] = std::string("cumulative");
  }
  if (kind == "batch_renorm") {
    maybe("r_max", dice.one_of({1.0, 1.5, 1e6}));
    maybe("d_max", dice.one_of({0.0, 0.5, 1e6}));
    maybe("plain_steps", dice.number(0, 3));
    maybe("ramp_steps", dice.number(0, 3));
  }
  if (kind == "lp_norm") {
    if (dice.chance(0.3))
      fields["p"] = std::string("inf");
    else
      fields["p"] = dice.number(1, 2);
  }
  if (kind == "group_norm") fields["groups"] = dice.number(1, std::min<Index>(layer.in.channels, 3));
  if (kind == "dropout") maybe("p", dice.one_of({0.0, 0.2, 0.99}));
  if (kind == "leaky_relu") maybe("slope", dice.one_of({1e-6, 0.2, 1.0}));
}

// Some layers for examples of this shape, most of them well formed, that end in a row of `outputs`.
std::vector<Layer> draw_layers(Dice& dice, Shape shape, Index outputs) {
  std::vector<Layer> layers;
  std::vector<Shape> shapes;
  const auto add = [&](const std::string& kind, const Fields& fields, const Shape& out) {
    Layer layer{kind, shape, fields};
    draw_options(dice, layer);
    layers.push_back(layer);
    shapes.push_back(shape = out);
  };
  const Index middle = dice.between(0, 6);
  for (Index i = 0; i < middle; ++i) {
    const std::string kind =
        dice.word({"linear",     "linear",        "conv2d",     "conv2d",       "pool2d",  "flatten",
                   "batch_norm", "batch_norm",    "batch_norm", "batch_renorm", "lp_norm", "layer_norm",
                   "group_norm", "instance_norm", "dropout",    "add",          "relu",    "leaky_relu",
                   "sigmoid",    "tanh",          "identity"});
    const bool careful = !dice.chance(0.02);
    if (kind == "linear") {
      if (careful && shape.picture()) continue;
      const Index units = dice.between(1, 9);
      add(kind,
          {{"units", static_cast<double>(units)},
           {"bias", dice.chance(0.5)},
           {"init", dice.word({"he_normal", "xavier_uniform", "pytorch"})}},
          {units});
    } else if (kind == "conv2d") {
      const Index units = dice.between(1, 5);
      const Index kernel = dice.one_of<Index>({1, 3, 5});
      const Index stride = dice.between(1, 2);
      const Index padding = dice.between(0, 2);
      const auto out = [&](Index extent) { return (extent + 2 * padding - kernel) / stride + 1; };
      if (careful && std::min(shape.height, shape.width) + 2 * padding < kernel) continue;
      add(kind,
          {{"units", static_cast<double>(units)},
           {"kernel", static_cast<double>(kernel)},
           {"stride", static_cast<double>(stride)},
           {"padding", static_cast<double>(padding)},
           {"bias", dice.chance(0.5)}},
          {units, out(shape.height), out(shape.width)});
    } else if (kind == "pool2d") {
      const Index size = dice.between(1, 3);
      const Index stride = dice.between(1, 3);
      const auto out = [&](Index extent) { return (extent - size) / stride + 1; };
      if (careful && std::min(shape.height, shape.width) < size) continue;
      add(kind,
          {{"pool", dice.word({"max", "average"})},
           {"size", static_cast<double>(size)},
           {"stride", static_cast<double>(stride)}},
          {shape.channels, out(shape.height), out(shape.width)});
    } else if (kind == "flatten") {
      add(kind, {}, {shape.size()});
    } else if (kind == "add") {
      Index from = dice.between(-1, static_cast<Index>(layers.size()) - 1);
      // The layer before always has this shape.
      if (careful && (from < 0 || shapes[static_cast<std::size_t>(from)].size() != shape.size()))
        from = static_cast<Index>(layers.size()) - 1;
      add(kind, {{"from", static_cast<double>(from)}}, shape);
    } else if (kind == "batch_norm") {
      add(kind, {{"affine", dice.chance(0.8)}, {"track_running_stats", dice.chance(0.9)}}, shape);
    } else if (kind == "instance_norm") {
      if (careful && !shape.picture()) continue;
      add(kind, {{"affine", dice.chance(0.8)}}, shape);
    } else if (kind == "layer_norm") {
      if (careful && shape.size() == 1) continue;
      add(kind, {{"affine", dice.chance(0.8)}}, shape);
    } else {
      add(kind, {}, shape);
    }
  }
  if (shape.picture()) add("flatten", {}, {shape.size()});
  add("linear", {{"units", static_cast<double>(outputs)}}, {outputs});
  return layers;
}

void put(Request& request, const std::string& name, const std::vector<Layer>& layers) {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const std::string prefix = name + "." + std::to_string(i) + ".";
    request.arguments[prefix + "kind"] = layers[i].kind;
    for (const auto& [field, value] : layers[i].fields) request.arguments[prefix + field] = value;
  }
}

// What is asked of one model, and what it was made for.
struct Subject {
  Shape inputs{1};
  Index outputs = 1;
  std::string loss;
  std::string dtype;
  std::vector<Layer> layers;
  double size_of_x = 1;  // of the examples from outside: some overflow
};

void put_optimizer(Dice& dice, Request& request, const std::string& prefix) {
  Fields& all = request.arguments;
  all[prefix + "lr"] = dice.one_of({0.0, 0.01, 0.1, 0.1, 0.1, 3.0, 1e6});
  if (dice.chance(0.3)) {
    all[prefix + "momentum"] = dice.one_of({0.5, 0.9, 1.0});
    all[prefix + "nesterov"] = dice.chance(0.5);
  }
  if (dice.chance(0.2)) {
    all[prefix + "weight_decay"] = dice.one_of({1e-4, 0.1});
    all[prefix + "decoupled"] = dice.chance(0.5);
    all[prefix + "decay_gamma"] = dice.chance(0.5);
  }
  if (dice.chance(0.2)) all[prefix + "clip"] = dice.one_of({1e-30, 1.0, 1e30});
  if (dice.chance(0.3)) {
    all[prefix + "schedule"] = dice.word({"step", "cosine"});
    all[prefix + "schedule_steps"] = dice.number(1, 4);
    all[prefix + "warmup"] = dice.number(0, 4);
  }
}

void put_batch(Dice& dice, Request& request, const std::string& prefix) {
  Fields& all = request.arguments;
  all[prefix + "size"] = dice.number(1, 20);
  all[prefix + "last"] = dice.word({"keep", "drop"});
  all[prefix + "reshuffle"] = dice.chance(0.7);
  if (dice.chance(0.2)) all[prefix + "classes"] = dice.number(0, 4);
}

Array draw_x(Dice& dice, const Subject& subject, Dtype dtype, Index count) {
  Array x{dtype, {count, subject.inputs.size()}, {}};
  const bool constant = dice.chance(0.05);
  for (Index i = 0; i < count * subject.inputs.size(); ++i)
    x.values.push_back(constant ? subject.size_of_x : subject.size_of_x * dice.normal());
  return x;
}

Array draw_y(Dice& dice, const Subject& subject, Dtype dtype, Index count) {
  if (subject.loss == "cross_entropy") {
    Array y{Dtype::kInt32, {count}, {}};
    for (Index i = 0; i < count; ++i) y.values.push_back(dice.number(0, subject.outputs - 1));
    return y;
  }
  Array y{dtype, {count, subject.outputs}, {}};
  for (Index i = 0; i < count * subject.outputs; ++i) y.values.push_back(dice.number(0, 4) / 4);
  return y;
}

// Examples of all classes, kept by the workbench: the answer of data_create.
Request data_request(Dice& dice, const Subject& subject) {
  const Index count = std::max<Index>(subject.outputs, 2) + dice.between(0, 30);
  Request request{"data_create", {{"seed", dice.number(0, 1000)}, {"data.kind", std::string("given")}}};
  request.arguments["x"] = draw_x(dice, subject, Dtype::kFloat32, count);
  if (subject.loss == "mse" && dice.chance(0.5)) {
    request.arguments["y"] = draw_y(dice, subject, Dtype::kFloat32, count);
  } else {
    Array y{Dtype::kInt32, {count}, {}};
    for (Index i = 0; i < count; ++i)
      y.values.push_back(static_cast<double>(i % std::max<Index>(subject.outputs, 2)));
    request.arguments["y"] = y;
  }
  if (dice.chance(0.5)) request.arguments["data.test"] = dice.one_of({0.1, 0.5, 0.9});
  if (dice.chance(0.2)) request.arguments["data.label_noise"] = dice.one_of({0.1, 1.0});
  if (dice.chance(0.2)) request.arguments["data.standardize"] = true;
  return request;
}

// An experiment whose data, if any, are its own; `subject` becomes what it is about.
Request experiment_request(Dice& dice, Subject& subject) {
  Request request{"model_create", {}};
  Fields& all = request.arguments;
  const std::string prefix = "experiment.";
  const double source = dice.number(0, 9);
  std::string kind = "given";
  subject.loss = dice.word({"cross_entropy", "bce_with_logits", "mse"});
  subject.outputs = dice.between(subject.loss == "cross_entropy" ? 2 : 1, 3);
  if (source < 3) {
    kind = dice.word({"blobs", "circles", "xor", "spirals", "moons"});
    subject.inputs = {2};
    if (kind != "spirals") subject.outputs = subject.loss == "cross_entropy" ? 2 : dice.between(1, 2);
    if (kind == "spirals") {
      subject.outputs = dice.between(2, 4);
      all[prefix + "data.classes"] = static_cast<double>(subject.outputs);
    }
    all[prefix + "data.count"] = dice.number(2, 40);
  } else if (source < 4) {
    kind = "regression";
    subject.inputs = {1};
    subject.outputs = 1;
    subject.loss = "mse";
    all[prefix + "data.count"] = dice.number(2, 40);
  } else if (source < 5 && dice.chance(0.3)) {
    kind = "glyphs";
    subject.inputs = {1, 12, 12};
    subject.outputs = 10;
    all[prefix + "data.count"] = dice.number(10, 25);
  } else if (dice.chance(0.5)) {
    subject.inputs = {dice.between(1, 2), dice.between(1, 5), dice.between(1, 5)};
  } else {
    subject.inputs = {dice.between(1, 6)};
  }
  all[prefix + "data.kind"] = kind;
  if (kind != "given" && dice.chance(0.3)) all[prefix + "data.test"] = dice.one_of({0.2, 0.5});
  if (kind != "given" && dice.chance(0.1)) all[prefix + "data.scale"] = dice.one_of({0.0, 1e6});

  subject.dtype = dice.chance(0.7) ? "float32" : "float64";
  subject.size_of_x = dice.chance(0.9) ? 1 : dice.one_of({0.0, 1e-30, 1e10, 1e19, 1.5e19, 1e37});
  subject.layers = draw_layers(dice, subject.inputs, subject.outputs);
  all[prefix + "version"] = 1.0;
  all[prefix + "dtype"] = subject.dtype;
  all[prefix + "seeds.init"] = dice.number(0, 1000);
  all[prefix + "loss"] = subject.loss;
  all[prefix + "model.inputs"] = static_cast<double>(subject.inputs.size());
  if (subject.inputs.picture()) {
    all[prefix + "model.input_shape.0"] = static_cast<double>(subject.inputs.channels);
    all[prefix + "model.input_shape.1"] = static_cast<double>(subject.inputs.height);
    all[prefix + "model.input_shape.2"] = static_cast<double>(subject.inputs.width);
  }
  put(request, prefix + "model.layers", subject.layers);
  put_batch(dice, request, prefix + "batch.");
  put_optimizer(dice, request, prefix + "optimizer.");
  return request;
}

// Layers as they are, with some other options.
std::vector<Layer> with_other_options(Dice& dice, std::vector<Layer> layers) {
  for (Layer& layer : layers)
    if (dice.chance(0.5)) draw_options(dice, layer);
  if (dice.chance(0.1)) layers.pop_back();
  return layers;
}

enum class Effect { kQuestion, kChange };

struct Call {
  Request request;
  Effect effect;
};

// Something to ask of a model, without its handle. `state` holds the tensors with these names.
Call draw_call(Dice& dice, const Subject& subject, const std::vector<std::string>& names,
               const Reply& state) {
  const Dtype dtype = subject.dtype == "float32" ? Dtype::kFloat32 : Dtype::kFloat64;
  const std::string mode = dice.word({"training", "inference"});
  const double layer = dice.number(0, static_cast<Index>(subject.layers.size()) - 1);
  const auto chosen = static_cast<std::size_t>(dice.between(0, static_cast<Index>(names.size()) - 1));
  const std::string& name = names[chosen];
  Request request;
  Fields& all = request.arguments;
  const auto move = [&] {
    if (!dice.chance(0.3)) return;
    all["scale"] = dice.one_of({0.0, -1.0, 1e6});
    all["shift"] = dice.one_of({0.0, 0.5});
  };
  switch (dice.between(0, 21)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return {{"model_train", {{"steps", dice.number(1, 3)}}}, Effect::kChange};
    case 4:
    case 5: {
      const Index count = dice.between(1, 12);
      request = {"model_step",
                 {{"x", draw_x(dice, subject, dtype, count)}, {"y", draw_y(dice, subject, dtype, count)}}};
      return {request, Effect::kChange};
    }
    case 6:
    case 7: {
      const Index count = dice.between(1, 12);
      request = {"model_evaluate", {{"mode", mode}, {"x", draw_x(dice, subject, dtype, count)}}};
      if (dice.chance(0.5)) all["y"] = draw_y(dice, subject, dtype, count);
      if (dice.chance(0.5)) all["statistics"] = dice.word({"own", "last_batch"});
      return {request, Effect::kQuestion};
    }
    case 8:
    case 9:
      request = {"model_score", {{"mode", mode}, {"set", dice.word({"train", "test", "batch"})}}};
      if (dice.chance(0.3)) all["limit"] = dice.number(1, 20);
      move();
      return {request, Effect::kQuestion};
    case 10:
      return {{"model_batch", {}}, Effect::kQuestion};
    case 11:
      request = {"model_record",
                 {{"layer", layer}, {"what", dice.word({"output", "gradient", "xhat", "mean", "var"})}}};
      return {request, Effect::kQuestion};
    case 12:
      request = {"model_observe",
                 {{"bins", dice.one_of({2.0, 7.0})}, {"range", dice.one_of({1e-6, 4.0, 1e6})}}};
      return {request, Effect::kQuestion};
    case 13:
      return {{"model_statistics", {{"layer", layer}, {"batches", dice.number(1, 4)}}}, Effect::kQuestion};
    case 14:
      request = {"model_recalibrate", {{"batches", dice.number(1, 4)}}};
      move();
      return {request, Effect::kChange};
    case 15:
      return {{"model_rewind", {}}, Effect::kChange};
    case 16: {
      const Index count = dice.between(1, 30);
      request = {"model_set_data",
                 {{"x", draw_x(dice, subject, dtype, count)}, {"y", draw_y(dice, subject, dtype, count)}}};
      return {request, Effect::kChange};
    }
    case 17:
      request = {"model_set_optimizer", {}};
      put_optimizer(dice, request, "optimizer.");
      return {request, Effect::kChange};
    case 18:
      request = {"model_set_batch", {}};
      put_batch(dice, request, "batch.");
      return {request, Effect::kChange};
    case 19:
      request = {"model_set_layers", {}};
      put(request, "layers", with_other_options(dice, subject.layers));
      return {request, Effect::kChange};
    case 20:
      return {{"model_gradient", {{"name", name}}}, Effect::kQuestion};
    default: {
      request = {"model_set", {{"name", name}}};
      const auto& tensor = std::get<Tensor>(state.leaves()[chosen].second);
      Array value{tensor.dtype, tensor.shape, {}};
      if (dice.chance(0.1)) value.shape = {3};
      const double size = dice.one_of({0.0, 1.0, 1.0, 1.0, 1e-20, 1e30, 3e38});
      const bool spread = name.find("running_") != std::string::npos && dice.chance(0.9);
      Index count = 1;
      for (const Index extent : value.shape) count *= extent;
      for (Index i = 0; i < count; ++i) {
        const double v =
            tensor.dtype == Dtype::kInt32 ? dice.number(0, 5) : size * std::fmin(dice.normal(), 1);
        value.values.push_back(spread ? std::fabs(v) : v);
      }
      all["value"] = value;
      return {request, Effect::kChange};
    }
  }
}

std::vector<std::string> names_of(Workbench& workbench, double model) {
  std::vector<std::string> names(1);
  for (const char letter : ask_well(workbench, {"model_names", {{"model", model}}}).text("names")) {
    if (letter == '\n')
      names.emplace_back();
    else
      names.back() += letter;
  }
  names.pop_back();
  return names;
}

// All tensors of a model, bit by bit.
Reply state_of(Workbench& workbench, double model, const std::vector<std::string>& names) {
  Reply state;
  for (const std::string& name : names)
    CHECK(workbench.models().at(static_cast<Index>(model))->get(name, state).ok());
  return state;
}

bool same(const Value& a, const Value& b) {
  const auto* tensor = std::get_if<Tensor>(&a);
  if (tensor == nullptr) {
    const auto* x = std::get_if<double>(&a);
    const auto* y = std::get_if<double>(&b);
    if (x != nullptr && y != nullptr) return *x == *y || (std::isnan(*x) && std::isnan(*y));
    return a.index() == b.index();
  }
  const auto* other = std::get_if<Tensor>(&b);
  return other != nullptr && tensor->shape == other->shape && tensor->dtype == other->dtype &&
         std::memcmp(tensor->bytes.get(), other->bytes.get(), tensor->byte_count()) == 0;
}

bool same(const Reply& a, const Reply& b) {
  if (a.leaves().size() != b.leaves().size()) return false;
  for (std::size_t i = 0; i < a.leaves().size(); ++i)
    if (a.leaves()[i].first != b.leaves()[i].first || !same(a.leaves()[i].second, b.leaves()[i].second))
      return false;
  return true;
}

template <typename T>
bool usable(const Tensor& tensor, bool spread) {
  const T* values = tensor.data<T>();
  for (Index i = 0; i < tensor.size(); ++i)
    if (!std::isfinite(values[i]) || (spread && values[i] < 0)) return false;
  return true;
}

// Whether running statistics are finite, and spreads not negative.
bool running_statistics_are_usable(const Reply& state, const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].find(".running_") == std::string::npos) continue;
    const bool spread = names[i].find(".running_mean") == std::string::npos;
    const auto& tensor = std::get<Tensor>(state.leaves()[i].second);
    if (!(tensor.dtype == Dtype::kFloat32 ? usable<float>(tensor, spread) : usable<double>(tensor, spread)))
      return false;
  }
  return true;
}

void check_error(const Answer& answer) {
  if (answer.ok()) return;
  CHECK_FALSE(answer.status.error().argument.empty());
  CHECK_FALSE(answer.status.error().expected.empty());
}

// One experiment and its operations. Returns how many of the calls succeeded.
int run(std::uint64_t seed) {
  Dice dice(seed);
  Workbench workbench;
  Subject subject;
  Request experiment = experiment_request(dice, subject);
  // The data may come from a handle that is freed while models still use them.
  if (std::get<std::string>(experiment.arguments["experiment.data.kind"]) == "given" && dice.chance(0.7)) {
    const Answer data = ask(workbench, data_request(dice, subject));
    check_error(data);
    if (data.ok())
      experiment = without_below(experiment, "experiment.data").with("data", data.number("data"));
  }
  const Answer made = ask(workbench, experiment);
  check_error(made);
  if (!made.ok()) return 0;
  const double model = made.number("model");
  const double twin = ask_well(workbench, experiment).number("model");
  if (experiment.arguments.count("data") > 0 && dice.chance(0.7))
    ask_well(workbench, {"data_free", {{"data", std::get<double>(experiment.arguments["data"])}}});

  const std::vector<std::string> names = names_of(workbench, model);
  Reply before = state_of(workbench, model, names);
  int succeeded = 1;
  for (Index calls = dice.between(4, 24); calls > 0; --calls) {
    const Call call = draw_call(dice, subject, names, before);
    INFO(call.request.operation);
    const Answer answer = ask(workbench, call.request.with("model", model));
    check_error(answer);
    Reply after = state_of(workbench, model, names);
    CHECK(running_statistics_are_usable(after, names));
    if (!answer.ok() || call.effect == Effect::kQuestion) {
      CHECK(same(before, after));
    } else {
      const Answer of_twin = ask_well(workbench, call.request.with("model", twin));
      CHECK(same(answer.reply, of_twin.reply));
      CHECK(same(after, state_of(workbench, twin, names)));
      // A step that diverged changed nothing; nor did the first one, where it was that.
      const bool diverged = answer.has("diverged") && answer.flag("diverged");
      if (diverged && (!answer.has("losses") || answer.values("losses").size() == 1))
        CHECK(same(before, after));
    }
    if (answer.ok()) ++succeeded;
    before = std::move(after);
  }
  return succeeded;
}

}  // namespace

TEST_CASE("ten thousand random experiments") {
  int succeeded = 0;
  int worked = 0;
  for (std::uint64_t seed = 0; seed < 10'000; ++seed) {
    INFO("experiment " << seed);
    const int calls = run(seed);
    succeeded += calls;
    if (calls > 0) ++worked;
  }
  // Were most refused, little would have been tried.
  CHECK(worked > 8'000);
  CHECK(succeeded > 80'000);
}
