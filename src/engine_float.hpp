// The float engine is compiled once, in engine_float.cpp, with the flags that suit its loops; code that includes this header
// links to it instead of instantiating the templates again. (The double engine, which explains and checks, is instantiated
// where it is used, with the flags of that place.)
#pragma once

#include "nn/batch_renorm.hpp"
#include "nn/conv2d.hpp"
#include "nn/dropout.hpp"
#include "nn/group_norm.hpp"
#include "nn/lp_norm.hpp"
#include "nn/pool2d.hpp"
#include "probe/calibration.hpp"
#include "train/trainer.hpp"

#define BNLAB_FLOAT_ENGINE(EXTERN)                                                                           \
  EXTERN template void gemm<float>(Index, Index, Index, const Operand<float>&, const Operand<float>&,        \
                                   float*, bool);                                                            \
  EXTERN template void batch_norm_statistics<float>(const ChannelShape&, const float*, float*, float*);      \
  EXTERN template void batch_norm_normalize<float>(const ChannelShape&, const float*, const float*,          \
                                                   const float*, const float*, const float*, float*,         \
                                                   float*);                                                  \
  EXTERN template void batch_norm_rstd<float>(Index, const float*, float, float*);                           \
  EXTERN template bool batch_norm_update_running<float>(const BatchNormOptions&, Index, Index, const float*, \
                                                        const float*, Index, float*, float*);                \
  EXTERN template void batch_norm_backward_training<float>(                                                  \
      const ChannelShape&, const float*, const float*, const float*, const float*, float*, float*, float*);  \
  EXTERN template void group_norm_forward<float>(const ChannelShape&, Index, const float*, const float*,     \
                                                 const float*, float, float*, float*, float*, float*);       \
  EXTERN template void group_norm_backward<float>(const ChannelShape&, Index, const float*, const float*,    \
                                                  const float*, const float*, float*, float*, float*);       \
  EXTERN template void batch_renorm_forward_training<float>(                                                 \
      const ChannelShape&, const float*, const float*, const float*, float, const RenormBounds&,             \
      const float*, const float*, float*, float*, float*, float*, float*, float*, float*, float*);           \
  EXTERN template void batch_renorm_backward_training<float>(                                                \
      const ChannelShape&, const float*, const float*, const float*, const float*, const float*,             \
      const float*, float*, float*, float*);                                                                 \
  EXTERN template void lp_norm_forward_training<float>(const ChannelShape&, Spread, const float*,            \
                                                       const float*, const float*, float, float*, float*,    \
                                                       float*, float*, float*);                              \
  EXTERN template void lp_norm_backward_training<float>(const ChannelShape&, Spread, const float*,           \
                                                        const float*, const float*, const float*,            \
                                                        const float*, float*, float*, float*);               \
  EXTERN template void linear_forward<float>(const LinearShape&, const float*, const float*, const float*,   \
                                             float*);                                                        \
  EXTERN template void linear_backward<float>(const LinearShape&, const float*, const float*, const float*,  \
                                              float*, float*, float*);                                       \
  EXTERN template void activation_forward<float>(Activation, Index, const float*, float*, float);            \
  EXTERN template void activation_backward<float>(Activation, Index, const float*, const float*, float*,     \
                                                  float);                                                    \
  EXTERN template void conv2d_forward<float>(const ConvShape&, const float*, const float*, const float*,     \
                                             float*, float*);                                                \
  EXTERN template void conv2d_backward<float>(const ConvShape&, const float*, const float*, const float*,    \
                                              float*, float*, float*, float*);                               \
  EXTERN template void max_pool2d_forward<float>(const PoolShape&, const float*, float*, Index32*);          \
  EXTERN template void max_pool2d_backward<float>(const PoolShape&, const float*, const Index32*, float*);   \
  EXTERN template void average_pool2d_forward<float>(const PoolShape&, const float*, float*);                \
  EXTERN template void average_pool2d_backward<float>(const PoolShape&, const float*, float*);               \
  EXTERN template void dropout_mask<float>(double, Index, Random&, float*);                                  \
  EXTERN template void dropout_forward<float>(Index, const float*, const float*, float*);                    \
  EXTERN template double cross_entropy<float>(Index, Index, const float*, const std::int32_t*, float*);      \
  EXTERN template double bce_with_logits<float>(Index, const float*, const float*, float*);                  \
  EXTERN template void sgd_update<float>(const SgdOptions&, double, double, Index, const float*, float*,     \
                                         float*);                                                            \
  EXTERN template double clip_gradients<float>(double, Index, float*);                                       \
  EXTERN template void network_forward<float>(const Network<float>&, Tape<float>&, const float*, Index,      \
                                              Mode, const Tape<float>*);                                     \
  EXTERN template void network_backward<float>(const Network<float>&, Tape<float>&, const float*, Index,     \
                                               Mode, float*);                                                \
  EXTERN template void network_update_running<float>(Network<float>&, const Tape<float>&, Index);            \
  EXTERN template bool statistics_are_finite<float>(const Network<float>&, const Tape<float>&, Index);       \
  EXTERN template bool all_finite<float>(const float*, Index);                                               \
  EXTERN template void sgd_step<float>(const SgdOptions&, Index, const float*, float*, Network<float>&);     \
  EXTERN template double evaluate_loss<float>(Loss, Tape<float>&, Index, Index, const Targets<float>&);      \
  EXTERN template void Trainer<float>::gather(const Index*, Index, Index, const float*, float*);             \
  EXTERN template Trainer<float>::Batch Trainer<float>::draw_batch();                                        \
  EXTERN template StepRecord Trainer<float>::step_on(const Trainer<float>::Batch&);

namespace bnlab {
BNLAB_FLOAT_ENGINE(extern)
}  // namespace bnlab
