import { type ReadConfig, readConfig } from '../../config/parse-config.ts'

/** Where things are plays no part in how they are done by default. */
const anyProject =
  'version: 1\nservers: [{ name: primary }]\ntenants: { databases: "*" }\nmigrations: { sql: {} }\n'

/** The policy where nothing is configured. */
export function readDefaultPolicy(): ReadConfig {
  return readConfig(anyProject, 'lockstep.yml', { env: () => undefined, file: () => undefined })
}
