import { defineConfig } from 'vitest/config'

/** `unit` needs nothing but Node; `real` needs PostgreSQL, Python or a built command line. */
export default defineConfig({
  test: {
    reporters: process.env.CI ? ['verbose'] : ['default'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.real.test.ts', '**/node_modules/**'],
        },
      },
      {
        test: {
          name: 'real',
          include: ['test/**/*.real.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
      { test: { name: 'bench', include: ['test/bench/**/*.bench.ts'], maxWorkers: 1 } },
    ],
  },
})
