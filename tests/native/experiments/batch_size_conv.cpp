#include <doctest/doctest.h>

#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("convolutions with batch normalization learn from batches of one") {
  check_study(batch_size_conv());
}

TEST_CASE("at the greatest rate, channels still have mean 0") {
  const Study study = batch_size_conv();
  Setting setting(study, true);
  setting.set("examples", 500);
  setting.set("lr", 1);
  setting.set_points({3, 128});
  Record record(setting);
  study.run(setting, 2, record);
  for (const Arm& arm : study.arms)
    for (const double accuracy : record.row("accuracy", arm.name)) {
      CHECK(accuracy >= 0);
      CHECK(accuracy <= 1);
    }
  for (const double mean : record.row("channel_mean", "bn")) CHECK(mean < 1e-5);
}
