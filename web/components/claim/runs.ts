import { type Badge, badgeOf, type Judged } from '../../claims/badge.ts';
import type { Claim } from '../../claims/claim.ts';
import { type CheckRef, evidenceOf, partsOf, studiesOf } from '../../claims/evidence.ts';
import { isUnchanged, seedsOf, UNCHANGED } from '../../claims/link.ts';
import type { ClaimSetting } from '../../protocol/claim-setting.ts';
import { jobsOf, type StudyProgress } from '../../claims/progress.ts';
import type { ReportedCheck } from '../../claims/report.ts';
import { judgeStudy, loadStudies, runStudy, sharedStudyPool, type StudyPool } from '../../client/studies.ts';
import {
  formatSetting,
  parseSetting,
  type StudyDefinition,
  type StudyRecord,
  type StudySetting,
  type StudyVerdict,
} from '../../protocol/studies.ts';

/** How a study is to be run for a claim. */
export interface StudyPlan {
  study: StudyDefinition;
  setting: StudySetting;
  seeds: readonly number[];
}

/** What has been measured of a study with one setting; claims that agree on both share it. */
interface Measured {
  records: Map<number, StudyRecord>;
  /** How long the engine computed: what a run waited for while its figure was out of sight says nothing of what is left. */
  milliseconds: number;
  /** By the seeds they are of. */
  verdicts: Map<string, readonly StudyVerdict[]>;
}

/** Tells that something about claims has changed; `studies` says which of them it may concern, undefined any. */
export class RunsEvent extends Event {
  constructor(readonly studies: readonly string[] | undefined) {
    super('bn-runs');
  }
}

export interface RunOptions {
  signal: AbortSignal;
  /** After every seed, and once at the start. */
  onProgress?: (progress: readonly StudyProgress[]) => void;
  /** What to wait for before each seed, if anything. */
  ready?: () => Promise<void> | undefined;
}

/**
 * What has been run for the claims of a page, and with which settings. A study that several claims use is run once; what was
 * measured stays until the page is left, so that a run which was cancelled goes on where it stopped.
 */
export class ClaimRuns extends EventTarget {
  readonly pool: StudyPool;
  readonly #measured = new Map<string, Measured>();
  readonly #settings = new Map<string, ClaimSetting>();
  /** By claim, since the last change. */
  readonly #badges = new Map<string, Badge>();
  #studies: ReadonlyMap<string, StudyDefinition> | undefined;

  constructor(pool: StudyPool = sharedStudyPool()) {
    super();
    this.pool = pool;
  }

  /** Of the engine; undefined before `load`. */
  get studies(): ReadonlyMap<string, StudyDefinition> | undefined {
    return this.#studies;
  }

  /** Fetches the definitions. Rejects with a sentence for the visitor where no engine can be had. */
  async load(): Promise<void> {
    if (this.#studies) return;
    const all = await loadStudies(this.pool);
    if (this.#studies) return;
    this.#studies = new Map(all.map((study) => [study.id, study]));
    this.#tell();
  }

  settingOf(claim: Claim): ClaimSetting {
    return this.#settings.get(claim.id) ?? UNCHANGED;
  }

  /** From now on the claim's studies are run like this; throws a RangeError that says what cannot be. */
  choose(claim: Claim, setting: ClaimSetting): void {
    if (this.#studies) this.#plans(claim, setting);
    if (isUnchanged(setting)) this.#settings.delete(claim.id);
    else this.#settings.set(claim.id, setting);
    this.#tell(studiesOf(claim));
  }

  /** How the studies of a claim are run; empty before the definitions are there. */
  plansOf(claim: Claim): readonly StudyPlan[] {
    return this.#plans(claim, this.settingOf(claim));
  }

  #plans(claim: Claim, setting: ClaimSetting): readonly StudyPlan[] {
    const used = studiesOf(claim);
    const stranger = Object.keys(setting.studies).find((id) => !used.includes(id));
    if (stranger) throw new RangeError(`${claim.id} does not use ${stranger}; it uses ${used.join(', ')}.`);
    if (!this.#studies) return [];
    return used.flatMap((id) => {
      const study = this.#studies!.get(id);
      if (!study) return [];
      return [
        {
          study,
          setting: parseSetting(study, setting.studies[id] ?? ''),
          seeds: seedsOf(setting, study.seeds),
        },
      ];
    });
  }

  /** Those seeds of a plan that have run, in their order. */
  recordsOf(plan: StudyPlan): readonly StudyRecord[] {
    const { records } = this.#of(plan);
    return plan.seeds.flatMap((seed) => records.get(seed) ?? []);
  }

  /** Undefined while not all seeds have run. */
  verdictsOf(plan: StudyPlan): readonly StudyVerdict[] | undefined {
    return this.#of(plan).verdicts.get(plan.seeds.join());
  }

  /** The checks of a claim that have run, as they came out, those for it first. */
  checksOf(claim: Claim): readonly ReportedCheck[] {
    const plans = new Map(this.plansOf(claim).map((plan) => [plan.study.id, plan]));
    const evidence = evidenceOf(claim);
    const checked = (side: ReportedCheck['side'], refs: readonly CheckRef[]) =>
      refs.flatMap((ref): ReportedCheck[] => {
        const { study: id, check: name } = partsOf(ref);
        const plan = plans.get(id);
        const index = plan?.study.checks.findIndex((check) => check.name === name) ?? -1;
        const verdict = plan && this.verdictsOf(plan)?.[index];
        if (!plan || !verdict) return [];
        return [
          {
            ref,
            side,
            check: plan.study.checks[index]!,
            verdict,
            setting: formatSetting(plan.study, plan.setting),
            seeds: plan.seeds,
            numbers: this.recordsOf(plan).map(({ numbers }) => numbers[index]!),
          },
        ];
      });
    return [...checked('for', evidence.for), ...checked('against', evidence.against)];
  }

  badgeOf(claim: Claim): Badge {
    let badge = this.#badges.get(claim.id);
    if (badge === undefined) this.#badges.set(claim.id, (badge = this.#findBadge(claim)));
    return badge;
  }

  #findBadge(claim: Claim): Badge {
    const evidence = evidenceOf(claim);
    const came = new Map(
      this.checksOf(claim).map(({ ref, check, verdict }) => [
        ref,
        { kind: check.kind, decision: verdict.decision },
      ]),
    );
    const judged = (refs: readonly CheckRef[]): Judged => refs.map((ref) => came.get(ref));
    return badgeOf(judged(evidence.for), judged(evidence.against));
  }

  /**
   * Runs what is missing of the claims' studies on all workers; those whose time is measured afterwards, alone. Rejects with
   * the signal's reason, or when the engine refuses; what ran until then stays.
   */
  async run(
    claims: readonly Claim[],
    { signal, onProgress, ready = () => undefined }: RunOptions,
  ): Promise<void> {
    await this.load();
    signal.throwIfAborted();
    const plans = merged(claims.flatMap((claim) => this.plansOf(claim)));
    const together = plans.filter(({ study }) => !study.timed);
    const alone = plans.filter(({ study }) => study.timed);
    const progress = () => onProgress?.(plans.map((plan) => this.progressOf(plan)));
    progress();

    const failed = new AbortController();
    const either = AbortSignal.any([signal, failed.signal]);
    const seed = async (plan: StudyPlan, number: number) => {
      const measured = this.#of(plan);
      // Another run may have come to it meanwhile.
      if (!measured.records.has(number)) {
        const onRecord = (record: StudyRecord, milliseconds: number) => {
          measured.milliseconds += milliseconds;
          measured.records.set(number, record);
        };
        const { study, setting } = plan;
        await runStudy(study, { setting, seeds: [number], signal: either, onRecord, ready }, this.pool);
      }
      progress();
      await this.#judge(plan.study.id, claims);
    };
    const jobs = jobsOf(
      together.map((plan) => ({ seeds: plan.seeds, has: (n) => this.#of(plan).records.has(n) })),
    );
    let next = 0;
    const lane = async () => {
      while (next < jobs.length) {
        const job = jobs[next++]!;
        await seed(together[job.study]!, job.seed);
      }
    };
    try {
      await Promise.all(Array.from({ length: Math.max(1, this.pool.workers) }, lane));
      for (const plan of alone) for (const number of plan.seeds) await seed(plan, number);
      for (const { study } of plans) await this.#judge(study.id, claims);
    } finally {
      // The other lanes stop with the one that failed.
      failed.abort();
    }
  }

  progressOf(plan: StudyPlan): StudyProgress {
    const { records, milliseconds } = this.#of(plan);
    const done = plan.seeds.filter((number) => records.has(number)).length;
    const each = records.size > 0 ? milliseconds / records.size : 0;
    return { done, total: plan.seeds.length, milliseconds: done * each };
  }

  /** Judges the plans of a study whose last seed has come, and says so. */
  async #judge(id: string, claims: readonly Claim[]): Promise<void> {
    const plans = claims
      .filter((claim) => studiesOf(claim).includes(id))
      .flatMap((claim) => this.plansOf(claim))
      .filter(({ study }) => study.id === id);
    let judged = false;
    for (const plan of plans) {
      const records = this.recordsOf(plan);
      const { verdicts } = this.#of(plan);
      const key = plan.seeds.join();
      if (verdicts.has(key) || records.length < plan.seeds.length) continue;
      verdicts.set(key, await judgeStudy(plan.study, records, this.pool));
      judged = true;
    }
    if (judged) this.#tell([id]);
  }

  #of({ study, setting }: StudyPlan): Measured {
    const key = `${study.id} ${formatSetting(study, setting)}`;
    let measured = this.#measured.get(key);
    if (!measured)
      this.#measured.set(key, (measured = { records: new Map(), milliseconds: 0, verdicts: new Map() }));
    return measured;
  }

  #tell(studies?: readonly string[]): void {
    this.#badges.clear();
    this.dispatchEvent(new RunsEvent(studies));
  }
}

/** One plan for each study and setting, with the seeds of all. */
function merged(plans: readonly StudyPlan[]): readonly StudyPlan[] {
  const byKey = new Map<string, StudyPlan>();
  for (const plan of plans) {
    const key = `${plan.study.id} ${formatSetting(plan.study, plan.setting)}`;
    const seeds = new Set([...(byKey.get(key)?.seeds ?? []), ...plan.seeds]);
    byKey.set(key, { ...plan, seeds: [...seeds].toSorted((a, b) => a - b) });
  }
  return [...byKey.values()];
}

let shared: ClaimRuns | undefined;

/** Those of the page's claims. */
export function sharedRuns(): ClaimRuns {
  return (shared ??= new ClaimRuns());
}
