import type { HttpChecks, HttpRequest, HttpResult } from '../../engine/ports/hooks.ts'
import { pause, throwIfAborted } from '../../lib/throw-if-aborted.ts'
import { withDeadline } from '../../lib/with-deadline.ts'
import { debug } from '../../output/debug-log.ts'

const firstPauseMs = 200
const longestPauseMs = 2000

/** Asks addresses whether they answer as they should. */
export function createHttpChecks(): HttpChecks {
  return { check: checkUrl }
}

/** Asks until the wanted status comes or the retries are used up; redirects are answers, and are not followed. */
async function checkUrl(request: HttpRequest, signal: AbortSignal): Promise<HttpResult> {
  if (!/^https?:\/\//i.test(request.url) || !URL.canParse(request.url)) return { result: 'invalid_url' }
  for (let attempt = 1; ; attempt += 1) {
    const result = await askOnce(request, attempt, signal)
    debug('hooks', () => `GET ${new URL(request.url).host}, attempt ${attempt}: ${describeResult(result)}`)
    const isWanted = result.result === 'answered' && result.status === request.status
    if (isWanted || attempt > request.retries) return result
    await pause(Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1)), signal)
  }
}

function describeResult(result: HttpResult): string {
  switch (result.result) {
    case 'answered':
      return `status ${result.status}`
    case 'unreachable':
      return result.code
    default:
      return result.result
  }
}

async function askOnce(request: HttpRequest, attempts: number, signal: AbortSignal): Promise<HttpResult> {
  return withDeadline(signal, request.timeoutMs, bounded => askUntil(request, attempts, signal, bounded))
}

async function askUntil(
  request: HttpRequest,
  attempts: number,
  signal: AbortSignal,
  bounded: AbortSignal,
): Promise<HttpResult> {
  const { url, headers } = splitCredentials(request.url)
  try {
    const response = await fetch(url, { headers, redirect: 'manual', signal: bounded })
    await response.body?.cancel()
    return { result: 'answered', status: response.status, attempts }
  } catch (error) {
    throwIfAborted(signal)
    if (bounded.aborted) return { result: 'timed_out', attempts }
    return { result: 'unreachable', code: codeOf(error), attempts }
  }
}

/** `fetch` refuses addresses with a user in them; the header says the same. */
function splitCredentials(address: string): { readonly url: URL; readonly headers: Record<string, string> } {
  const url = new URL(address)
  if (url.username === '' && url.password === '') return { url, headers: {} }
  const user = `${decode(url.username)}:${decode(url.password)}`
  url.username = ''
  url.password = ''
  return { url, headers: { authorization: `Basic ${Buffer.from(user).toString('base64')}` } }
}

/** A percent sign that begins no escape is taken as it stands. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** What the system said is a cause or two deep, inside an error that only says that fetching failed. */
function codeOf(error: unknown): string {
  let at: unknown = error
  while (at instanceof Error) {
    if ('code' in at && typeof at.code === 'string') return at.code
    if (at instanceof AggregateError && at.errors.length > 0) at = at.errors[0]
    else at = at.cause
  }
  return 'unknown'
}
