import './site.ts';
import '../components/neuron/norm-balance.ts';
