import '../components/deep-network/deep-network.ts';
