import '../components/study/study.ts';
