import './site.ts';
import '../components/study/study.ts';
