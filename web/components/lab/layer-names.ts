import type { LayerSpec } from '../../protocol/experiment.ts';

/**
 * The parts a network falls into for a reader: each linear or convolutional layer with what follows it up to the next.
 * Two networks that differ in their normalisation have the same blocks, so these are what A and B are compared by.
 */
export interface Block {
  /** 'input', 'hidden 2' or 'output'. */
  name: string;
  /** Layers of the network, counted from 0, as in the names of its tensors. */
  layers: readonly number[];
  /** The linear or convolutional layer, whose output is the pre-activation. */
  weight: number | undefined;
  /** The first layer that normalises. */
  norm: number | undefined;
  /** The layer that gives the block's output: the last but for dropout and flatten. */
  output: number;
}

const NORMS = new Set<LayerSpec['kind']>([
  'batch_norm',
  'batch_renorm',
  'lp_norm',
  'layer_norm',
  'group_norm',
  'instance_norm',
]);

/** Has statistics of the batch and running ones. */
const BATCH_NORMS = new Set<LayerSpec['kind']>(['batch_norm', 'batch_renorm', 'lp_norm']);

export function isNorm({ kind }: LayerSpec): boolean {
  return NORMS.has(kind);
}

export function isBatchNorm({ kind }: LayerSpec): boolean {
  return BATCH_NORMS.has(kind);
}

function isWeight({ kind }: LayerSpec): boolean {
  return kind === 'linear' || kind === 'conv2d';
}

/** What a layer does, in a word or two. */
export function kindName(layer: LayerSpec): string {
  switch (layer.kind) {
    case 'linear':
      return 'linear';
    case 'batch_norm':
      return layer.ghost ? `BN in groups of ${layer.ghost}` : layer.frozen ? 'frozen BN' : 'BN';
    case 'batch_renorm':
      return 'Batch Renorm';
    case 'lp_norm':
      return layer.p === 'inf' ? 'ℓ∞ BN' : `ℓ${layer.p} BN`;
    case 'layer_norm':
      return 'LayerNorm';
    case 'group_norm':
      return 'GroupNorm';
    case 'instance_norm':
      return 'InstanceNorm';
    case 'conv2d':
      return `conv ${layer.kernel}×${layer.kernel}`;
    case 'pool2d':
      return `${layer.pool} pooling`;
    case 'flatten':
      return 'flatten';
    case 'dropout':
      return 'dropout';
    case 'add':
      return 'skip';
    case 'leaky_relu':
      return 'leaky ReLU';
    case 'relu':
      return 'ReLU';
    case 'sigmoid':
      return 'sigmoid';
    case 'tanh':
      return 'tanh';
    case 'identity':
      return 'identity';
  }
}

export function blocksOf(layers: readonly LayerSpec[]): readonly Block[] {
  const groups: number[][] = [];
  layers.forEach((layer, at) => {
    if (groups.length === 0 || isWeight(layer)) groups.push([at]);
    else groups.at(-1)?.push(at);
  });
  const weighted = groups.filter(([first]) => isWeight(layers[first as number] as LayerSpec)).length;
  let hidden = 0;
  return groups.map((group) => {
    const specs = group.map((at) => ({ at, layer: layers[at] as LayerSpec }));
    const weight = specs.find(({ layer }) => isWeight(layer))?.at;
    const passing = specs.filter(({ layer }) => layer.kind !== 'dropout' && layer.kind !== 'flatten');
    if (weight !== undefined) hidden++;
    return {
      name: weight === undefined ? 'input' : hidden === weighted ? 'output' : `hidden ${hidden}`,
      layers: group,
      weight,
      norm: specs.find(({ layer }) => isNorm(layer))?.at,
      output: (passing.at(-1) ?? specs.at(-1))?.at as number,
    };
  });
}

/** A name for every layer: 'hidden 2 · linear', 'hidden 2 · BN', 'output · linear'; a second one of a kind is numbered. */
export function layerNames(layers: readonly LayerSpec[]): readonly string[] {
  return blocksOf(layers).flatMap(({ name, layers: group }) => {
    const kinds = group.map((at) => kindName(layers[at] as LayerSpec));
    return kinds.map((kind, at) => {
      const before = kinds.slice(0, at).filter((other) => other === kind).length;
      return `${name} · ${kind}${before === 0 ? '' : ` ${before + 1}`}`;
    });
  });
}

/** The blocks' names of all arms, in order; the arms need not be equally deep. */
export function blockNames(arms: readonly (readonly Block[])[]): readonly string[] {
  const longest = arms.reduce((most, blocks) => (blocks.length > most.length ? blocks : most), []);
  const names = new Set(longest.map(({ name }) => name));
  const missing = arms.flat().map(({ name }) => name);
  // An input block, where only a shallower arm has one, stands before the rest.
  return [...new Set([...missing.filter((name) => name === 'input'), ...names, ...missing])];
}
