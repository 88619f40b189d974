import type { HookFacts } from '../../config/hook-facts.ts'

/** Facts that a smoke test's executable gets as one JSON document on its standard input. No secrets. */
export interface SmokeHookFacts {
  readonly runId: string
  readonly group: string
  /** The tenants that the hook is asked about: all of the group, or one. */
  readonly tenants: readonly {
    readonly tenant: string
    readonly cluster: string
    readonly database: string
  }[]
}

export interface HookRequest {
  /** The executable and its arguments; no shell reads them. */
  readonly command: readonly string[]
  readonly facts: HookFacts | SmokeHookFacts
  readonly timeoutMs: number
}

/** How a hook ended, with the end of what it wrote (secrets removed). */
export type HookResult =
  | {
      readonly status: 'exited'
      readonly exitCode: number
      readonly stdout: string
      readonly stderr: string
    }
  | {
      readonly status: 'killed'
      readonly signal: string
      readonly stdout: string
      readonly stderr: string
    }
  | { readonly status: 'timed_out'; readonly stdout: string; readonly stderr: string }
  /** `code` is the operating system's word, such as `ENOENT`. */
  | { readonly status: 'not_started'; readonly code: string }

/** Runs a user's own executable as a check. */
export interface HookRunner {
  /** Resolves when nothing of the hook is left running. */
  run(request: HookRequest, signal: AbortSignal): Promise<HookResult>
}

export interface HttpRequest {
  readonly url: string
  readonly status: number
  readonly timeoutMs: number
  /** How often to ask again after an answer that is not the wanted one. */
  readonly retries: number
}

/** The last answer of an address, after all retries. */
export type HttpResult =
  | { readonly result: 'answered'; readonly status: number; readonly attempts: number }
  | { readonly result: 'timed_out'; readonly attempts: number }
  /** `code` is the operating system's word, such as `ECONNREFUSED`. */
  | { readonly result: 'unreachable'; readonly code: string; readonly attempts: number }
  | { readonly result: 'invalid_url' }

/** Asks a service of the team whether it is healthy. */
export interface HttpChecks {
  check(request: HttpRequest, signal: AbortSignal): Promise<HttpResult>
}
