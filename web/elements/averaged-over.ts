import '../components/averaged-over/averaged-over.ts';
