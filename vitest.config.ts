import { defineConfig } from 'vitest/config';

const slow = [
  'test/long/**',
  'test/browser/**',
  'test/systemd/**',
  'test/daemon/**',
  'test/incidents/**',
  'test/properties/**',
];
/** What deals with the processes, ports and tools of a host. */
const withHost = [
  'test/host/**/*.test.ts',
  'test/actions/**/*.test.ts',
  'test/install/**/*.test.ts',
  'test/init/**/*.test.ts',
];

/** One project for each thing a machine must have: nothing, patience, a Chromium, a systemd. One after the other. */
export default defineConfig({
  test: {
    // Processes, not threads: tests set umask and working folder, and a crash takes one file down only.
    pool: 'forks',
    reporters: ['default', './scripts/closing-line.ts'],
    testTimeout: 10_000,
    hookTimeout: 20_000,
    teardownTimeout: 5_000,
    // `npm run coverage`. On its way to 100: raised with the tests that are added, never lowered.
    coverage: {
      provider: 'v8',
      include: ['src/core/**/*.ts'],
      reporter: ['text-summary', ['text', { skipFull: true }]],
      reportsDirectory: 'coverage',
      thresholds: { branches: 93 },
    },
    projects: [
      {
        extends: true,
        // A worker takes one file after the other: a fresh one for each would take longer than most files do.
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...slow, ...withHost],
          isolate: false,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        // Real processes, mostly waited for: one worker more than cores.
        test: { name: 'host', include: withHost, isolate: false, maxWorkers: 3, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        // Runs the real program, so it is built first.
        test: {
          name: 'daemon',
          include: ['test/daemon/**/*.test.ts'],
          testTimeout: 120_000,
          globalSetup: './test/helpers/ensure-built.ts',
          // One more than cores: these tests wait more than they compute.
          maxWorkers: 3,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        // Stories that mostly wait, told side by side; some of them in a box.
        test: {
          name: 'incidents',
          include: ['test/incidents/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          globalSetup: './test/helpers/ensure-built.ts',
          maxWorkers: 2,
          sequence: { groupOrder: 6 },
        },
      },
      {
        extends: true,
        test: {
          name: 'long',
          // Properties hold for a few random stories in the unit tests, and for many here.
          include: ['test/long/**/*.test.ts', 'test/**/*.property.test.ts'],
          exclude: ['test/properties/**'],
          env: { PROPERTY_RUNS: '200' },
          testTimeout: 120_000,
          maxWorkers: 1,
          sequence: { groupOrder: 5 },
        },
      },
      {
        extends: true,
        // Many short random histories of the judge, half of them on each of two cores.
        test: {
          name: 'properties',
          include: ['test/properties/**/*.test.ts'],
          isolate: false,
          testTimeout: 3_600_000,
          maxWorkers: '100%',
          sequence: { groupOrder: 6 },
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 60_000,
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        // One box at a time: each boots a whole system.
        test: {
          name: 'systemd',
          include: ['test/systemd/**/*.test.ts'],
          testTimeout: 60_000,
          globalSetup: './test/helpers/ensure-built.ts',
          maxWorkers: 1,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
