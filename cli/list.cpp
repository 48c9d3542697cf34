#include <iostream>

#include "commands.hpp"
#include "core/number_text.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/describe.hpp"
#include "experiments/verdict.hpp"
#include "settings.hpp"

namespace bnlab::cli {

namespace {

std::string padded(std::string_view text, std::size_t width) {
  std::string out(text);
  out.resize(std::max(width, out.size()), ' ');
  return out;
}

}  // namespace

void list(const ListOptions& options) {
  if (options.json) {
    std::cout << catalogue_json() << '\n';
    return;
  }
  for (const Study& study : catalogue())
    std::cout << padded(study.id, 6) << padded(study.name, 32) << study.title << '\n';
}

void show(const ShowOptions& options) {
  const Study& study = study_of(options.study);
  std::cout << study.id << "  " << study.title << "\n\n"
            << study.question << "\n\n"
            << study.method << "\n\nSource: " << study.source << "\n\n";
  if (!study.knobs.empty()) std::cout << "Knobs (--set name=value)\n";
  for (const Knob& knob : study.knobs)
    std::cout << "  " << padded(knob.name, 16) << knob.label << ": " << to_text(knob.value) << ", from "
              << to_text(knob.min) << " to " << to_text(knob.max) << '\n';
  if (!study.axis.points.empty()) {
    std::cout << "Points (--points a,b,c)\n  " << study.axis.label << ':';
    for (const double point : study.axis.points) std::cout << ' ' << to_text(point);
    std::cout << '\n';
  }
  std::cout << "Checks\n";
  for (const Check& check : study.checks)
    std::cout << "  " << padded(check.name, 24) << check.statement << " (" << word_of(check.kind) << ")\n";
  std::cout << "Seeds: 0.." << study.seeds - 1 << '\n';
}

}  // namespace bnlab::cli
