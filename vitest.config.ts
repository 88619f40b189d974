import { availableParallelism } from 'node:os'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { FileOrder } from './test/support/order-files.ts'

const browserTests = 'test/{dashboard,desktop,renderer,web}/**/*.real.test.ts'
const processors = Math.max(2, availableParallelism())

/**
 * `unit` needs nothing but Node; `browser` needs Chromium; `real` needs PostgreSQL, Docker, Python or a built command line;
 * Servers and containers are waited for half of the time, so that more files run at once than there are processors.
 * `soak` repeats the demo for long. One after another: a browser drops what it fetches when a container's network comes or goes.
 */
export default defineConfig({
  test: {
    sequence: { sequencer: FileOrder },
    // What a source becomes is kept by its content: the next run reads it instead of making it again.
    experimental: { fsModuleCache: true, fsModuleCachePath: '.cache/vitest' },
    reporters: process.env.CI ? ['verbose'] : ['default'],
    projects: [
      {
        plugins: [react()],
        test: {
          name: 'unit',
          sequence: { groupOrder: 0 },
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/**/*.real.test.ts', '**/node_modules/**'],
          css: { modules: { classNameStrategy: 'non-scoped' } },
          // A process per file, and in each the whole of the product to load again, was more than half of the time.
          isolate: false,
          maxWorkers: processors,
          // Where CI asks for colours there would be some, in whatever file happens to load them first.
          env: { NO_COLOR: '1' },
          // No measure of anything: a property of a thousand cases takes long where the machine has other work.
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'browser',
          sequence: { groupOrder: 1 },
          include: [browserTests],
          globalSetup: ['test/support/build-once.ts', 'test/support/probe-machine.ts'],
          testTimeout: 480_000,
          hookTimeout: 480_000,
          maxWorkers: processors,
        },
      },
      {
        test: {
          name: 'real',
          sequence: { groupOrder: 2 },
          include: ['test/**/*.real.test.ts'],
          exclude: [browserTests, '**/node_modules/**'],
          globalSetup: [
            'test/support/build-once.ts',
            'test/support/docker-engine.ts',
            'test/support/probe-machine.ts',
          ],
          testTimeout: 480_000,
          hookTimeout: 480_000,
          maxWorkers: processors + 1,
        },
      },
      {
        test: {
          name: 'soak',
          sequence: { groupOrder: 3 },
          include: ['test/**/*.soak.ts'],
          globalSetup: ['test/support/build-once.ts', 'test/support/probe-machine.ts'],
          testTimeout: 240_000,
          maxWorkers: 1,
        },
      },
      {
        test: {
          name: 'bench',
          sequence: { groupOrder: 4 },
          include: ['test/bench/**/*.bench.ts'],
          globalSetup: ['test/support/build-once.ts', 'test/support/docker-engine.ts'],
          maxWorkers: 1,
        },
      },
    ],
  },
})
