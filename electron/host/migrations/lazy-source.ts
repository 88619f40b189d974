import type { MigrationSource } from '../../engine/ports/migration-source.ts'

/** A source that is opened by the first question to it, and closed only where somebody has asked. */
export function createLazySource(open: () => Promise<MigrationSource>): MigrationSource {
  let opened: Promise<MigrationSource> | null = null
  const source = (): Promise<MigrationSource> => {
    opened ??= open().catch((error: unknown) => {
      opened = null
      throw error
    })
    return opened
  }
  return {
    describe: async (...args) => (await source()).describe(...args),
    readHeads: async (...args) => (await source()).readHeads(...args),
    findVersionTable: async (...args) => (await source()).findVersionTable(...args),
    verifyApplied: async (...args) => (await source()).verifyApplied(...args),
    planSteps: async (...args) => (await source()).planSteps(...args),
    planDowngrade: async (...args) => (await source()).planDowngrade(...args),
    migrate: async (...args) => (await source()).migrate(...args),
    close: async () => (await opened)?.close(),
  }
}
