import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkImports } from '../../scripts/check-imports.mjs';

let directory: string;
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'bnlab-imports-'));
});
afterEach(() => fs.rmSync(directory, { recursive: true }));

function write(files: Record<string, string>): void {
  for (const [file, text] of Object.entries(files)) {
    fs.mkdirSync(path.join(directory, path.dirname(file)), { recursive: true });
    fs.writeFileSync(path.join(directory, file), text);
  }
}

describe('C++ includes', () => {
  it('may follow the direction', () => {
    write({
      'src/core/types.hpp': '#include <vector>\n#include <Eigen/Core>\n',
      'src/nn/linear.hpp': '#include "core/types.hpp"\n',
      'src/train/sgd.hpp': '#include "nn/linear.hpp"\n',
      'src/engine_float.hpp': '#include "train/sgd.hpp"\n',
      'src/experiments/study.hpp': '#include "engine_float.hpp"\n',
      'wasm/workbench.hpp': '#include "train/sgd.hpp"\n',
      'wasm/bindings.cpp': '#include <emscripten.h>\n#include "workbench.hpp"\n',
    });
    expect(checkImports(directory)).toEqual([]);
  });

  it.each([
    [
      'core may not know nn',
      'src/core/types.hpp',
      '#include "nn/linear.hpp"',
      'may not include src/nn/linear.hpp',
    ],
    [
      'data may not know nn',
      'src/data/toy.hpp',
      '#include "nn/linear.hpp"',
      'may not include src/nn/linear.hpp',
    ],
    [
      'nn may not know train',
      'src/nn/loss.hpp',
      '#include "train/sgd.hpp"',
      'may not include src/train/sgd.hpp',
    ],
    [
      'the float engine may not know the studies',
      'src/engine_float.cpp',
      '#include "experiments/study.hpp"',
      'may not include src/experiments/study.hpp',
    ],
    [
      'the engine may not know the workbench',
      'src/nn/loss.hpp',
      '#include "workbench.hpp"',
      'wasm/workbench.hpp',
    ],
    [
      'the engine may not know Emscripten',
      'src/nn/loss.hpp',
      '#include <emscripten.h>',
      'may not include <emscripten.h>',
    ],
    [
      'the engine has no clock',
      'src/nn/loss.hpp',
      '#include <chrono>',
      'the engine may not include <chrono>',
    ],
    [
      'only the bindings know Emscripten',
      'wasm/workbench.cpp',
      '#include <emscripten/heap.h>',
      '<emscripten/heap.h>',
    ],
    ['no third library', 'src/nn/loss.hpp', '#include <boost/any.hpp>', 'may not include <boost/any.hpp>'],
    [
      'an included file exists',
      'src/nn/loss.hpp',
      '#include "nn/gone.hpp"',
      'neither in src/ nor in wasm/ nor in cli/',
    ],
  ])('%s', (_, file, text, problem) => {
    write({
      'src/nn/linear.hpp': '',
      'src/train/sgd.hpp': '',
      'src/experiments/study.hpp': '',
      'wasm/workbench.hpp': '',
      [file]: `// #include "commented.hpp"\n${text}\n`,
    });
    const problems = checkImports(directory);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(file);
    expect(problems[0]).toContain(problem);
  });
});

describe('TypeScript imports', () => {
  it('may follow the direction', () => {
    write({
      'web/protocol/tensor.ts': 'export interface Tensor {}\n',
      'wasm/engine.ts': "import type { Tensor } from '../web/protocol/tensor.ts';\n",
      'web/worker/handler.ts': "import { loadEngine } from '../../wasm/engine.ts';\n",
      'web/client/client.ts':
        "import W from '../worker/shell.ts?worker';\nimport url from '@wasm/engine-simd.wasm?url';\n",
      'web/components/hero.ts': "import {\n  client,\n} from '../client/client.ts';\nimport 'lit';\n",
      'web/pages/home.ts': "import '../components/hero.ts';\n",
    });
    expect(checkImports(directory)).toEqual([]);
  });

  it.each([
    [
      'the protocol imports nothing',
      'web/protocol/a.ts',
      "import '../client/b.ts';",
      'may not import web/client/b.ts',
    ],
    ['nor a package', 'web/protocol/a.ts', "import { html } from 'lit';", 'may not import the package lit'],
    [
      'the client does not know components',
      'web/client/a.ts',
      "export * from '../components/b.ts';",
      'web/components/b.ts',
    ],
    [
      'components reach the engine only through the client',
      'web/components/a.ts',
      "import('../../wasm/engine.ts');",
      'wasm/engine.ts',
    ],
    [
      'components do not know pages',
      'web/components/a.ts',
      "import type {\n  P,\n} from '../pages/p.ts';",
      'web/pages/p.ts',
    ],
    [
      'the engine has no Node',
      'wasm/engine.ts',
      "import fs from 'node:fs';",
      'may not import the package node:fs',
    ],
    [
      'the site does not use tests',
      'web/pages/a.ts',
      "import '../../tests/b.ts';",
      'may not import tests/b.ts',
    ],
  ])('%s', (_, file, text, problem) => {
    write({ [file]: `/* import '../nothing.ts'; */\n${text}\n` });
    const problems = checkImports(directory);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(file);
    expect(problems[0]).toContain(problem);
  });
});
