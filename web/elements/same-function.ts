import './site.ts';
import '../components/neuron/same-function.ts';
