import '../components/neuron/weight-scale.ts';
