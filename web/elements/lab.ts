import '../components/lab/lab.ts';
