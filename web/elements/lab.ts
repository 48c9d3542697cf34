import './site.ts';
import '../components/lab/lab.ts';
