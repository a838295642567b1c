import { defineConfig } from 'vitest/config';
import type { TestSequencer, TestSpecification } from 'vitest/node';

/**
 * The quick tests of what is mutated: Stryker runs those that reach a mutant once for each mutant, in this order, and
 * stops at the first that fails. What starts a server or plays hours of random faults is left out: it takes seconds each
 * time, and a mutant that only it would kill counts as a survivor.
 */
const TESTS = [
  'test/escalation/escalation-policy.test.ts',
  'test/escalation/decide-contacts.test.ts',
  'test/paging/slot.test.ts',
  'test/paging/in-turn.test.ts',
  'test/paging/failed-sends.test.ts',
  'test/paging/reachability-marks.test.ts',
  'test/paging/delivery-report.test.ts',
  'test/paging/reachability.test.ts',
  'test/watchers/judge-alert.test.ts',
  'test/watchers/judge-slot.test.ts',
  'test/paging/count-storm.test.ts',
  'test/alerts/alert-draft.test.ts',
  'test/alerts/alert-pages.test.ts',
  'test/alerts/settle-pages.test.ts',
  'test/alerts/answer-alert.test.ts',
  'test/alerts/alert-holds.test.ts',
  'test/alerts/advance-alert.test.ts',
  'test/alerts/policy-of-a-deploy.test.ts',
  'test/alerts/review-holds.test.ts',
  'test/alerts/members.test.ts',
  'test/alerts/timeline.test.ts',
  'test/alerts/receive-signal.test.ts',
  'test/holds/windows.test.ts',
  'test/alerts/holds-story.test.ts',
  'test/alerts/escalation-story.test.ts',
  'test/alerts/describe.test.ts',
  'test/holds/inhibition.test.ts',
  'test/model/escalation-moments.test.ts',
  'test/model/storm-count.test.ts',
  'test/model/alert-life.test.ts',
  'test/alerts/change-alert.test.ts',
  'test/paging/delivery-feedback.test.ts',
  'test/paging/waiting-pages.test.ts',
  'test/paging/send-pages.test.ts',
  'test/paging/settle-told.test.ts',
  'test/paging/take-slot-turn.test.ts',
  'test/paging/storm-turn.test.ts',
];

class AsListed implements TestSequencer {
  shard(files: TestSpecification[]): TestSpecification[] {
    return files;
  }

  sort(files: TestSpecification[]): TestSpecification[] {
    const placeOf = ({ moduleId }: TestSpecification) => TESTS.findIndex((file) => moduleId.endsWith(file));
    return [...files].sort((a, b) => placeOf(a) - placeOf(b));
  }
}

export default defineConfig({
  test: {
    include: TESTS,
    sequence: { sequencer: AsListed },
    // One process loads the rules once for all of these files: none of them keeps anything.
    isolate: false,
    env: {
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      // The stores are the real ones, on the table that test/local/dynamodb/differential.test.ts holds to dynalite.
      TEST_TABLES: 'memory',
      // Each mutant meets the same first stories; `npm test` tells more of them.
      MODEL_RUNS: '20',
      // That it fails is enough: nobody reads how.
      MODEL_END_ON_FAILURE: 'true',
    },
    testTimeout: 30_000,
  },
});
