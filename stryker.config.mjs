/** Mutation testing of the rules of alerts, escalation, paging and their audit: which change of a rule would no quick test notice? */

/** Rules, and the use cases that page; not adapters, handlers, ports, or words for people. */
const MUTATED = [
  'functions/escalation/*.ts',
  'functions/paging/{slot,storm,in-turn,reachability,reachability-marks}.ts',
  'functions/paging/{delivery-report,delivery-feedback,failed-sends}.ts',
  'functions/paging/{send-pages,take-slot-turn,waiting-pages,settle-told}.ts',
  'functions/watchers/{judge-alert,judge-slot,mend-alert}.ts',
  'functions/alerts/!(describe-*|*.store|*.reader).ts',
];

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: MUTATED,
  // Most strings are words for people or names that the compiler already holds to a closed list; where a rule compares
  // with one, the comparison itself is mutated.
  mutator: { excludedMutations: ['StringLiteral'] },
  // What runs once, while a file loads, has no test of its own: each such mutant would need the whole suite.
  ignoreStatic: true,
  testRunner: 'vitest',
  vitest: { configFile: 'vitest.mutation.config.ts', related: false },
  coverageAnalysis: 'perTest',
  concurrency: 1,
  // Only an endless loop is to count as killed by time, not a busy machine: this, and four times what its tests take.
  timeoutMS: 20_000,
  timeoutFactor: 4,
  disableTypeChecks: '{functions,test}/**/*.ts',
  // Stryker's rewriting of it needs the API of TypeScript 6; ours names no file outside the project.
  tsconfigFile: 'none.json',
  ignorePatterns: ['cdk.out', 'dist', '.tocsin', 'coverage', 'docs', 'examples'],
  // Not in node_modules: Vitest takes what lies there for a package, and does not compile it.
  tempDirName: 'coverage/stryker',
  // `--incremental` tests again what has changed since the run before, and what has survived.
  incrementalFile: 'node_modules/.cache/stryker/incremental.json',
  reporters: ['clear-text', 'json', 'progress-append-only'],
  clearTextReporter: { allowColor: false, reportTests: false },
  jsonReporter: { fileName: 'node_modules/.cache/stryker/mutation.json' },
  thresholds: { high: 95, low: 90, break: 90 },
};
