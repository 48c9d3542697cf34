/** The words the engine understands for its choices. */
export type Convention = 'pytorch' | 'keras' | 'onnx';
export type Mode = 'training' | 'inference';
export type ActivationKind = 'relu' | 'leaky_relu' | 'sigmoid' | 'tanh' | 'identity';
export type LossKind = 'cross_entropy' | 'bce_with_logits' | 'mse';
export type DataSet = 'train' | 'test';
export type PoolKind = 'max' | 'average';
