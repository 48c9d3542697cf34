import './site.ts';
import '../components/deep-network/deep-network.ts';
