import { expect, test } from 'vitest';
import { EngineError } from '../../web/protocol/engine-error.ts';

const pieces = {
  argument: 'gamma',
  expected: '3 values, one per feature',
  actual: '2',
  hint: 'Pass one value per feature.',
};

test('reads as one text and keeps its pieces', () => {
  const error = new EngineError({ operation: 'batch_norm_forward', ...pieces });
  expect(error.message).toBe(
    'batch_norm_forward: `gamma`: expected 3 values, one per feature; got 2. Pass one value per feature.',
  );
  expect(error).toMatchObject(pieces);
  expect(String(error)).toBe(`EngineError: ${error.message}`);
  expect(error).toBeInstanceOf(Error);
});

test('leaves out what there is nothing to say about', () => {
  expect(new EngineError({ message: 'No WebAssembly.' }).message).toBe('No WebAssembly.');
  expect(new EngineError({ operation: 'loss', message: 'It stopped.', hint: 'Reload.' }).message).toBe(
    'loss: It stopped. Reload.',
  );
  expect(new EngineError({ argument: 'x', expected: 'a tensor', actual: '' }).message).toBe(
    '`x`: expected a tensor; got nothing.',
  );
  expect(new EngineError({ message: 'No WebAssembly.' })).toMatchObject({
    argument: '',
    expected: '',
    hint: '',
  });
});

test('is the same on the other side of a worker', () => {
  const error = new EngineError({ operation: 'loss', ...pieces });
  const arrived = EngineError.fromData(structuredClone(error.toData()));
  expect(arrived).toMatchObject({
    name: 'EngineError',
    message: error.message,
    stack: error.stack,
    ...pieces,
  });
  expect(arrived.toData()).toEqual(error.toData());
});

test('can say what caused it', () => {
  const cause = new Error('blocked');
  expect(new EngineError({ message: 'No engine.' }, { cause }).cause).toBe(cause);
});
