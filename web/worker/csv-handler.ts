import { CSV_LIMITS, type CsvReply, type CsvRequest, type CsvTable } from '../protocol/csv.ts';
import { CsvError, decode, lookAt, readExamples } from './csv.ts';

export interface CsvAnswer {
  reply: CsvReply;
  /** Buffers whoever posts the reply may hand over. */
  transfer: ArrayBuffer[];
}

/**
 * Reads tables without a worker around it: a function from request to answer that holds the text of one table. The same
 * code answers in a worker, on the page's own thread and in a test; the promise never rejects.
 */
export function createCsvHandler(): (request: CsvRequest) => Promise<CsvAnswer> {
  let text = '';
  let table: CsvTable | undefined;

  async function answer(request: CsvRequest): Promise<CsvAnswer> {
    const { id } = request;
    switch (request.kind) {
      case 'open':
        text = await textOf(request.source);
        table = lookAt(text);
        return { reply: { kind: 'table', id, table }, transfer: [] };
      case 'look':
        table = lookAt(text, request.header);
        return { reply: { kind: 'table', id, table }, transfer: [] };
      case 'read': {
        if (!table) throw new CsvError('No table has been opened.');
        const examples = readExamples(text, table, request.choice);
        const { x, y } = examples;
        const transfer = [x.data.buffer, y instanceof Int32Array ? y.buffer : y.data.buffer];
        return { reply: { kind: 'examples', id, examples }, transfer };
      }
    }
  }

  return async (request) => {
    try {
      return await answer(request);
    } catch (error) {
      const message =
        error instanceof CsvError
          ? error.message
          : `This table could not be read (${error instanceof Error ? error.message : String(error)}).`;
      return { reply: { kind: 'failed', id: request.id, message }, transfer: [] };
    }
  };
}

async function textOf(source: Blob | string): Promise<string> {
  const bytes = typeof source === 'string' ? source.length : source.size;
  if (bytes > CSV_LIMITS.bytes)
    throw new CsvError(
      `This table takes ${Math.ceil(bytes / 1e6)} MB; expected at most ${CSV_LIMITS.bytes / 1e6} MB.`,
    );
  return typeof source === 'string' ? source : decode(await source.arrayBuffer());
}
