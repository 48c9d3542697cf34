import '../components/neuron/same-function.ts';
