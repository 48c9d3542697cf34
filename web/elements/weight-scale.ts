import './site.ts';
import '../components/neuron/weight-scale.ts';
