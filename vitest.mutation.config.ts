import { defineConfig } from 'vitest/config';

/**
 * The quick tests of the rules that are mutated: Stryker runs those that reach a mutant once for each mutant.
 * What starts a real table or plays hours of random faults is left out: it takes seconds each time, and a mutant that
 * only it would kill counts as a survivor.
 */
export default defineConfig({
  test: {
    include: [
      'test/alerts/{describe,escalation-story,holds-story,receive-signal}.test.ts',
      'test/escalation/*.test.ts',
      'test/paging/{count-storm,delivery-report,failed-sends,in-turn,reachability-marks}.test.ts',
      'test/holds/{inhibition,windows}.test.ts',
      'test/model/{alert-life,escalation-moments,storm-count}.test.ts',
    ],
    env: {
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      // Each mutant meets the same first stories; `npm test` tells more of them.
      MODEL_RUNS: '100',
    },
    testTimeout: 30_000,
  },
});
