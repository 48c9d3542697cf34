#include "data.hpp"
#include "engine_float.hpp"
#include "vocabulary.hpp"
#include "workbench.hpp"

namespace bnlab {

namespace {

constexpr Choice kCurveWords[] = {{"sine", static_cast<int>(Curve::kSine)},
                                  {"step", static_cast<int>(Curve::kStep)},
                                  {"bump", static_cast<int>(Curve::kBump)}};
constexpr Choices<Curve> kCurves(kCurveWords);

// The toys come first, so that a word's number is the toy's.
enum class Source { kRegression = 100, kGlyphs, kGiven };
constexpr Choice kSourceWords[] = {
    {"blobs", static_cast<int>(Toy::kBlobs)},      {"circles", static_cast<int>(Toy::kCircles)},
    {"xor", static_cast<int>(Toy::kXor)},          {"spirals", static_cast<int>(Toy::kSpirals)},
    {"moons", static_cast<int>(Toy::kMoons)},      {"regression", static_cast<int>(Source::kRegression)},
    {"glyphs", static_cast<int>(Source::kGlyphs)}, {"given", static_cast<int>(Source::kGiven)}};
constexpr Choices<Source> kSources(kSourceWords);

constexpr Choice kSetWords[] = {{"train", 0}, {"test", 1}};
enum class Set { kTrain, kTest };
constexpr Choices<Set> kSets(kSetWords);

constexpr Index kMaxCount = 100'000;
constexpr Index kMaxInputs = 4096;
constexpr double kMaxValues = 50'000.0 * 784;
constexpr std::int32_t kMaxClasses = 1000;
// Of the arguments' bytes, what data take besides: the examples, and once more those held out.
constexpr double kWorkspace = 2;

// The set, and its indices' bytes while it is prepared.
double bytes_of_set(Index count, Index inputs) {
  return static_cast<double>(count) *
         (2.0 * sizeof(float) * static_cast<double>(inputs) + 4.0 * sizeof(Index));
}

Index read_count(Arguments& in, const std::string& prefix, Index inputs) {
  const Index count = in.integer(prefix + "count", {.min = 2, .max = kMaxCount, .fallback = 256});
  in.will_need(prefix + "count", bytes_of_set(count, inputs));
  return count;
}

double read_noise(Arguments& in, const std::string& prefix, double fallback) {
  return in.number(prefix + "noise", {.min = 0, .max = 10, .fallback = fallback});
}

ToyOptions read_toy(Arguments& in, const std::string& prefix, Toy kind) {
  ToyOptions toy;
  toy.kind = kind;
  toy.count = read_count(in, prefix, 2);
  toy.noise = read_noise(in, prefix, toy.noise);
  const bool spirals = kind == Toy::kSpirals;
  toy.classes = in.integer(prefix + "classes", {.min = 2, .max = spirals ? 4.0 : 2.0, .fallback = 2});
  const std::string share = prefix + "first_class";
  if (in.has(share)) toy.first_class = in.number(share, {.min = 0.01, .max = 0.99});
  return toy;
}

PreparationOptions read_preparation(Arguments& in, const std::string& prefix) {
  PreparationOptions options;
  options.test = in.number(prefix + "test", {.min = 0, .max = 1, .fallback = 0});
  options.label_noise = in.number(prefix + "label_noise", {.min = 0, .max = 1, .fallback = 0});
  options.scale = in.number(prefix + "scale", {.min = -1e6, .max = 1e6, .fallback = 1});
  options.shift = in.number(prefix + "shift", {.min = -1e6, .max = 1e6, .fallback = 0});
  options.stretch = in.number(prefix + "stretch", {.min = 1e-6, .max = 1e6, .fallback = 1});
  options.standardize = in.boolean(prefix + "standardize", false);
  return options;
}

// Examples as they came, not copied yet: first it is seen whether there is memory for it.
struct Given {
  TensorView<float> x;
  TensorView<std::int32_t> labels;
  TensorView<float> values;
  Index classes = 0;

  [[nodiscard]] Dataset copy() const {
    Dataset data;
    data.count = x.shape[0];
    data.inputs = x.shape[1];
    data.classes = classes;
    data.outputs = classes > 0 ? classes : values.shape[1];
    data.x.assign(x.data, x.data + x.size());
    if (classes > 0)
      data.labels.assign(labels.data, labels.data + labels.size());
    else
      data.values.assign(values.data, values.data + values.size());
    return data;
  }
};

// How many classes there are; there must be an example of each.
Index count_classes(Arguments& in, const TensorView<std::int32_t>& labels) {
  std::vector<bool> met(kMaxClasses);
  Index classes = 0;
  for (Index i = 0; labels.data != nullptr && i < labels.size(); ++i) {
    const std::int32_t label = labels.data[i];
    if (label < 0 || label >= kMaxClasses) {
      in.fail({"y", "class indices from 0 to " + std::to_string(kMaxClasses - 1),
               std::to_string(label) + " at [" + std::to_string(i) + "]", ""});
      return classes;
    }
    met[static_cast<std::size_t>(label)] = true;
    classes = std::max<Index>(classes, label + 1);
  }
  for (Index k = 0; k < classes; ++k)
    if (!met[static_cast<std::size_t>(k)])
      in.fail({"y", "examples of every class from 0 to " + std::to_string(classes - 1),
               "none of class " + std::to_string(k), "Number the classes without gaps."});
  if (classes == 1) in.fail({"y", "examples of two classes or more", "only class 0", ""});
  return classes;
}

Given read_given(Arguments& in) {
  Given given;
  given.x = in.tensor<float>("x", {-1, -1}, "one row per example");
  const Index count = given.x.shape[0];
  if (given.x.shape[1] > kMaxInputs)
    in.fail({"x", "at most " + std::to_string(kMaxInputs) + " features", to_text(given.x.shape), ""});
  if (static_cast<double>(given.x.size()) > kMaxValues)
    in.fail({"x", "at most " + to_text(kMaxValues) + " values, such as 50000 examples of 784",
             to_text(given.x.shape), ""});
  if (!in.ok()) return given;
  if (in.dtype_of("y") == Dtype::kFloat32) {
    given.values = in.tensor<float>("y", {count, -1}, "values per example");
  } else {
    given.labels = in.tensor<std::int32_t>("y", {count}, "one class index per example");
    given.classes = count_classes(in, given.labels);
  }
  in.will_need("x", bytes_of_set(count, 0));
  return given;
}

Dataset draw(const DataOptions& options, std::uint64_t seed) {
  if (const auto* toy = std::get_if<ToyOptions>(&options.source)) return make_toy(*toy, seed);
  if (const auto* glyphs = std::get_if<GlyphOptions>(&options.source)) return make_glyphs(*glyphs, seed);
  return make_regression(*std::get_if<RegressionOptions>(&options.source), seed);
}

// y as class indices or as values.
void add_targets(const Dataset& set, Index first, Index count, Reply& out) {
  if (set.classes > 0)
    out.add("y", {count}, set.labels.data() + first);
  else
    out.add("y", {count, set.outputs}, set.values.data() + first * set.outputs);
}

Status dataset(Workbench& /*workbench*/, Arguments& in, Reply& out) {
  const DataOptions options = read_data_options(in, "data.");
  const std::uint64_t seed = read_seed(in, "seed", std::nullopt);
  if (options.given())
    in.fail({"data.kind", "one of the kinds that are drawn", "'given'",
             "What is given is there already; data_create prepares it."});
  if (Status status = in.finish(); !status.ok()) return status;
  Result<Split> split = make_data(options, seed);
  if (!split.ok()) return split.error();
  const Dataset& set = split.value().train;
  out.add("x", {set.count, set.inputs}, set.x.data());
  add_targets(set, 0, set.count, out);
  out.add("classes", static_cast<double>(set.classes));
  return {};
}

Status create(Workbench& workbench, Arguments& in, Reply& out) {
  const DataOptions options = read_data_options(in, "data.");
  const std::uint64_t seed = read_seed(in, "seed", std::nullopt);
  Given given;
  if (options.given() && in.ok()) given = read_given(in);
  if (Status status = in.finish(kWorkspace); !status.ok()) return status;
  Result<Split> split = make_data(options, seed, options.given() ? given.copy() : Dataset{});
  if (!split.ok()) return split.error();
  const auto data = std::make_shared<const Split>(std::move(split.value()));
  out.add("data", static_cast<double>(workbench.adopt(data)));
  out.add("inputs", static_cast<double>(data->train.inputs));
  out.add("classes", static_cast<double>(data->train.classes));
  out.add("outputs", static_cast<double>(data->train.outputs));
  out.add("train", static_cast<double>(data->train.count));
  out.add("test", static_cast<double>(data->test.count));
  out.add("constant_features", static_cast<double>(data->constant_features));
  return {};
}

Status read(Workbench& workbench, Arguments& in, Reply& out) {
  const std::shared_ptr<const Split> data = find_data(workbench, in);
  const Set which = in.choice<Set>("set", kSets, std::nullopt);
  if (!in.ok()) return in.finish();
  const Dataset& set = which == Set::kTrain ? data->train : data->test;
  if (set.count == 0)
    return Error{"set", "'train', because no examples were held out to test with", "'test'", ""};
  const Index first =
      in.integer("first", {.min = 0, .max = static_cast<double>(set.count - 1), .fallback = 0});
  const Index left = set.count - first;
  const Index count = in.integer(
      "count", {.min = 1, .max = static_cast<double>(left), .fallback = static_cast<double>(left)});
  in.will_need("count", bytes_of_set(count, set.inputs));
  if (Status status = in.finish(); !status.ok()) return status;
  out.add("x", {count, set.inputs}, set.x.data() + first * set.inputs);
  add_targets(set, first, count, out);
  return {};
}

Status release(Workbench& workbench, Arguments& in, Reply& /*out*/) {
  const std::shared_ptr<const Split> data = find_data(workbench, in);
  if (Status status = in.finish(); !status.ok()) return status;
  std::erase_if(workbench.data(), [&](const auto& entry) { return entry.second == data; });
  return {};
}

constexpr Operation kOperations[] = {
    {"dataset", dataset}, {"data_create", create}, {"data_read", read}, {"data_free", release}};

}  // namespace

DataOptions read_data_options(Arguments& in, const std::string& prefix) {
  DataOptions options;
  options.prefix = prefix;
  const Source source = in.choice<Source>(prefix + "kind", kSources, std::nullopt);
  if (source == Source::kRegression) {
    RegressionOptions regression;
    regression.curve = in.choice<Curve>(prefix + "curve", kCurves, regression.curve);
    regression.count = read_count(in, prefix, 1);
    regression.noise = read_noise(in, prefix, regression.noise);
    options.source = regression;
  } else if (source == Source::kGlyphs) {
    GlyphOptions glyphs;
    glyphs.count = read_count(in, prefix, kGlyphSide * kGlyphSide);
    glyphs.noise = read_noise(in, prefix, glyphs.noise);
    options.source = glyphs;
  } else if (source != Source::kGiven) {
    options.source = read_toy(in, prefix, static_cast<Toy>(source));
  }
  options.preparation = read_preparation(in, prefix);
  return options;
}

Result<Split> make_data(const DataOptions& options, std::uint64_t seed, Dataset given) {
  const PreparationOptions& preparation = options.preparation;
  Dataset all = options.given() ? std::move(given) : draw(options, seed);
  if (all.count - examples_in(preparation.test, all.count) < 2)
    return Error{options.prefix + "test", "a share that leaves two examples or more to train on",
                 to_text(preparation.test) + " of " + std::to_string(all.count) + " examples", ""};
  if (preparation.label_noise > 0 && all.classes == 0)
    return Error{options.prefix + "label_noise", "0, because this data has no classes",
                 to_text(preparation.label_noise), ""};
  if (preparation.stretch != 1 && all.inputs < 2)
    return Error{options.prefix + "stretch", "1, because this data has one feature",
                 to_text(preparation.stretch), ""};
  Split split = prepare(std::move(all), preparation, seed);
  for (const Dataset* set : {&split.train, &split.test})
    if (!all_finite(set->x.data(), static_cast<Index>(set->x.size())))
      return Error{options.prefix + "scale", "a scale at which features stay finite",
                   to_text(preparation.scale) + " with shift " + to_text(preparation.shift) +
                       " and stretch " + to_text(preparation.stretch),
                   ""};
  return split;
}

std::shared_ptr<const Split> find_data(Workbench& workbench, Arguments& in) {
  const Index handle = in.integer("data", {.min = 1, .max = 2e9});
  const auto found = workbench.data().find(handle);
  if (found != workbench.data().end()) return found->second;
  in.fail({"data", "the handle of data that exist", std::to_string(handle), "They may have been freed."});
  return nullptr;
}

std::span<const Operation> data_operations() { return kOperations; }

}  // namespace bnlab
