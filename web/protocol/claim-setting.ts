/** How a claim's studies are to be run, as far as it differs from how they are defined. */
export interface ClaimSetting {
  /** By study, as `formatSetting` of studies.ts writes it: “lr=0.5;points=1,2”. */
  studies: Readonly<Record<string, string>>;
  /** How many seeds; left out: as many as each study has by default. */
  seeds?: number;
  firstSeed: number;
}
