import { spawn } from 'node:child_process'
import { withDeadline } from '../../lib/with-deadline.ts'
import { debugProcess } from '../../programs/debug-process.ts'

/** What is asked of Docker's own Compose. */
export interface ComposeQuestion {
  readonly files: readonly string[]
  readonly projectDirectory: string
  readonly projectName: string | null
  readonly envFiles: readonly string[] | null
  readonly profiles: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly timeoutMs: number
}

export type ComposeAnswer =
  | { readonly kind: 'answered'; readonly json: string }
  /** There is no `docker`, or it has no Compose. */
  | { readonly kind: 'absent' }
  /** It does not accept the files, or did not answer in time. */
  | { readonly kind: 'refused'; readonly message: string }

/** Asks `docker compose config` for the project as Docker itself reads it; needs no daemon. */
export async function askCompose(question: ComposeQuestion, signal: AbortSignal): Promise<ComposeAnswer> {
  return withDeadline(signal, question.timeoutMs, stop => askUntil(question, stop))
}

async function askUntil(question: ComposeQuestion, stop: AbortSignal): Promise<ComposeAnswer> {
  if (stop.aborted) return { kind: 'absent' }
  return new Promise(resolve => {
    const args = listArguments(question)
    const child = spawn('docker', args, {
      cwd: question.projectDirectory,
      env: question.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      signal: stop,
      killSignal: 'SIGKILL',
    })
    debugProcess('docker', child, 'docker', args)
    const printed = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed.stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      printed.stderr = (printed.stderr + text).slice(-8_192)
    })
    child.once('error', () => resolve({ kind: 'absent' }))
    child.once('close', code => resolve(judge(code, printed)))
  })
}

function listArguments(question: ComposeQuestion): readonly string[] {
  const { files, projectDirectory, projectName, envFiles, profiles } = question
  return [
    'compose',
    '--project-directory',
    projectDirectory,
    ...files.flatMap(file => ['--file', file]),
    ...(projectName === null ? [] : ['--project-name', projectName]),
    ...(envFiles ?? []).flatMap(file => ['--env-file', file]),
    ...profiles.flatMap(profile => ['--profile', profile]),
    'config',
    '--format',
    'json',
  ]
}

function judge(
  code: number | null,
  { stdout, stderr }: { readonly stdout: string; readonly stderr: string },
): ComposeAnswer {
  if (code === 0) return { kind: 'answered', json: stdout }
  // A client without the plugin takes `compose`, or the first of its options, for a mistake of the caller.
  const isUnknown = /unknown (command|flag|shorthand)|is not a docker command/i.test(stderr)
  return isUnknown ? { kind: 'absent' } : { kind: 'refused', message: stderr.trim() }
}
