import { type LaunchOptions, parseLaunchOptions } from '../host/processes/launch-options.ts'

/** What a command line, a link or a file asks to be shown. */
export interface OpenRequest {
  /** An address of the dashboard, such as `#/runs/01K...`. */
  readonly hash: string | null
  /** The log of a run from elsewhere. */
  readonly file: string | null
}

/** The options that `lockstep open` gives as one argument of JSON; without it, those of a start by a click. */
export function readLaunchOptions(argv: readonly string[]): LaunchOptions {
  return parseLaunchOptions(argv.find(argument => argument.startsWith('{')) ?? '{}')
}

/** What the operating system's own arguments ask for: a deep link, or a file that was dropped on the icon. */
export function readOpenRequest(argv: readonly string[]): OpenRequest {
  const hash = argv.map(parseDeepLink).find(found => found !== null) ?? null
  const file = argv.find(argument => !argument.startsWith('-') && /\.(jsonl|ndjson)$/i.test(argument)) ?? null
  return { hash, file }
}

/** `lockstep://run/<id>` leads to that run. A link comes from anywhere: it navigates, and is strictly this or nothing. */
export function parseDeepLink(link: string): string | null {
  const runId = /^lockstep:\/\/run\/([0-9A-HJKMNP-TV-Z]{26})\/?$/.exec(link)?.[1]
  return runId === undefined ? null : `#/runs/${runId}`
}

/** Says whether a text is an address inside the dashboard. */
export function isHash(text: string): boolean {
  return /^#\/[\w\-./?&=%+,:*]*$/.test(text)
}
