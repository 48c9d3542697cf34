import './site.ts';
import '../components/claim/claim.ts';
