import { defineConfig } from 'vitest/config';

const limits = { testTimeout: 30_000, hookTimeout: 60_000 };

/** The bundles run on Node 24; that this laptop's is older is no news to whoever runs the tests. */
const env = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

export default defineConfig({
  test: {
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'parts',
          include: ['test/**/*.test.ts'],
          exclude: ['test/lib/**', 'test/scenarios/**', 'test/security/**'],
          env,
          ...limits,
        },
      },
      {
        test: {
          name: 'stacks',
          include: ['test/lib/**/*.test.ts'],
          // The files of one worker share the CDK, which takes seconds to load.
          isolate: false,
          env,
          ...limits,
        },
      },
      {
        test: {
          name: 'scenarios',
          include: ['test/scenarios/**/*.test.ts', 'test/security/**/*.test.ts'],
          globalSetup: 'test/support/scenario-setup.ts',
          // The files of one worker share the bundles that were compiled for the first.
          isolate: false,
          env,
          ...limits,
          testTimeout: 60_000,
        },
      },
    ],
  },
});
