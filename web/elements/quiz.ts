import './site.ts';
import '../components/quiz/quiz.ts';
