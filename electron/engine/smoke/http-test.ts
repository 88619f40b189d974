import type { SmokeSettings } from '../../settings/policy.ts'
import { judgeHttpAnswer } from '../checks/judge-http-answer.ts'
import type { SmokeTest } from '../checks/smoke-test.ts'

/** Makes a smoke test of an address that must answer with a status. */
export function createHttpTest(settings: SmokeSettings['http'][number]): SmokeTest {
  return {
    name: `http:${settings.name}`,
    momentary: true,
    async judge({ http }, signal) {
      const { url, status, retries } = settings
      const result = await http.check(
        { url, status, retries, timeoutMs: settings.timeoutSeconds * 1000 },
        signal,
      )
      return judgeHttpAnswer(settings, result)
    },
  }
}
