import '../components/claim/claim.ts';
