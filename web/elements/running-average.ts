import '../components/running-average.ts';
