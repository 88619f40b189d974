import { runProgram } from '../../programs/run-program.ts'

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
  /** There is no `docker`, it has no Compose, or it did not answer in time. */
  | { readonly kind: 'absent' }
  /** It does not accept the files. */
  | { readonly kind: 'refused'; readonly message: string }

/** Asks `docker compose config` for the project as Docker itself reads it; needs no daemon. */
export async function askCompose(question: ComposeQuestion, signal: AbortSignal): Promise<ComposeAnswer> {
  const { projectDirectory: folder, environment, timeoutMs } = question
  const command = { area: 'docker', program: 'docker', args: listArguments(question) } as const
  const { code, stdout, stderr } = await runProgram(command, { folder, environment, timeoutMs }, signal)
  return code === null ? { kind: 'absent' } : judge(code, { stdout, stderr: stderr.slice(-longestComplaint) })
}

const longestComplaint = 8_192

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
  code: number,
  { stdout, stderr }: { readonly stdout: string; readonly stderr: string },
): ComposeAnswer {
  if (code === 0) return { kind: 'answered', json: stdout }
  // A client without the plugin takes `compose`, or the first of its options, for a mistake of the caller.
  const isUnknown = /unknown (command|flag|shorthand)|is not a docker command/i.test(stderr)
  return isUnknown ? { kind: 'absent' } : { kind: 'refused', message: stderr.trim() }
}
