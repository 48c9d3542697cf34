import './site.ts';
import '../components/running-average.ts';
