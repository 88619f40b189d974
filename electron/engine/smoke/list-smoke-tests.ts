import type { SmokeSettings } from '../../settings/policy.ts'
import type { SmokeTest } from '../checks/smoke-test.ts'
import { createHookTest } from './hook-test.ts'
import { createHttpTest } from './http-test.ts'
import { createIsolationTest } from './isolation-test.ts'
import { schemaClassesTest } from './schema-classes-test.ts'
import { createTenantAnswersTest } from './tenant-answers-test.ts'

/** Every smoke test of a project, in the order in which they run: ours, then the team's own. */
export function listSmokeTests(settings: SmokeSettings): readonly SmokeTest[] {
  return [
    schemaClassesTest,
    ...(settings.isolation ? [createIsolationTest()] : []),
    createTenantAnswersTest(settings.queries),
    ...settings.http.map(createHttpTest),
    ...settings.hooks.map(createHookTest),
  ]
}
