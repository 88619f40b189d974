import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import type { ComposeProject } from '../../electron/compose/nodes/compose-project.ts'
import { parseDockerConfig } from '../../electron/compose/parse-docker-config.ts'

/** A folder of Compose files and how the project in it is opened. */
export interface ComposeCase {
  readonly name: string
  readonly folder: string
  /** Absolute paths; null: those that Compose chooses. */
  readonly files: readonly string[] | null
  readonly profiles: readonly string[]
  readonly projectName: string | null
  /** Absolute paths; null: the `.env` that Compose finds. */
  readonly envFiles: readonly string[] | null
  /** Everything that the project may see of an environment; nothing of this machine. */
  readonly environment: Readonly<Record<string, string>>
}

const fixtures = join(import.meta.dirname, '..', 'fixtures')
const caseFile = z.strictObject({
  files: z.array(z.string()).optional(),
  profiles: z.array(z.string()).optional(),
  projectName: z.string().optional(),
  envFiles: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
})
const run = promisify(execFile)

/** The cases below `test/fixtures/<kind>`, in the order of their numbers. */
export function listComposeCases(kind: 'compose' | 'compose-wrong'): readonly ComposeCase[] {
  return readdirSync(join(fixtures, kind))
    .sort()
    .map(name => readCase(name, join(fixtures, kind, name)))
}

/** What a case is expected to give; the folder's own path is written `/project` there. */
export function readExpected({ folder }: ComposeCase): unknown {
  return JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as unknown
}

/** A project as it is kept: the case's folder is `/project` in every text, and disabled services are sorted. */
export function withoutPlace(project: ComposeProject, { folder }: ComposeCase): unknown {
  const sorted = { ...project, disabledServices: [...project.disabledServices].sort() }
  const inJson = JSON.stringify(folder).slice(1, -1)
  return JSON.parse(JSON.stringify(sorted).replaceAll(inJson, () => '/project')) as unknown
}

/** What Docker's own Compose makes of a case, the services that no profile enables included. */
export async function askDockerCompose(wanted: ComposeCase): Promise<ComposeProject> {
  const answers = [runCompose(wanted, wanted.profiles), runCompose(wanted, ['*'])] as const
  const [enabled, all] = (await Promise.all(answers)).map(parseDockerConfig)
  if (!enabled || !all) throw new Error('two questions have two answers')
  const disabledServices = Object.keys(all.services).filter(name => !(name in enabled.services))
  return { ...enabled, disabledServices }
}

async function runCompose(wanted: ComposeCase, profiles: readonly string[]): Promise<string> {
  const { stdout } = await run(
    'docker',
    [
      'compose',
      ...(wanted.files ?? []).flatMap(file => ['--file', file]),
      ...(wanted.projectName === null ? [] : ['--project-name', wanted.projectName]),
      ...(wanted.envFiles ?? []).flatMap(file => ['--env-file', file]),
      ...profiles.flatMap(profile => ['--profile', profile]),
      'config',
      '--format',
      'json',
    ],
    {
      cwd: wanted.folder,
      // Where the client finds Compose: the home of a case is nobody's.
      env: {
        PATH: process.env.PATH,
        DOCKER_CONFIG: process.env.DOCKER_CONFIG ?? join(homedir(), '.docker'),
        ...wanted.environment,
      },
    },
  )
  return stdout
}

function readCase(name: string, folder: string): ComposeCase {
  const file = join(folder, 'case.json')
  const written = caseFile.parse(existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {})
  return {
    name,
    folder,
    files: written.files?.map(path => join(folder, path)) ?? null,
    profiles: written.profiles ?? [],
    projectName: written.projectName ?? null,
    envFiles: written.envFiles?.map(path => join(folder, path)) ?? null,
    environment: { HOME: '/home/someone', ...written.environment },
  }
}
