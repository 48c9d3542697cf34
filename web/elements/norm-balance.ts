import '../components/neuron/norm-balance.ts';
