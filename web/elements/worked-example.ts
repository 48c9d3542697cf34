import '../components/worked-example/worked-example.ts';
