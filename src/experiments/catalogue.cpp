#include "experiments/catalogue.hpp"

namespace bnlab {

const std::vector<Study>& catalogue() {
  static const std::vector<Study> all{
      worked_example(),
      standardised(),
      exact_identities(),
      feature_by_feature(),
      sigmoid_digits(),
      sigmoid_digits_raw(),
      learning_rate_sweep(),
      learning_rate_sweep_shallow(),
      init_gain(),
      effective_lr(),
      depth_sigmoid(),
      depth_relu(),
      gradient_growth(),
      input_independence(),
      gradient_scale(),
      gradient_growth_batch(),
      rank_collapse(),
      noisy_norm(),
      covariate_shift(),
      covariate_shift_deep(),
      covariate_shift_relu(),
      loss_landscape(),
      loss_landscape_linear(),
      smoothness_and_scale(),
      lp_norms(),
      ablations(),
      reparametrised(),
      zero_gamma(),
      denormalise(),
      gamma_beta_only(),
      gradient_noise(),
      throughput(),
      double_well(),
      batch_size(),
      batch_size_conv(),
      ema_lag(),
      batch_mates(),
      batch_noise(),
      ghost_batches(),
      population_norm(),
      neuron_decay(),
      fixed_batches(),
      dropout_shift(),
      dropout_accuracy(),
      batches_by_class(),
      leakage(),
      domain_shift(),
      weight_norm(),
      frozen_norm(),
      rate_decay(),
      goodfellow_chain(),
      input_scale(),
      variance_formulas(),
      epsilon(),
      blow_up(),
      batch_variance(),
      linear_regime(),
      speed(),
      speed_raw(),
      gaussianity(),
      shape_kept(),
  };
  return all;
}

const Study* find_study(std::string_view id) {
  for (const Study& study : catalogue())
    if (study.id == id || study.name == id) return &study;
  return nullptr;
}

}  // namespace bnlab
