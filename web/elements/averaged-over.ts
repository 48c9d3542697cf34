import './site.ts';
import '../components/averaged-over/averaged-over.ts';
