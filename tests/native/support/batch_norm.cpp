#include "support/batch_norm.hpp"

namespace bnlab::test {

namespace {

template <typename T>
BatchNormPass<T> room_for(const BatchNormCase<T>& c) {
  BatchNormPass<T> pass;
  for (auto* per_value : {&pass.xhat, &pass.y, &pass.dx}) per_value->resize(c.x.size());
  for (auto* per_channel : {&pass.mean, &pass.var, &pass.rstd, &pass.dgamma, &pass.dbeta})
    per_channel->resize(size_of(c.shape.channels));
  return pass;
}

}  // namespace

template <typename T>
BatchNormPass<T> pass_in_training(const BatchNormCase<T>& c) {
  BatchNormPass<T> p = room_for(c);
  batch_norm_forward_training(c.shape, c.x.data(), c.gamma_or_null(), c.beta_or_null(), c.eps, p.mean.data(),
                              p.var.data(), p.rstd.data(), p.xhat.data(), p.y.data());
  if (!c.dy.empty())
    batch_norm_backward_training(c.shape, c.dy.data(), p.xhat.data(), p.rstd.data(), c.gamma_or_null(),
                                 p.dx.data(), p.dgamma.data(), p.dbeta.data());
  return p;
}

template <typename T>
BatchNormPass<T> pass_in_inference(const BatchNormCase<T>& c) {
  BatchNormPass<T> p = room_for(c);
  p.mean = c.running_mean;
  p.var = c.running_var;
  batch_norm_rstd(c.shape.channels, p.var.data(), c.eps, p.rstd.data());
  batch_norm_normalize(c.shape, c.x.data(), p.mean.data(), p.rstd.data(), c.gamma_or_null(), c.beta_or_null(),
                       p.xhat.data(), p.y.data());
  if (!c.dy.empty())
    batch_norm_backward_inference(c.shape, c.dy.data(), p.xhat.data(), p.rstd.data(), c.gamma_or_null(),
                                  p.dx.data(), p.dgamma.data(), p.dbeta.data());
  return p;
}

template BatchNormPass<float> pass_in_training(const BatchNormCase<float>&);
template BatchNormPass<double> pass_in_training(const BatchNormCase<double>&);
template BatchNormPass<float> pass_in_inference(const BatchNormCase<float>&);
template BatchNormPass<double> pass_in_inference(const BatchNormCase<double>&);

}  // namespace bnlab::test
