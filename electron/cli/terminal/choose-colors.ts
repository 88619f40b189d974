import type { TerminalStream } from './terminal-stream.ts'

/** What decides about colours. */
export interface ColorChoice {
  readonly stream: TerminalStream
  readonly env: Readonly<Record<string, string | undefined>>
  /** `--color` and `--no-color`; null when neither was given. */
  readonly flag: boolean | null
}

/** Says whether a stream is written in colour: flags first, then NO_COLOR, FORCE_COLOR, and what the stream is. */
export function shouldColor({ stream, env, flag }: ColorChoice): boolean {
  if (flag !== null) return flag
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0'
  return stream.isTTY === true && env.TERM !== 'dumb'
}
