import { defineConfig } from 'vitest/config';

const limits = { testTimeout: 30_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    maxWorkers: '100%',
    projects: [
      { test: { name: 'parts', include: ['test/**/*.test.ts'], exclude: ['test/scenarios/**'], ...limits } },
      {
        test: {
          name: 'scenarios',
          include: ['test/scenarios/**/*.test.ts'],
          globalSetup: 'test/support/scenario-setup.ts',
          // The files of one worker share the bundles that were compiled for the first.
          isolate: false,
          ...limits,
          testTimeout: 60_000,
        },
      },
    ],
  },
});
