import type { GateAnswer } from '../../../shared/plan/verdict.ts'
import { assertNever } from '../../../shared/text/assert-never.ts'
import { countOf } from '../../../shared/text/plain-words.ts'
import type { SmokeSettings } from '../../settings/policy.ts'
import type { HttpResult } from '../ports/hooks.ts'

type HttpSettings = Pick<SmokeSettings['http'][number], 'name' | 'url' | 'status' | 'timeoutSeconds'>

/** What an address's last answer means. */
export function judgeHttpAnswer(settings: HttpSettings, result: HttpResult): GateAnswer {
  const address = describeAddress(settings.url)
  const threshold = `status ${settings.status} within ${settings.timeoutSeconds} s`
  const say = (
    verdict: GateAnswer['verdict'],
    value: string,
    attempts: number,
    remedy: string,
  ): GateAnswer => ({
    verdict,
    value,
    threshold,
    evidence: [{ fact: `${address}: ${value} (${countOf(attempts, 'attempt')})` }],
    remedy,
  })
  switch (result.result) {
    case 'answered': {
      const isWanted = result.status === settings.status
      const remedy = isWanted ? '' : `Look at the log of the service behind ${address}.`
      return say(isWanted ? 'passed' : 'failed', `status ${result.status}`, result.attempts, remedy)
    }
    case 'timed_out':
      return say(
        'inconclusive',
        'no answer in time',
        result.attempts,
        'Look whether the service hangs, or raise timeoutSeconds.',
      )
    case 'unreachable':
      return say(
        'failed',
        `cannot be reached (${result.code})`,
        result.attempts,
        'Start the service, or correct its url.',
      )
    case 'invalid_url':
      return {
        verdict: 'failed',
        value: 'not a URL',
        threshold,
        evidence: [],
        remedy: `Correct the url of ${settings.name}.`,
      }
    default:
      return assertNever(result)
  }
}

/** An address without what may be secret in it: user, password, query and fragment. */
function describeAddress(url: string): string {
  if (!URL.canParse(url)) return 'the address'
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}
