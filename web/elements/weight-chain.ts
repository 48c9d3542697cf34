import '../components/weight-chain/weight-chain.ts';
