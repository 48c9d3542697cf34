import './site.ts';
import '../components/weight-chain/weight-chain.ts';
