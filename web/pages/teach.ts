import '../components/builder/builder.ts';
