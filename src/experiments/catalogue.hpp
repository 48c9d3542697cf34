// All studies there are.
#pragma once

#include <string_view>
#include <vector>

#include "experiments/study.hpp"

namespace bnlab {

// In the order of their numbers.
const std::vector<Study>& catalogue();

// By id ("E4") or name ("learning-rate-sweep"); null where there is none.
const Study* find_study(std::string_view id);

// Each is defined in the file of its name.
Study worked_example();               // E1
Study standardised();                 // E1b
Study exact_identities();             // E2
Study feature_by_feature();           // E2b
Study sigmoid_digits();               // E3
Study sigmoid_digits_raw();           // E3b
Study learning_rate_sweep();          // E4
Study learning_rate_sweep_shallow();  // E4b
Study init_gain();                    // E5
Study effective_lr();                 // E6
Study depth_sigmoid();                // E7
Study depth_relu();                   // E7b
Study gradient_growth();              // E8
Study input_independence();           // E8b
Study gradient_scale();               // E8c
Study gradient_growth_batch();        // E8d
Study rank_collapse();                // E9
Study noisy_norm();                   // E10
Study covariate_shift();              // E11
Study covariate_shift_deep();         // E11b
Study covariate_shift_relu();         // E11c
Study loss_landscape();               // E12
Study loss_landscape_linear();        // E12b
Study smoothness_and_scale();         // E12c
Study lp_norms();                     // E13
Study ablations();                    // E14
Study reparametrised();               // E14b
Study zero_gamma();                   // E14c
Study denormalise();                  // E15
Study gamma_beta_only();              // E15b
Study gradient_noise();               // E16
Study throughput();                   // E16b
Study double_well();                  // E17
Study batch_size();                   // E18
Study batch_size_conv();              // E18b
Study ema_lag();                      // E19
Study batch_mates();                  // E20
Study batch_noise();                  // E21
Study ghost_batches();                // E21b
Study population_norm();              // E21c
Study neuron_decay();                 // E21d
Study fixed_batches();                // E22
Study dropout_shift();                // E23
Study dropout_accuracy();             // E23b
Study batches_by_class();             // E24
Study leakage();                      // E25
Study domain_shift();                 // E26
Study weight_norm();                  // E27
Study frozen_norm();                  // E28
Study rate_decay();                   // E29
Study goodfellow_chain();             // E30
Study input_scale();                  // E31
Study variance_formulas();            // E32
Study epsilon();                      // E32b
Study blow_up();                      // E33
Study batch_variance();               // E34
Study linear_regime();                // E34b
Study speed();                        // E35
Study speed_raw();                    // E35b
Study gaussianity();                  // E36
Study shape_kept();                   // E36b

}  // namespace bnlab
