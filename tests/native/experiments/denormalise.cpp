// γ and β undo the normalisation, except for the batch's own noise.
#include <doctest/doctest.h>

#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("SGD recovers the identity through γ and β; in small batches it cannot") {
  const Study study = denormalise();
  const Setting setting(study, !full_version());
  for (const Record& record : check_study(study, setting)) {
    // What is left is about √(1.5/B) where B is not small.
    CHECK(record.at("training", "learned", 16) == doctest::Approx(std::sqrt(1.5 / 16)).epsilon(0.25));
    // E[σ_B] < σ: small batches have γ find less.
    CHECK(record.at("scale", "learned", 4) < record.at("scale", "learned", 64));
  }
}

TEST_CASE("it stands the ends of its knobs") {
  const Study study = denormalise();
  for (const bool high : {false, true}) {
    Setting setting(study);
    for (const Knob& knob : study.knobs) setting.set(knob.name, high ? knob.max : knob.min);
    setting.set_points({2, 256});
    Record record(setting);
    study.run(setting, 0, record);
    for (const char* metric : {"scale", "center", "training", "inference"})
      for (const double value : record.row(metric, "learned")) CHECK(std::isfinite(value));
  }
}
