import '../components/neuron/identity-again.ts';
