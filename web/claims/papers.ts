/** The papers and books that claims come from or are judged by, as they are cited. */
export interface Paper {
  /** “Ioffe & Szegedy 2015” */
  short: string;
  title: string;
  /** “arXiv:1502.03167”, or a publisher. */
  where: string;
  link: string;
}

const arxiv = (short: string, title: string, number: string): Paper => ({
  short,
  title,
  where: `arXiv:${number}`,
  link: `https://arxiv.org/abs/${number}`,
});

export const PAPERS = {
  ioffe2015: arxiv(
    'Ioffe & Szegedy 2015',
    'Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift',
    '1502.03167',
  ),
  ba2016: arxiv('Ba, Kiros & Hinton 2016', 'Layer Normalization', '1607.06450'),
  mishkin2016: arxiv(
    'Mishkin, Sergievskiy & Matas 2016',
    'Systematic evaluation of CNN advances on the ImageNet',
    '1606.02228',
  ),
  goodfellow2016: {
    short: 'Goodfellow, Bengio & Courville 2016',
    title: 'Deep Learning, section 8.7.1',
    where: 'MIT Press',
    link: 'https://www.deeplearningbook.org/contents/optimization.html',
  },
  keskar2017: arxiv(
    'Keskar et al. 2017',
    'On Large-Batch Training for Deep Learning: Generalization Gap and Sharp Minima',
    '1609.04836',
  ),
  ioffe2017: arxiv(
    'Ioffe 2017',
    'Batch Renormalization: Towards Reducing Minibatch Dependence in Batch-Normalized Models',
    '1702.03275',
  ),
  hoffer2017: arxiv(
    'Hoffer, Hubara & Soudry 2017',
    'Train longer, generalize better: closing the generalization gap in large batch training of neural networks',
    '1705.08741',
  ),
  vanlaarhoven2017: arxiv(
    'van Laarhoven 2017',
    'L2 Regularization versus Batch and Weight Normalization',
    '1706.05350',
  ),
  hoffer2018: arxiv(
    'Hoffer, Banner, Golan & Soudry 2018',
    'Norm matters: efficient and accurate normalization schemes in deep networks',
    '1803.01814',
  ),
  wuhe2018: arxiv('Wu & He 2018', 'Group Normalization', '1803.08494'),
  santurkar2018: arxiv(
    'Santurkar, Tsipras, Ilyas & Mądry 2018',
    'How Does Batch Normalization Help Optimization?',
    '1805.11604',
  ),
  bjorck2018: arxiv(
    'Bjorck, Gomes, Selman & Weinberger 2018',
    'Understanding Batch Normalization',
    '1806.02375',
  ),
  arora2018: arxiv(
    'Arora, Li & Lyu 2018',
    'Theoretical Analysis of Auto Rate-Tuning by Batch Normalization',
    '1812.03981',
  ),
  li2018: arxiv(
    'Li, Chen, Hu & Yang 2018',
    'Understanding the Disharmony between Dropout and Batch Normalization by Variance Shift',
    '1801.05134',
  ),
  luo2018: arxiv(
    'Luo, Wang, Shao & Peng 2018',
    'Towards Understanding Regularization in Batch Normalization',
    '1809.00846',
  ),
  yang2019: arxiv(
    'Yang, Pennington, Rao, Sohl-Dickstein & Schoenholz 2019',
    'A Mean Field Theory of Batch Normalization',
    '1902.08129',
  ),
  summers2019: arxiv(
    'Summers & Dinneen 2019',
    'Four Things Everyone Should Know to Improve Batch Normalization',
    '1906.03548',
  ),
  daneshmand2020: arxiv(
    'Daneshmand, Kohler, Bach, Hofmann & Lucchi 2020',
    'Batch Normalization Provably Avoids Rank Collapse for Randomly Initialised Deep Networks',
    '2003.01652',
  ),
  frankle2020: arxiv(
    'Frankle, Schwab & Morcos 2020',
    'Training BatchNorm and Only BatchNorm: On the Expressive Power of Random Features in CNNs',
    '2003.00152',
  ),
  awais2020: {
    short: 'Awais, Iqbal & Bae 2020',
    title: 'Revisiting Internal Covariate Shift for Batch Normalization',
    where: 'IEEE Transactions on Neural Networks and Learning Systems',
    link: 'https://doi.org/10.1109/TNNLS.2020.3026784',
  },
  wujohnson2021: arxiv('Wu & Johnson 2021', 'Rethinking “Batch” in BatchNorm', '2105.07576'),
} as const satisfies Record<string, Paper>;

export type PaperKey = keyof typeof PAPERS;
