import { expect, it } from 'vitest';
import { traceCsv } from '../../web/export/trace-csv.ts';

it('writes a row per point and arm, every number in full', () => {
  const modes = (loss: number) => ({
    training: { loss, accuracy: 0.5 },
    inference: { loss: 2 * loss, accuracy: NaN },
  });
  const start = { step: 0, epoch: 0, batchLoss: NaN, batch: undefined, train: modes(0.1), test: undefined };
  const later = {
    step: 10,
    epoch: 1,
    batchLoss: 0.30000000000000004,
    batch: modes(1),
    train: modes(2),
    test: modes(3),
  };
  expect(traceCsv([[start, later], [start]]).split('\n')).toEqual([
    'arm,step,epoch,batch_loss,' +
      'batch_training_loss,batch_training_accuracy,batch_inference_loss,batch_inference_accuracy,' +
      'train_training_loss,train_training_accuracy,train_inference_loss,train_inference_accuracy,' +
      'test_training_loss,test_training_accuracy,test_inference_loss,test_inference_accuracy',
    'A,0,0,,,,,,0.1,0.5,0.2,NaN,,,,',
    'A,10,1,0.30000000000000004,1,0.5,2,NaN,2,0.5,4,NaN,3,0.5,6,NaN',
    'B,0,0,,,,,,0.1,0.5,0.2,NaN,,,,',
    '',
  ]);
});
