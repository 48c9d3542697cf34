// bnlab: the experiments on the command line.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "commands.hpp"
#include "core/version.hpp"
#include "settings.hpp"

namespace bnlab::cli {

namespace {

int run_command_line(int count, char** words) {
  CLI::App app("Runs experiments on batch normalization, seed by seed, and says what came out.", "bnlab");
  app.set_version_flag("--version", std::string(kVersion));
  app.require_subcommand(1);

  ListOptions list_options;
  CLI::App* list_command = app.add_subcommand("list", "Which experiments there are");
  list_command->add_flag("--json", list_options.json, "All definitions, as one JSON array");

  ShowOptions show_options;
  CLI::App* show_command = app.add_subcommand("show", "What an experiment asks, its knobs, its checks");
  show_command->add_option("experiment", show_options.study, "Its id or name")->required();

  RunOptions run_options;
  CLI::App* run_command = app.add_subcommand("run", "Run seeds of one experiment or more");
  run_command->add_option("experiments", run_options.studies, "Ids or names, or all")->required();
  run_command->add_option("--seeds", run_options.seeds,
                          "0..99, or 1,5,9; default: as many as the experiment asks for");
  run_command->add_option("--set", run_options.set, "A knob, as lr=0.5; may be repeated")->take_all();
  run_command->add_option("--points", run_options.points, "What it is run at, as 0.1,1,10");
  run_command->add_flag("--fast", run_options.fast,
                        "The short version, with its own settings and fewer seeds");
  run_command->add_flag("--json", run_options.json, "One line of JSON for each seed instead of verdicts");
  run_command->add_option("--out", run_options.out,
                          "Append the lines to this file, leaving out seeds that it has already");

  SummariseOptions summarise_options;
  CLI::App* summarise_command = app.add_subcommand("summarise", "Verdicts from lines that run wrote");
  summarise_command->add_option("files", summarise_options.files, "Files, or - for standard input")
      ->required();
  summarise_command->add_flag("--json", summarise_options.json, "One line of JSON for each setting");
  summarise_command->add_flag("--strict", summarise_options.strict,
                              "Fail unless every exact or robust check holds");

  CLI11_PARSE(app, count, words);
  if (*list_command) list(list_options);
  if (*show_command) show(show_options);
  if (*run_command) run(run_options);
  if (*summarise_command && !summarise(summarise_options)) return 1;
  return 0;
}

}  // namespace

}  // namespace bnlab::cli

int main(int count, char** words) {
  try {
    return bnlab::cli::run_command_line(count, words);
  } catch (const bnlab::cli::UsageError& error) {
    std::fprintf(stderr, "bnlab: %s\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bnlab: %s\n", error.what());
    return 1;
  }
}
