import './site.ts';
import '../components/neuron/identity-again.ts';
