import './site.ts';
import '../components/worked-example/worked-example.ts';
